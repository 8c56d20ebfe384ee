/** Reads GitLab's YAML as values: aliases and merge keys resolved, maps merged deeply, origins kept. */
import type { Origin, Place, Way } from '../../model/known.js';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree.js';

/** A value of the effective configuration with the node it was written as, and how it came here. */
export interface Value {
  readonly node: Node;
  readonly way: Way;
  readonly from?: string;
  /** The entry that holds the node, where it is the value of a key. */
  readonly entry?: Entry;
  /** Why something that we cannot see may replace it. */
  readonly doubt?: string;
  /** Present for maps: the values by key, merged. */
  readonly fields?: Fields;
}

export type Fields = ReadonlyMap<string, Value>;

/** What reading values needs to know: which file a node stands in, and what its aliases stand for. */
export interface Reading {
  resolve(node: Node): Node | undefined;
  /** Place of a node or entry in its file. */
  place(node: Node | Entry): Place;
  /** Fields of maps that merge keys bring in, worked out once: chains of them multiply. */
  readonly merged: Map<MapNode, Fields>;
}

/** More than this many keys come only from merge keys that multiply; the rest is left out. */
const MAX_FIELDS = 5_000;
const MAX_DEPTH = 60;

export function originOf(reading: Reading, value: Value): Origin {
  return {
    place: reading.place(value.node),
    way: value.way,
    ...(value.from === undefined ? {} : { from: value.from }),
    ...(value.entry ? { entry: reading.place(value.entry) } : {}),
  };
}

/** Reads a node as a value; `undefined` when nothing is written, or an alias stands for nothing. */
export function readValue(
  reading: Reading,
  written: Node | undefined,
  how: { readonly way: Way; readonly from?: string; readonly entry?: Entry },
  depth = 0,
): Value | undefined {
  const node = written && reading.resolve(written);
  if (!node || depth > MAX_DEPTH) return undefined;
  const way = written !== node && how.way === 'own' ? 'anchor' : how.way;
  const value: Value = { node, way, ...pick(how) };
  if (node.kind !== 'map') return value;
  // A map that aliases bring in is read once: aliases of aliases multiply.
  if (way === 'anchor') return { ...value, fields: anchored(reading, node, depth) };
  return {
    ...value,
    fields: readFields(reading, node, { way, ...(how.from ? { from: how.from } : {}) }, depth),
  };
}

function anchored(reading: Reading, node: MapNode, depth: number): Fields {
  const known = reading.merged.get(node);
  if (known) return known;
  const fields = readFields(reading, node, { way: 'anchor' }, depth);
  reading.merged.set(node, fields);
  return fields;
}

function pick(how: { readonly from?: string; readonly entry?: Entry }): { from?: string; entry?: Entry } {
  return { ...(how.from ? { from: how.from } : {}), ...(how.entry ? { entry: how.entry } : {}) };
}

/**
 * The fields of a map, in the order in which Ruby's Psych reads it for GitLab: a `<<` overwrites what stands
 * before it and is overwritten by what stands behind. Source: ruby/psych lib/psych/visitors/to_ruby.rb, revive_hash.
 */
export function readFields(
  reading: Reading,
  map: MapNode,
  how: { readonly way: Way; readonly from?: string },
  depth = 0,
): Fields {
  const fields = new Map<string, Value>();
  for (const entry of map.entries) {
    if (entry.key.text === '<<' && entry.key.style === 'plain') {
      if (entry.value) addMerged(reading, fields, entry.value, depth);
      continue;
    }
    const value = readValue(reading, entry.value ?? nothing(entry), { ...how, entry }, depth + 1);
    if (value) fields.set(entry.key.text, value);
  }
  return fields;
}

/** A key without a value is not an absent key: in GitLab it takes away what a job would inherit. */
function nothing({ key }: Entry): ScalarNode {
  return { kind: 'scalar', block: key.block, start: key.end, end: key.end, text: '', style: 'plain' };
}

/** Of a list of maps the earlier wins. */
function addMerged(reading: Reading, fields: Map<string, Value>, written: Node, depth: number): void {
  const node = reading.resolve(written);
  if (node?.kind === 'seq') {
    for (const item of node.items.toReversed()) addMerged(reading, fields, item, depth + 1);
    return;
  }
  if (node?.kind !== 'map' || depth > MAX_DEPTH) return;
  for (const [key, value] of anchored(reading, node, depth + 1)) {
    if (fields.size > MAX_FIELDS) return;
    fields.set(key, value);
  }
}

/** GitLab's `deep_merge`: maps merge key by key, anything else is replaced by what comes later. */
export function mergeFields(base: Fields, over: Fields, depth = 0): Fields {
  const result = new Map(base);
  for (const [key, value] of over) {
    const below = base.get(key)?.fields;
    const merged = below && value.fields && depth < DEEPEST;
    result.set(key, merged ? { ...value, fields: mergeFields(below, value.fields, depth + 1) } : value);
  }
  return result;
}

/** Nobody asks for values deeper down, and aliases multiply what lies there. */
const DEEPEST = 3;

/** The same fields, each marked as one that something out of view may replace. */
export function doubtful(fields: Fields, doubt: string, depth = 0): Fields {
  return new Map(
    [...fields].map(([key, value]) => [
      key,
      {
        ...value,
        doubt,
        ...(value.fields && depth < DEEPEST ? { fields: doubtful(value.fields, doubt, depth + 1) } : {}),
      },
    ]),
  );
}

export function scalarOf(value: Value | undefined): ScalarNode | undefined {
  return value?.node.kind === 'scalar' ? value.node : undefined;
}

/** True for `null`, `~` and nothing at all. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(?:null|Null|NULL|~|)$/.test(node.text);
}
