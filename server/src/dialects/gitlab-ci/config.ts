/** The parts of a GitLab CI file: global keys, jobs by name, and what is written elsewhere. */
import type { Block, Entry, Node, Tree, TreeDocument } from '../../syntax/tree.js';
import {
  doubtful,
  type Fields,
  isNull,
  mergeFields,
  type Reading,
  readFields,
  type Value,
} from './values.js';

/**
 * Top-level keys that are no jobs.
 * Source: gitlabhq doc/ci/yaml (global keywords, and the old global forms of `default:`).
 */
const GLOBAL_KEYS: ReadonlySet<string> = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'spec',
  'types',
  'cache',
  'image',
  'services',
  'before_script',
  'after_script',
]);

/** A GitLab CI file taken apart. `gaps` says why parts of its jobs may be written where we cannot see. */
export interface GitlabConfig extends Reading {
  readonly jobs: ReadonlyMap<string, Entry>;
  readonly globals: ReadonlyMap<string, Entry>;
  readonly gaps: readonly string[];
  /** The root node of every block, for those that look into a block as a whole. */
  readonly roots: ReadonlyMap<Block, Node>;
  /** Jobs as parents of others, worked out once. */
  readonly parents: Map<string, EffectiveJob | undefined>;
}

export function readConfig(path: string, tree: Tree): GitlabConfig {
  const jobs = new Map<string, Entry>();
  const globals = new Map<string, Entry>();
  for (const entry of contentOf(tree)?.entries ?? []) {
    const name = entry.key.text;
    if (GLOBAL_KEYS.has(name)) globals.set(name, entry);
    else if (tree.resolve(entry.value ?? entry.key)?.kind === 'map') jobs.set(name, entry);
  }
  const roots = new Map<Block, Node>();
  for (const { block, root } of contentOf(tree)?.blocks ?? []) if (root) roots.set(block, root);
  const gaps = [...includeGaps(tree, globals.get('include')), ...taintGaps(tree)];
  return { path, tree, jobs, globals, roots, gaps, merged: new Map(), parents: new Map() };
}

/** A first document with `spec:` only declares inputs; the pipeline is the next one. */
export function contentOf(tree: Tree): TreeDocument | undefined {
  const [first, second] = tree.documents;
  return first?.entries.some(entry => entry.key.text === 'spec') && second ? second : first;
}

function includeGaps(tree: Tree, include: Entry | undefined): readonly string[] {
  if (!include) return [];
  const node = include.value && tree.resolve(include.value);
  if (node && isNull(node)) return [];
  const items = node?.kind === 'seq' ? node.items : node ? [node] : [];
  const names = items.map(item => includeName(tree, item)).filter(name => name !== '');
  return items.length === 0 ? [] : [`it includes ${names.slice(0, 3).join(', ') || 'other files'}`];
}

function includeName(tree: Tree, item: Node): string {
  const node = tree.resolve(item);
  if (node?.kind === 'scalar') return node.text;
  if (node?.kind !== 'map') return '';
  for (const key of ['local', 'file', 'remote', 'template', 'component', 'project', 'artifact']) {
    const value = node.entries.find(entry => entry.key.text === key)?.value;
    if (value?.kind === 'scalar') return value.text;
  }
  return '';
}

/** A block that does not parse may be anything, so what it holds cannot be called absent. */
function taintGaps(tree: Tree): readonly string[] {
  const broken = (contentOf(tree)?.blocks ?? []).filter(({ block }) => tree.isTainted(block));
  const doubtful = broken.some(({ root }) => {
    const key = root?.kind === 'map' ? root.entries[0]?.key.text : undefined;
    return key === undefined || GLOBAL_KEYS.has(key);
  });
  return doubtful ? ['a part of the file cannot be read'] : [];
}

/** A job after `extends`, with the names of parents that are not in view. */
export interface EffectiveJob {
  readonly fields: Fields;
  readonly missing: readonly string[];
}

/** GitLab refuses deeper chains. Source: gitlabhq lib/gitlab/ci/config/extendable/entry.rb, MAX_NESTING_LEVELS. */
const MAX_EXTENDS = 10;

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
  const entry = config.jobs.get(name);
  const node = entry?.value && config.tree.resolve(entry.value);
  if (node?.kind !== 'map') return undefined;
  const how = trail.length === 0 ? { way: 'own' as const } : { way: 'extends' as const, from: name };
  const own = readFields(config, node, how);
  let base: Fields = new Map();
  const missing: string[] = [];
  for (const parent of extendsOf(config, own.get('extends'))) {
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
  return { fields: mergeFields(base, own), missing };
}

export function unseenParent(name: string): string {
  return `it extends ${name}, which is not in this file`;
}

/** Names in `extends:`, a string or a list. */
export function extendsOf(reading: Reading, value: Value | undefined): readonly string[] {
  const node = value?.node;
  if (node?.kind === 'scalar') return isNull(node) ? [] : [node.text];
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(item => {
    const resolved = reading.tree.resolve(item);
    return resolved?.kind === 'scalar' ? [resolved.text] : [];
  });
}
