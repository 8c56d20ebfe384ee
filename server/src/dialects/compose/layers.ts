/** Reads values of Compose that several files and services put together, lowest layer first. */
import { type Origin, type Place, placeOf, type Way } from '../../model/known.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import type { Entry, MapNode, Node, ScalarNode, Tree } from '../../syntax/tree.js';
import { type Interpolated, interpolate, type Lookup } from './interpolate.js';

/** A file of a project with what its values are read by. */
export interface ComposeFile {
  readonly path: string;
  /** What its relative paths count from, from the root of the project; empty for that one. */
  readonly folder: string;
  readonly tree: Tree;
  readonly lookup: Lookup;
  /** Fields of maps, worked out once: chains of merge keys multiply. */
  readonly fields: Map<MapNode, ReadonlyMap<string, Field>>;
}

interface Field {
  readonly node: Node;
  readonly entry: Entry;
}

/** A value as one file gives it. */
export interface Layer {
  readonly file: ComposeFile;
  readonly node: Node;
  /** The entry that holds it, where it is the value of a key. */
  readonly entry?: Entry;
  readonly way: Way;
  /** The service that it was taken from. */
  readonly from?: string;
}

/** The same value in every layer that has it. */
export type Layers = readonly Layer[];

const MAX_FIELDS = 5_000;
const MAX_DEPTH = 60;

/** What a key stands for in layers of maps. `!reset` takes away what lies below, `!override` replaces it. */
export function under(layers: Layers, key: string): Layers {
  let found: Layer[] = [];
  for (const layer of layers) {
    const field = fieldsOf(layer).get(key);
    if (!field) continue;
    const next = child(layer, field);
    if (next.node.tag === '!reset' || next.node.tag === '!override') found = [];
    if (next.node.tag !== '!reset' && !isNull(next.node)) found.push(next);
  }
  return found;
}

/** The keys of layers of maps, in the order in which they come up. */
export function keysOf(layers: Layers): readonly string[] {
  return [...new Set(layers.flatMap(layer => [...fieldsOf(layer).keys()]))].filter(key => key !== '<<');
}

/** The value of a key of one layer, also where it is null. */
export function field(layer: Layer, key: string): Layer | undefined {
  const found = fieldsOf(layer).get(key);
  return found && child(layer, found);
}

/** The items of a list, or the one value that stands in its stead. */
export function itemsOf(layer: Layer): readonly Layer[] {
  if (layer.node.kind !== 'seq') return [layer];
  return layer.node.items.map(item => ({
    ...withoutEntry(layer),
    node: layer.file.tree.resolve(item) ?? item,
  }));
}

function withoutEntry({ entry: _, ...layer }: Layer): Layer {
  return layer;
}

function child({ file, way, from }: Layer, { node, entry }: Field): Layer {
  return { file, node, entry, way, ...(from === undefined ? {} : { from }) };
}

/** Own keys win over those that `<<` brings in, wherever it stands; of a list of maps the earlier wins. */
export function fieldsOf(
  { file, node }: Pick<Layer, 'file' | 'node'>,
  depth = 0,
): ReadonlyMap<string, Field> {
  if (node.kind !== 'map' || depth > MAX_DEPTH) return new Map();
  const known = file.fields.get(node);
  if (known) return known;
  const fields = new Map<string, Field>();
  for (const entry of node.entries) {
    if (isMerge(entry)) continue;
    const value = entry.value ? (file.tree.resolve(entry.value) ?? entry.value) : nothing(entry);
    fields.set(entry.key.text, { node: value, entry });
  }
  for (const entry of node.entries) {
    if (!isMerge(entry) || !entry.value) continue;
    const merged = file.tree.resolve(entry.value) ?? entry.value;
    for (const one of merged.kind === 'seq' ? merged.items : [merged]) {
      const map = file.tree.resolve(one) ?? one;
      const given =
        map.kind === 'map'
          ? fieldsOf({ file, node: map }, depth + 1)
          : [['<<', { node: one, entry }] as const];
      for (const [key, value] of given) {
        if (!fields.has(key) && fields.size < MAX_FIELDS) fields.set(key, value);
      }
    }
  }
  file.fields.set(node, fields);
  return fields;
}

/** Whether something is merged into the map that is not in view, so that it may have further keys. */
export function isOpen(layer: Layer): boolean {
  return layer.node.kind === 'alias' || fieldsOf(layer).has('<<');
}

function isMerge({ key }: Entry): boolean {
  return key.text === '<<' && key.style === 'plain';
}

/** A key without a value is null. */
function nothing({ key }: Entry): ScalarNode {
  return { kind: 'scalar', block: key.block, start: key.end, end: key.end, text: '', style: 'plain' };
}

/** True for `null`, `~` and nothing at all. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(?:null|Null|NULL|~|)$/.test(node.text);
}

export function originOf(layer: Layer, place = placeIn(layer)): Origin {
  const { file, entry, way, from } = layer;
  return {
    place,
    way,
    ...(from === undefined ? {} : { from }),
    ...(entry ? { entry: placeOf(file.path, entry) } : {}),
  };
}

export function placeIn({ file, node }: Layer): Place {
  return placeOf(file.path, node);
}

/** The text of a scalar with its variables put in; `undefined` for anything else. */
export function textOf({ file, node }: Layer): Interpolated | undefined {
  return node.kind === 'scalar' ? interpolate(node.text, file.lookup) : undefined;
}

/** Where a part of a text stands: offsets count in the text with its variables put in. */
export function partOf(layer: Layer, text: Interpolated, start: number, end: number): Place {
  const whole = placeIn(layer);
  if (layer.node.kind !== 'scalar') return whole;
  const raw = text.toRaw(start, end);
  const span = scalarMap(layer.node).toSource(raw.start, raw.end);
  return span ? { ...whole, ...span } : whole;
}
