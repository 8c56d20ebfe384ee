/** Fills the keys that a job does not have from `default:` and the old global keys. */
import type { GitlabConfig } from './config.js';
import { followReference } from './references.js';
import { doubtful, type Fields, isNull, readFields, readValue, type Value } from './values.js';

/** Where a value that the job does not state comes from. */
interface Defaults {
  readonly fields: Fields;
  readonly inherit: (key: string) => boolean;
}

/** Keys that `default:` can fill. Source: gitlabhq doc/ci/yaml, `default`; a job's key replaces it as a whole. */
const DEFAULT_KEYS = ['image', 'services', 'before_script', 'after_script', 'tags'];

export function defaultsOf(config: GitlabConfig, job: Fields): Defaults {
  const fields = new Map<string, Value>();
  for (const key of DEFAULT_KEYS) {
    const old = config.globals.get(key);
    const value =
      key === 'tags'
        ? undefined
        : readValue(config, old?.value, { way: 'global', ...(old ? { entry: old } : {}) });
    if (value) fields.set(key, value);
  }
  const node = config.globals.get('default')?.value;
  const map = node && followReference(config, node);
  if (map?.kind === 'map')
    for (const [key, value] of readFields(config, map, { way: 'default' })) fields.set(key, value);
  return { fields, inherit: inherits(job.get('inherit')?.fields?.get('default')) };
}

/** `inherit: default: false`, or the list of keys to take. */
export function inherits(value: Value | undefined): (key: string) => boolean {
  const node = value?.node;
  if (node?.kind === 'scalar') return () => node.text !== 'false';
  if (node?.kind !== 'seq') return () => true;
  const names = new Set(node.items.map(item => (item.kind === 'scalar' ? item.text : '')));
  return key => names.has(key);
}

/** `doubt` says why something out of view may set what the job leaves out. */
export function withDefaults(job: Fields, defaults: Defaults, doubt: string | undefined): Fields {
  const fields = new Map(job);
  const filled = doubt === undefined ? defaults.fields : doubtful(defaults.fields, doubt);
  for (const key of DEFAULT_KEYS) {
    const value = filled.get(key);
    const own = job.get(key);
    if (value && defaults.inherit(key) && (!own || isNull(own.node))) fields.set(key, value);
  }
  return fields;
}
