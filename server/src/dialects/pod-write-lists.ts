/** Writes items that are maps into the lists of a pod: variables, mounts, volumes. */
import type { TextEdit } from '../syntax/patch.js';
import type { MapNode, Node, SeqNode, Tree } from '../syntax/tree.js';
import { insertEntries } from '../syntax/yaml-edit.js';
import { findMapEntry, inherits } from '../syntax/yaml-find.js';
import { columnAt, lineBreakIn, lineEndAt } from '../syntax/yaml-lines.js';

/** Keys with their values as YAML source. */
export type Pairs = readonly (readonly [string, string])[];

export const SHARED = 'an anchor shares the value with other places';
const INHERITED = 'what the container takes in with << would be lost';

/** Adds an item behind another one of the list. */
export function addItem(tree: Tree, list: SeqNode, beside: Node, pairs: Pairs): TextEdit | undefined {
  const base = tree.startOf(list.block);
  if (base === undefined) return undefined;
  if (list.flow) {
    const at = base + beside.end;
    return { start: at, end: at, newText: `, ${flowItem(pairs)}` };
  }
  const { text } = list.block;
  const dash = dashBefore(text, beside);
  const at = base + lineEndAt(text, beside.end);
  const lineBreak = lineBreakIn(list);
  return { start: at, end: at, newText: lineBreak + dash + blockItem(pairs, lineBreak, dash.length) };
}

/** Nothing is written, or a list or map without anything in it. */
export function isEmpty(value: Node | undefined): boolean {
  if (value?.kind === 'seq') return value.items.length === 0;
  return value === undefined || (value.kind === 'map' && value.entries.length === 0);
}

/** Another value, in one line, in the place of an empty one. */
export function fill(tree: Tree, value: Node, newText: string): TextEdit | string | undefined {
  const start = tree.startOf(value.block);
  if (value.anchor !== undefined) return SHARED;
  return start === undefined ? undefined : { start: start + value.start, end: start + value.end, newText };
}

/** Makes the list that a map has not got yet, or has left empty. */
export function addList(
  tree: Tree,
  map: MapNode,
  key: string,
  items: readonly Pairs[],
): TextEdit | string | undefined {
  const last = map.entries.at(-1);
  const own = findMapEntry(map, key);
  const flow = `[${items.map(flowItem).join(', ')}]`;
  if (!last) return undefined;
  if (own?.value) return fill(tree, own.value, flow);
  if (!own && inherits(tree, map, key)) return INHERITED;
  if (map.flow) return own ? undefined : insertEntries(tree, { map, entry: last }, [[key, flow]]);
  const lineBreak = lineBreakIn(map);
  const dash = `${' '.repeat(columnAt(map.block.text, last.start) + indentOf(map))}- `;
  const added = items.map(item => lineBreak + dash + blockItem(item, lineBreak, dash.length)).join('');
  if (!own) return insertEntries(tree, { map, entry: last }, [[key, added]]);
  // The colon, and a comment perhaps, stand behind the key.
  const start = tree.startOf(map.block);
  const at = start === undefined ? undefined : start + lineEndAt(map.block.text, own.end);
  return at === undefined ? undefined : { start: at, end: at, newText: added };
}

/** By how much lists are indented below their keys, as one that the map has tells. */
function indentOf(map: MapNode): number {
  const { text } = map.block;
  for (const { start, value } of map.entries) {
    const first = value?.kind === 'seq' && !value.flow ? value.items[0] : undefined;
    if (first) return Math.max(0, dashBefore(text, first).search(/\S/) - columnAt(text, start));
  }
  return 2;
}

/** Indentation, dash and blanks in front of an item; one whose key is on the line of another list has them twice. */
function dashBefore(text: string, item: Node): string {
  const before = text.slice(text.lastIndexOf('\n', item.start - 1) + 1, item.start);
  return before.replace(/-(?=.*-)/g, ' ');
}

function blockItem(pairs: Pairs, lineBreak: string, column: number): string {
  return pairs.map(([key, value]) => `${key}: ${value}`).join(lineBreak + ' '.repeat(column));
}

function flowItem(pairs: Pairs): string {
  return `{ ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}
