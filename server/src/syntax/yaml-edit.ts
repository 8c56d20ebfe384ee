/** Writes into YAML text: each change as the smallest edit that leaves comments, quotes and anchors alone. */
import type { TextEdit } from './patch.js';
import { scalarMap } from './scalar-map.js';
import type { Entry, MapNode, Node, ScalarNode, Span, Tree } from './tree.js';
import { columnAt, lineBreakIn, lineEndAt } from './yaml-lines.js';

const UNSAFE_PLAIN =
  /^$|^[\s\-?:,[\]{}#&*!|>'"%@`]|: |\s#|[\s:]$|[\n\t]|^(?:true|false|yes|no|on|off|null|~|[\d.+_-]+|\d{4}-\d\d?-\d\d?[t\s].*)$/i;

/** Whether a text can stand in a block of YAML without quotes and stay that text. */
export function isPlainSafe(text: string): boolean {
  return !UNSAFE_PLAIN.test(text);
}

/** A value as YAML source, in the style of the scalar it replaces where that can hold it. */
export function yamlScalar(value: string, like?: ScalarNode, inFlow = false): string {
  if (like?.style === 'single') return `'${value.replaceAll("'", "''")}'`;
  const plain = !UNSAFE_PLAIN.test(value) && !(inFlow && /[,[\]{}]/.test(value));
  if (like?.style === 'plain' && plain) return value;
  return JSON.stringify(value);
}

/** Offset in the file of an offset in a node's block. */
function absolute(tree: Tree, node: Node, offset: number): number | undefined {
  const start = tree.startOf(node.block);
  return start === undefined ? undefined : start + offset;
}

export function replaceScalar(tree: Tree, node: ScalarNode, value: string): TextEdit | undefined {
  const start = absolute(tree, node, node.start);
  if (start === undefined) return undefined;
  return {
    start,
    end: start + node.end - node.start,
    newText: yamlScalar(value, node, isInFlow(tree, node)),
  };
}

/**
 * Replaces a part of a scalar's text, given as offsets into that text. `undefined` when the part cannot be
 * followed to the source or the new text would not survive in the scalar's style.
 */
export function replaceInScalar(
  tree: Tree,
  node: ScalarNode,
  part: Span,
  text: string,
): TextEdit | undefined {
  const span = scalarMap(node).toSource(part.start, part.end);
  const start = span && absolute(tree, node, span.start);
  if (!span || start === undefined) return undefined;
  const newText = encode(node, part, text, isInFlow(tree, node));
  return newText === undefined ? undefined : { start, end: start + span.end - span.start, newText };
}

function encode(node: ScalarNode, part: Span, text: string, inFlow: boolean): string | undefined {
  if (node.style === 'single') return text.replaceAll("'", "''");
  if (node.style === 'double') return JSON.stringify(text).slice(1, -1);
  if (node.style !== 'plain') return text.includes('\n') ? undefined : text;
  const whole = node.text.slice(0, part.start) + text + node.text.slice(part.end);
  if (UNSAFE_PLAIN.test(whole) || (inFlow && /[,[\]{}]/.test(text))) return undefined;
  return text;
}

/** Whether the node stands inside `[…]` or `{…}`. */
export function isInFlow(tree: Tree, node: Node): boolean {
  return containers(tree, node).some(
    container => container.kind !== 'scalar' && container.kind !== 'alias' && container.flow,
  );
}

/** The maps and lists around a node, outermost first. */
function containers(tree: Tree, node: Node): readonly Node[] {
  const chain: Node[] = [];
  let at = rootOf(tree, node);
  while (at && at !== node) {
    chain.push(at);
    at = childrenOf(at).find(child => child.start <= node.start && child.end >= node.end);
  }
  return chain;
}

function rootOf(tree: Tree, node: Node): Node | undefined {
  for (const document of tree.documents) {
    const parsed = document.blocks.find(({ block }) => block === node.block);
    if (parsed) return parsed.root;
  }
  return undefined;
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'seq') return node.items;
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(entry => (entry.value ? [entry.key, entry.value] : [entry.key]));
}

/** The map that holds the entry which starts at `at` (offset in the block), and that entry. */
export function entryAt(root: Node | undefined, at: number): { map: MapNode; entry: Entry } | undefined {
  if (!root) return undefined;
  if (root.kind === 'map') {
    const entry = root.entries.find(candidate => candidate.start === at);
    if (entry) return { map: root, entry };
  }
  const inner = childrenOf(root).find(child => child.start <= at && child.end > at);
  return entryAt(inner, at);
}

/** Adds entries behind an entry of the same map; in a block map each on a line of its own. */
export function insertEntries(
  tree: Tree,
  beside: { readonly map: MapNode; readonly entry: Entry },
  added: readonly (readonly [string, string])[],
): TextEdit | undefined {
  const { map, entry } = beside;
  const text = map.block.text;
  const end = absolute(tree, map, entry.end);
  if (end === undefined || added.length === 0) return undefined;
  if (map.flow) {
    return { start: end, end, newText: added.map(([key, value]) => `, ${key}: ${value}`).join('') };
  }
  const indent = ' '.repeat(columnAt(text, entry.start));
  const stop = lineEndAt(text, entry.end);
  const at = end + (stop - entry.end);
  const lineBreak = lineBreakIn(map);
  return {
    start: at,
    end: at,
    newText: added.map(([key, value]) => `${lineBreak}${indent}${key}:${spaced(value)}`).join(''),
  };
}

/** A value that begins on the next line needs no space in front of it. */
function spaced(value: string): string {
  return /^[\r\n]/.test(value) ? value : ` ${value}`;
}

/** Puts another key and value, given as source, where an entry stands. */
export function replaceEntry(tree: Tree, entry: Entry, key: string, value: string): TextEdit | undefined {
  const start = absolute(tree, entry.key, entry.start);
  if (start === undefined) return undefined;
  return { start, end: start + entry.end - entry.start, newText: `${key}: ${value}` };
}

/**
 * Takes an entry away: its whole lines, or its part of a flow map.
 * @param goes whether another entry of the map is taken away as well
 */
export function removeEntry(
  tree: Tree,
  found: { readonly map: MapNode; readonly entry: Entry },
  goes: (entry: Span) => boolean = () => false,
): TextEdit | undefined {
  const { map, entry } = found;
  const base = tree.startOf(map.block);
  if (base === undefined) return undefined;
  const span = map.flow ? flowSpan(map.entries, entry, goes) : lineSpan(map.block.text, entry);
  return { start: base + span.start, end: base + span.end, newText: '' };
}

function lineSpan(text: string, entry: Entry): Span {
  const start = text.lastIndexOf('\n', entry.start - 1) + 1;
  const newline = text.indexOf('\n', entry.end);
  if (newline >= 0) return { start, end: newline + 1 };
  // The last line goes with the break before it.
  return { start: text.endsWith('\r\n', start) ? start - 2 : Math.max(0, start - 1), end: text.length };
}

/** An item of a flow collection with the comma behind it; with the one before it where nothing stays behind. */
export function flowSpan(items: readonly Span[], item: Span, goes: (item: Span) => boolean): Span {
  const i = items.indexOf(item);
  const next = items[i + 1];
  if (next && items.slice(i + 1).some(one => !goes(one))) return { start: item.start, end: next.start };
  const before = items[i - 1];
  return { start: before ? before.end : item.start, end: item.end };
}
