/** A pipeline with all its files: global keys, jobs by name, and what is written out of view. */
import { type Place, placeOf } from '../../model/known.js';
import type { Block, Entry, Node, Tree } from '../../syntax/tree.js';
import type { Problem, Unit } from '../dialect.js';
import { closureOf, type Gap, type Part } from './includes.js';
import { resolveIn, type Source } from './sources.js';
import {
  doubtful,
  type Fields,
  mergeFields,
  type Reading,
  readFields,
  readValue,
  type Value,
} from './values.js';

/**
 * Top-level keys that are no jobs.
 * Source: gitlabhq doc/ci/yaml (global keywords, and the old global forms of `default:`).
 */
export const GLOBAL_KEYS: ReadonlySet<string> = new Set([
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

/** One place at which a top-level key is written. Several files may write the same one; they are merged. */
export interface Definition {
  readonly entry: Entry;
  readonly source: Source;
  /** Why what comes later in the order of merging may replace it. */
  readonly later: readonly Gap[];
  /** Why it may be left out. */
  readonly condition: string | undefined;
}

/** A job after `extends`, with the names of parents that are not in view. */
export interface EffectiveJob {
  readonly fields: Fields;
  readonly missing: readonly string[];
}

/** A pipeline taken apart. */
export interface GitlabConfig extends Reading {
  /** Jobs by name, in the order of merging: the last one wins. */
  readonly jobs: ReadonlyMap<string, readonly Definition[]>;
  readonly globals: ReadonlyMap<string, readonly Definition[]>;
  /** Why parts of it may be written where we cannot see. */
  readonly gaps: readonly Gap[];
  readonly problems: readonly Problem[];
  /** Its files and what is missing between them, in the order of merging. */
  readonly parts: readonly Part[];
  /** The root nodes of every block, one for each time that its file is included. */
  readonly roots: ReadonlyMap<Block, readonly Node[]>;
  /** Changes with all that blocks do not show: gaps, inputs, which file comes when. */
  readonly key: string;
  isTainted(block: Block): boolean;
  /** Global keys as all files together write them, worked out once. */
  readonly merges: Map<string, { readonly value: Value | undefined }>;
  /** Jobs as parents of others, worked out once. */
  readonly parents: Map<string, EffectiveJob | undefined>;
}

export function readConfig(unit: Unit): GitlabConfig {
  const { parts, problems } = closureOf(unit);
  const sources = parts.flatMap(part => ('source' in part ? [part.source] : []));
  const owners = new Map<Block, Source>();
  for (const source of sources)
    for (const { blocks } of source.tree.documents) for (const { block } of blocks) owners.set(block, source);
  const reading = readingOf(unit, owners);
  const jobs = new Map<string, Definition[]>();
  const globals = new Map<string, Definition[]>();
  parts.forEach((part, i) => {
    if (!('source' in part)) return;
    const later = gapsIn(parts.slice(i));
    // Of a key that a file has twice, Ruby keeps the last.
    const entries = new Map(part.source.entries.map(entry => [entry.key.text, entry]));
    for (const entry of entries.values()) {
      const name = entry.key.text;
      const isJob = !GLOBAL_KEYS.has(name) && reading.resolve(entry.value ?? entry.key)?.kind === 'map';
      if (!isJob && !GLOBAL_KEYS.has(name)) continue;
      const table = isJob ? jobs : globals;
      const made = { entry, source: part.source, later, condition: part.condition };
      const others = table.get(name);
      if (others) others.push(made);
      else table.set(name, [made]);
    }
  });
  const gaps = [...gapsIn(parts), ...sources.flatMap(taintGaps)];
  return {
    ...reading,
    jobs,
    globals,
    gaps,
    problems,
    parts,
    roots: rootsOf(sources),
    key: [...gaps.map(({ why }) => why), ...parts.map(keyOf)].join('|'),
    isTainted: block => owners.get(block)?.tree.isTainted(block) ?? false,
    merged: new Map(),
    merges: new Map(),
    parents: new Map(),
  };
}

function readingOf(unit: Unit, owners: ReadonlyMap<Block, Source>): Omit<Reading, 'merged'> {
  const treeOf = (block: Block): Tree => owners.get(block)?.tree ?? unit.tree;
  return {
    resolve: node => (node.kind === 'alias' ? resolveIn(treeOf(node.block), node) : node),
    place(node): Place {
      const block = 'block' in node ? node.block : node.key.block;
      return placeOf(owners.get(block)?.path ?? unit.path, node);
    },
  };
}

function rootsOf(sources: readonly Source[]): ReadonlyMap<Block, readonly Node[]> {
  const roots = new Map<Block, Node[]>();
  for (const { blocks } of sources) {
    for (const { block, root } of blocks) {
      const known = roots.get(block);
      // Without inputs, each inclusion gives the same nodes.
      if (root && !known) roots.set(block, [root]);
      else if (root && !known?.includes(root)) known?.push(root);
    }
  }
  return roots;
}

function gapsIn(parts: readonly Part[]): readonly Gap[] {
  return parts.flatMap(part => ('gap' in part ? [part.gap] : []));
}

function keyOf(part: Part): string {
  if ('gap' in part) return '-';
  const { path, inputs, includedAt: at } = part.source;
  return `${path}(${inputs})${at ? `@${at.block.id}:${at.start}` : ''}${part.condition ?? ''}`;
}

/** A block that does not parse may be anything, so what it holds cannot be called absent. */
function taintGaps({ blocks, tree, path }: Source): readonly Gap[] {
  const broken = blocks.filter(({ block }) => tree.isTainted(block));
  const open = broken.some(({ root }) => {
    const key = root?.kind === 'map' ? root.entries[0]?.key.text : undefined;
    return key === undefined || GLOBAL_KEYS.has(key);
  });
  return open ? [{ why: `a part of ${path} cannot be read` }] : [];
}

/** Why a job may have more keys than can be seen. */
export function jobGaps(config: GitlabConfig, job: string): readonly string[] {
  return reasons(config.gaps.filter(({ holds }) => !holds || holds.jobs.has(job)));
}

/** Why a global key, or a key of `default:`, may be set where we cannot see. */
export function globalGaps(gaps: readonly Gap[], key: string): readonly string[] {
  return reasons(gaps.filter(({ holds }) => !holds || holds.globals.has(key)));
}

/** Why a global variable may be set where we cannot see. */
export function variableGaps(gaps: readonly Gap[], name: string): readonly string[] {
  return reasons(gaps.filter(({ holds }) => !holds || holds.variables.has(name)));
}

function reasons(gaps: readonly Gap[]): readonly string[] {
  return [...new Set(gaps.map(({ why }) => why))];
}

/** The fields of a job as all files together write it, before `extends`. */
export function jobFields(
  config: GitlabConfig,
  name: string,
  how: { readonly way: 'own' | 'extends'; readonly from?: string },
): Fields | undefined {
  const definitions = config.jobs.get(name);
  if (!definitions) return undefined;
  const only = definitions.length === 1;
  let fields: Fields = new Map();
  for (const { entry, later, condition } of definitions) {
    const node = entry.value && config.resolve(entry.value);
    if (node?.kind !== 'map') continue;
    const own = readFields(config, node, how);
    // A file that may be left out takes the jobs that only it holds with it.
    const why = [
      ...reasons(later.filter(({ holds }) => !holds || holds.jobs.has(name))),
      ...(condition === undefined || only ? [] : [condition]),
    ];
    const sure = why.length > 0 ? doubtful(own, why.join('; ')) : own;
    fields = fields.size > 0 ? mergeFields(fields, sure) : sure;
  }
  return fields;
}

/** The value of a global key as all files together write it. `beside` are files whose conditions count as met. */
export function globalValue(
  config: GitlabConfig,
  key: string,
  way: 'default' | 'global',
  beside: readonly Source[] = [],
): Value | undefined {
  // Mostly no condition takes a part of it away, so that it is the same for all jobs.
  if (beside.length > 0 && config.globals.get(key)?.some(({ condition }) => condition !== undefined))
    return mergedGlobal(config, key, way, beside);
  const known = config.merges.get(`${way} ${key}`);
  if (known) return known.value;
  const value = mergedGlobal(config, key, way, []);
  config.merges.set(`${way} ${key}`, { value });
  return value;
}

function mergedGlobal(
  config: GitlabConfig,
  key: string,
  way: 'default' | 'global',
  beside: readonly Source[],
): Value | undefined {
  let merged: Value | undefined;
  for (const { entry, later, condition, source } of config.globals.get(key) ?? []) {
    const value = readValue(config, entry.value ?? entry.key, { way, entry });
    if (!value || !entry.value) continue;
    const left = condition === undefined || beside.includes(source) ? [] : [condition];
    const now =
      key === 'variables' && value.fields
        ? { ...value, fields: eachDoubted(value.fields, name => [...variableGaps(later, name), ...left]) }
        : doubted(value, [...globalGaps(later, key), ...left]);
    merged = merged?.fields && now.fields ? { ...now, fields: mergeFields(merged.fields, now.fields) } : now;
  }
  return merged;
}

function doubted(value: Value, why: readonly string[]): Value {
  if (why.length === 0) return value;
  const doubt = why.join('; ');
  return { ...value, doubt, ...(value.fields ? { fields: doubtful(value.fields, doubt) } : {}) };
}

function eachDoubted(fields: Fields, why: (name: string) => readonly string[]): Fields {
  return new Map([...fields].map(([name, value]) => [name, doubted(value, why(name))]));
}
