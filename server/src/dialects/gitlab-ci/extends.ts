/** Merges jobs with those that they extend. */
import type { Node, ScalarNode } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import { type Definition, type EffectiveJob, type GitlabConfig, jobFields, jobGaps } from './config.js';
import { isPlain } from './site-key.js';
import { doubtful, type Fields, isNull, mergeFields, type Reading, type Value } from './values.js';

/** So many ancestors a job may have. Source: gitlabhq lib/gitlab/ci/config/extendable/entry.rb, MAX_NESTING_LEVELS. */
const MAX_EXTENDS = 11;

/** Merges a job with all that it extends; later parents win over earlier ones, the job over all. */
export function effectiveJob(
  config: GitlabConfig,
  name: string,
  trail: readonly string[] = [],
): EffectiveJob | undefined {
  if (trail.length === 0) return mergeJob(config, name, trail);
  // Chains multiply; a parent is the same for all that extend it, except on the way round a circle.
  if (trail.includes(name) || trail.length > MAX_EXTENDS) return undefined;
  if (config.parents.has(name)) return config.parents.get(name);
  const job = mergeJob(config, name, trail);
  config.parents.set(name, job);
  return job;
}

function mergeJob(config: GitlabConfig, name: string, trail: readonly string[]): EffectiveJob | undefined {
  const how = trail.length === 0 ? { way: 'own' as const } : { way: 'extends' as const, from: name };
  const own = jobFields(config, name, how);
  if (!own) return undefined;
  let base: Fields = new Map();
  const missing: string[] = [];
  for (const parent of parentNames(config, name, own.get('extends'))) {
    const job = effectiveJob(config, parent, [...trail, name]);
    if (!job) {
      missing.push(parent);
      // It wins over the parents named before it.
      base = doubtful(base, unseenParent(parent));
    } else {
      base = mergeFields(base, job.fields);
      missing.push(...job.missing);
    }
  }
  // The same job written out of view may set what its parents bring, or have others.
  const doubts = [own.get('extends')?.doubt ?? [], ...jobGaps(config, name)].flat();
  if (doubts.length > 0) base = doubtful(base, [...new Set(doubts)].join('; '));
  return { fields: mergeFields(base, own), missing };
}

export function unseenParent(name: string): string {
  return `it extends ${name}, which is not in view`;
}

/** Names in `extends:`, a string or a list. */
export function extendsOf(reading: Reading, value: Value | undefined): readonly string[] {
  return value ? namesIn(reading, value.node).map(({ text }) => text) : [];
}

function namesIn(reading: Reading, node: Node): readonly ScalarNode[] {
  if (node.kind === 'scalar') return isNull(node) ? [] : [node];
  if (node.kind !== 'seq') return [];
  return node.items.flatMap(item => {
    const resolved = reading.resolve(item);
    return resolved?.kind === 'scalar' ? [resolved] : [];
  });
}

/** Jobs that extend each other in a circle, one problem for each circle; GitLab makes no pipeline then. */
export function extendsCycles(config: GitlabConfig): readonly Problem[] {
  const done = new Set<string>();
  const found: Problem[] = [];
  for (const name of config.jobs.keys()) {
    const problem = isPlain(config, name) ? undefined : cycleFrom(config, name, done);
    if (problem) found.push(problem);
  }
  return found;
}

/** Chains can be longer than the stack is deep, so the way is kept by hand. */
function cycleFrom(config: GitlabConfig, start: string, done: Set<string>): Problem | undefined {
  if (done.has(start)) return undefined;
  const parents = parentsOf(config, start);
  if (parents.length === 0) return undefined;
  let found: Problem | undefined;
  const way = new Map([[start, parents.values()]]);
  const trail = [start];
  for (let name = trail.at(-1); name !== undefined; name = trail.at(-1)) {
    const { value: parent, done: end } = way.get(name)?.next() ?? { done: true };
    if (end || !parent) {
      done.add(name);
      way.delete(name);
      trail.pop();
    } else if (way.has(parent.text)) {
      found ??= circle(config, [...trail.slice(trail.indexOf(parent.text)), parent.text], parent);
    } else if (!done.has(parent.text) && config.jobs.has(parent.text)) {
      way.set(parent.text, parentsOf(config, parent.text).values());
      trail.push(parent.text);
    }
  }
  return found;
}

/** The names that a job extends, as the last file that says so writes them. */
export function parentsOf(config: GitlabConfig, name: string): readonly ScalarNode[] {
  for (const definition of config.jobs.get(name)?.toReversed() ?? []) {
    const names = writtenParents(config, definition);
    if (names) return names;
  }
  return [];
}

function writtenParents(config: GitlabConfig, { entry }: Definition): readonly ScalarNode[] | undefined {
  const map = entry.value && config.resolve(entry.value);
  const written = map?.kind === 'map' ? map.entries.find(({ key }) => key.text === 'extends') : undefined;
  const node = written?.value && config.resolve(written.value);
  return node && namesIn(config, node);
}

/** The names that a job extends; where it is in doubt which, those of every file that says so. */
function parentNames(config: GitlabConfig, name: string, value: Value | undefined): readonly string[] {
  const names = extendsOf(config, value);
  if (value?.doubt === undefined) return names;
  const written = (config.jobs.get(name) ?? []).flatMap(one => writtenParents(config, one) ?? []);
  return [...new Set([...written.map(({ text }) => text), ...names])];
}

function circle(config: GitlabConfig, names: readonly string[], node: ScalarNode): Problem {
  const shown = names.length > 6 ? [...names.slice(0, 3), '…', ...names.slice(-2)] : names;
  return {
    id: 'extends-cycle',
    place: config.place(node),
    message: `Jobs extend each other in a circle (${shown.join(' → ')}), so GitLab makes no pipeline.`,
  };
}
