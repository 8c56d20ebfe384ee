/** Fills the keys that a job does not have from `default:` and the old global keys. */
import { type GitlabConfig, globalValue } from './config.js';
import { dereference } from './references.js';
import type { Source } from './sources.js';
import { doubtful, type Fields, isNull, type Value } from './values.js';

/** Where a value that the job does not state comes from. */
interface Defaults {
  readonly fields: Fields;
  readonly inherit: (key: string) => boolean;
  /** Why it may be inherited otherwise. */
  readonly doubt: string | undefined;
}

/** Keys that `default:` can fill. Source: gitlabhq doc/ci/yaml, `default`; a job's key replaces it as a whole. */
const DEFAULT_KEYS = ['image', 'services', 'before_script', 'after_script', 'tags'];

export function defaultsOf(config: GitlabConfig, job: Fields, beside: readonly Source[]): Defaults {
  const fields = new Map<string, Value>();
  for (const key of DEFAULT_KEYS) {
    const value = key === 'tags' ? undefined : globalValue(config, key, 'global', beside);
    if (value) fields.set(key, value);
  }
  const map = dereference(config, globalValue(config, 'default', 'default', beside));
  for (const [key, value] of map?.fields ?? []) fields.set(key, { ...value, way: 'default' });
  const inherit = job.get('inherit')?.fields?.get('default');
  return { fields, inherit: inherits(inherit), doubt: inherit?.doubt };
}

/** `inherit: default: false`, or the list of keys to take; anything where that is in doubt. */
export function inherits(value: Value | undefined): (key: string) => boolean {
  if (value?.doubt !== undefined) return () => true;
  const node = value?.node;
  if (node?.kind === 'scalar') return () => node.text !== 'false';
  if (node?.kind !== 'seq') return () => true;
  const names = new Set(node.items.map(item => (item.kind === 'scalar' ? item.text : '')));
  return key => names.has(key);
}

/** `gaps` says why something out of view may set a key that the job leaves out. */
export function withDefaults(
  job: Fields,
  defaults: Defaults,
  gaps: (key: string) => readonly string[],
): Fields {
  const fields = new Map(job);
  for (const key of DEFAULT_KEYS) {
    const value = defaults.fields.get(key);
    const own = job.get(key);
    if (!value || !defaults.inherit(key) || (own && !isNull(own.node))) continue;
    const why = [...gaps(key), own?.doubt ?? [], defaults.doubt ?? []].flat().join('; ');
    fields.set(key, why === '' ? value : (doubtful(new Map([[key, value]]), why).get(key) ?? value));
  }
  return fields;
}
