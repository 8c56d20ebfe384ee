/** Whether a pipeline has anything that GitLab may refuse; cheap, for it is asked after every keystroke. */
import type { Entry } from '../../syntax/tree.js';
import { type Definition, type GitlabConfig, GLOBAL_KEYS } from './config.js';
import { parentsOf } from './extends.js';
import type { Part } from './includes.js';
import { isPlain } from './site-key.js';
import { isNull } from './values.js';
import { writtenIn } from './written.js';

export function looksOdd(config: GitlabConfig): boolean {
  return (
    oldDefaults(config).length > 0 ||
    config.parts.some(hasOddNodes) ||
    hasLostParents(config) ||
    hasLostScripts(config) ||
    noJobs(config).length > 0
  );
}

function hasLostScripts(config: GitlabConfig): boolean {
  for (const [name, definitions] of config.jobs) {
    if (name.startsWith('.')) continue;
    if (blankScript(definitions) || isWithoutScript(config, definitions)) return true;
  }
  return false;
}

/** What makes a job of a map, or may bring it in. Source: gitlabhq lib/gitlab/ci/config/entry/jobs.rb, job.rb, bridge.rb. */
const JOB_KEYS: ReadonlySet<string> = new Set(['script', 'run', 'trigger', 'needs', 'extends', '<<']);

/** Whether no file gives the job anything to run. */
export function isWithoutScript(config: GitlabConfig, definitions: readonly Definition[]): boolean {
  return definitions.every(({ entry: { value } }) => {
    const map = value && config.resolve(value);
    return map?.kind === 'map' && map === value && !map.entries.some(({ key }) => JOB_KEYS.has(key.text));
  });
}

/** The script that the job's last file gives it, where that is written and empty. */
export function blankScript(definitions: readonly Definition[]): Entry | undefined {
  const map = definitions.at(-1)?.entry.value;
  const entry = map?.kind === 'map' ? map.entries.findLast(({ key }) => key.text === 'script') : undefined;
  const node = entry?.value;
  const blank =
    !node ||
    isNull(node) ||
    (node.kind === 'scalar' && node.text.trim() === '') ||
    (node.kind === 'seq' && node.items.length === 0);
  return blank && node?.tag === undefined ? entry : undefined;
}

/** Keys at the top that are neither keywords nor jobs, as they are no maps. One without a value may get one; `$schema` is for editors. */
export function noJobs({ parts, jobs, resolve }: GitlabConfig): readonly Entry[] {
  return parts.flatMap(part => {
    if (!('source' in part) || part.condition !== undefined) return [];
    return part.source.entries.filter(({ key: { text: name }, value }) => {
      if (jobs.has(name) || GLOBAL_KEYS.has(name) || /^[.$]|^<<$|\$\[\[/.test(name)) return false;
      const node = value && resolve(value);
      return node !== undefined && node.kind !== 'map' && node.tag === undefined && !isNull(node);
    });
  });
}

/** Source: gitlabhq lib/gitlab/ci/config/entry/default.rb, entries with `inherit: true`. */
const OLD_DEFAULTS = ['image', 'services', 'before_script', 'after_script', 'cache'];

/** The old keys at the top that stand beside `default:`, which may not set the same ones. */
export function oldDefaults({ globals }: GitlabConfig): readonly string[] {
  return globals.has('default') ? OLD_DEFAULTS.filter(key => globals.has(key)) : [];
}

function hasOddNodes(part: Part): boolean {
  if (!('source' in part)) return false;
  return part.source.tree.documents.some(({ blocks }) =>
    blocks.some(({ root }) => {
      const found = root && writtenIn(root);
      if (!found) return false;
      const { references, dates, nestedServices, oddWords, oddScript, oddShape } = found;
      return references.length + dates.length > 0 || nestedServices || oddWords || oddScript || oddShape;
    }),
  );
}

function hasLostParents(config: GitlabConfig): boolean {
  for (const name of config.jobs.keys()) {
    if (!isPlain(config, name) && parentsOf(config, name).some(({ text }) => !config.jobs.has(text)))
      return true;
  }
  return false;
}
