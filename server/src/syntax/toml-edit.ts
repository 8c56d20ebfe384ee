/** Writes into TOML files: each change as the one small edit that leaves all other bytes alone. */
import type { TextEdit } from './patch.js';
import type { TomlTree } from './toml.js';
import { lineEnd } from './toml-lines.js';
import { insertListItem, type ListSpans, removeListItem } from './toml-list.js';
import { contentEnd, indentAt, keyIndent, lineBreakAt, lineStart, pairLike, writeKey } from './toml-style.js';
import type { HeaderPart, PairPart, TomlPart } from './toml-tree.js';
import type { Entry, MapNode, Node, SeqNode, Span } from './tree.js';

export { addTomlTable, tomlValue } from './toml-table.js';

/**
 * Sets a key of a table to a value, given as TOML. A key that is there, in whatever case, keeps its name; a
 * new one goes behind the last own key of the table.
 * @throws RangeError when the key is there as a table without braces, or the table is not of this tree.
 */
export function setTomlKey(tree: TomlTree, table: MapNode, key: string, valueToml: string): TextEdit {
  const old = findKey(table, key);
  if (old !== undefined) return replaceValue(old, valueToml);
  if (table.flow)
    return insertListItem(
      tree.text,
      inlineList(tree.text, table),
      inlinePair(tree, table, key, valueToml),
      false,
    );
  const header = tree.parts.find(part => part.kind === 'header' && part.table === table);
  if (header !== undefined || table === tree.root)
    return addToSection(tree, table, header, writeKey(key), valueToml);
  return addToImplied(tree, table, writeKey(key), valueToml);
}

/**
 * Adds an item, given as TOML, to an array in brackets.
 * @throws RangeError for an array of tables: its items are sections, see `addTomlTable`.
 */
export function addTomlArrayItem(
  tree: TomlTree,
  array: SeqNode,
  itemToml: string,
  atStart = false,
): TextEdit {
  return insertListItem(tree.text, arrayList(array), itemToml, atStart);
}

/**
 * Removes an item of an array in brackets, with its comma, and its line if that holds nothing else.
 * @throws RangeError for an array of tables, and when the item is not in the array.
 */
export function removeTomlArrayItem(tree: TomlTree, array: SeqNode, item: Node): TextEdit {
  return removeListItem(tree.text, arrayList(array), array.items.indexOf(item));
}

/**
 * Removes a key with its value, and the comment behind it: the whole lines, for a table with header those of
 * all tables inside of it too; within an inline table, the pair and its comma.
 * @throws RangeError when other statements stand in between, or the entry is not of this tree.
 */
export function removeTomlEntry(tree: TomlTree, entry: Entry): TextEdit {
  const tables = new Set<Node>();
  collectTables(entry.value, tables);
  const own = tree.parts.filter(part => isOf(part, entry, tables));
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined) return removeInline(tree, entry);
  const start = lineStart(tree.text, first.start);
  const end = Math.min(lineEnd(tree.text, last.end) + 1, tree.text.length);
  const within = tree.parts.filter(part => part.start >= start && part.start < end);
  if (within.length !== own.length)
    throw new RangeError(`Other statements stand within "${entry.key.text}".`);
  return { start, end, newText: '' };
}

function findKey(table: MapNode, key: string): Entry | undefined {
  const small = key.toLowerCase();
  const exact = table.entries.find(entry => entry.key.text === key);
  return exact ?? table.entries.find(entry => entry.key.text.toLowerCase() === small);
}

function replaceValue(entry: Entry, valueToml: string): TextEdit {
  const { value } = entry;
  if (value === undefined || (value.kind !== 'scalar' && !('flow' in value && value.flow))) {
    throw new RangeError(`"${entry.key.text}" is a table of its own; no value can take its place.`);
  }
  return { start: value.start, end: value.end, newText: valueToml };
}

function addToSection(
  tree: TomlTree,
  table: MapNode,
  header: TomlPart | undefined,
  left: string,
  value: string,
): TextEdit {
  const { text, parts } = tree;
  const sibling = parts.findLast(part => part.kind === 'pair' && part.section === table);
  if (sibling !== undefined) return addBehind(text, sibling as PairPart, left, value);
  if (header === undefined) return addOnTop(tree, left, value);
  const indent = indentAt(text, header.start) + keyIndent(text, parts);
  return addLine(text, header.end, indent + likeAny(parts, text, left, value));
}

function addBehind(text: string, sibling: PairPart, left: string, value: string): TextEdit {
  return addLine(text, sibling.end, indentAt(text, sibling.start) + pairLike(text, sibling, left, value));
}

function addLine(text: string, after: number, line: string): TextEdit {
  const at = contentEnd(text, after);
  return { start: at, end: at, newText: lineBreakAt(text, after) + line };
}

/** The first key of a file that has only tables, or nothing at all. */
function addOnTop(tree: TomlTree, left: string, value: string): TextEdit {
  const { text } = tree;
  const at = lineStart(text, 0);
  const line = lineBreakAt(text, 0);
  const gap = /^[ \t]*(?:\r?\n|$)/.test(text.slice(at)) ? line : line + line;
  return { start: at, end: at, newText: likeAny(tree.parts, text, left, value) + gap };
}

/** Spaced as the file's first pair, but not lined up with it: its columns are another table's. */
function likeAny(parts: readonly TomlPart[], text: string, left: string, value: string): string {
  const pair = parts.find(part => part.kind === 'pair');
  const like = pairLike(text, pair as PairPart | undefined, left, value);
  return / {2,}=/.test(like) ? `${left} = ${value}` : like;
}

/** A table that no header opens: written through dotted keys, or through the headers of inner tables. */
function addToImplied(tree: TomlTree, table: MapNode, key: string, value: string): TextEdit {
  const { text, parts } = tree;
  const inner = table.entries.at(-1);
  const part = inner && partAround(parts, inner.key.start);
  if (inner === undefined || part === undefined)
    throw new RangeError('The table is not written in this tree.');
  if (part.kind === 'pair') {
    if (inner.key.start >= (part.entry.value?.start ?? part.end)) {
      throw new RangeError('A dotted key within braces cannot be added to.');
    }
    const behind = parts.findLast(other => other.end <= table.end) ?? part;
    return addBehind(text, behind as PairPart, text.slice(part.start, inner.key.start) + key, value);
  }
  return addHeader(tree, table, key, value);
}

/** Opens the implied table with a header of its own, above that of the first table inside of it. */
function addHeader(tree: TomlTree, table: MapNode, key: string, value: string): TextEdit {
  const { text, parts } = tree;
  const firstKey = table.entries[0]?.key.start ?? table.start;
  const inner = partAround(parts, firstKey) as HeaderPart;
  const name = text.slice(inner.start + (inner.array ? 2 : 1), firstKey).replace(/[\s.]+$/, '');
  const line = lineBreakAt(text, inner.start);
  const indent = indentAt(text, inner.start);
  const pair = indent + keyIndent(text, parts) + likeAny(parts, text, key, value);
  const at = lineStart(text, inner.start);
  return { start: at, end: at, newText: `${indent}[${name.trim()}]${line}${pair}${line}${line}` };
}

function partAround(parts: readonly TomlPart[], offset: number): TomlPart | undefined {
  return parts.find(part => part.start <= offset && offset < part.end);
}

function collectTables(node: Node | undefined, into: Set<Node>): void {
  if (node?.kind === 'seq') for (const item of node.items) collectTables(item, into);
  if (node?.kind !== 'map' || node.flow) return;
  into.add(node);
  for (const entry of node.entries) collectTables(entry.value, into);
}

function isOf(part: TomlPart, entry: Entry, tables: ReadonlySet<Node>): boolean {
  return tables.has(part.table) || (part.kind === 'pair' && part.entry === entry);
}

function removeInline(tree: TomlTree, entry: Entry): TextEdit {
  const table = findInline(tree.root, entry);
  if (table === undefined) throw new RangeError('The entry is not of this tree.');
  const list = inlineList(tree.text, table);
  const index = list.items.findIndex(item => item.start <= entry.key.start && entry.key.start < item.end);
  return removeListItem(tree.text, list, index);
}

/** The innermost inline table around an entry. */
function findInline(node: Node | undefined, entry: Entry): MapNode | undefined {
  if (node?.kind === 'seq') return firstFound(node.items, entry);
  if (node?.kind !== 'map') return undefined;
  const inner = firstFound(
    node.entries.map(other => other.value),
    entry,
  );
  const holds = node.flow && node.start < entry.start && entry.end < node.end;
  return inner ?? (holds ? node : undefined);
}

function firstFound(nodes: readonly (Node | undefined)[], entry: Entry): MapNode | undefined {
  for (const node of nodes) {
    const found = findInline(node, entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

function arrayList(array: SeqNode): ListSpans {
  if (!array.flow) throw new RangeError('An array of tables has no brackets to write into.');
  return array;
}

/** The pairs of an inline table as list items, dotted ones by their last key. */
function inlineList(text: string, table: MapNode): ListSpans {
  const items: Span[] = [];
  for (const entry of leaves(table)) {
    const before = text.slice(table.start, entry.start);
    const prefix = /(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*)+$/.exec(before)?.[0] ?? '';
    items.push({ start: entry.start - prefix.length, end: entry.end });
  }
  return { start: table.start, end: table.end, items: items.sort((a, b) => a.start - b.start) };
}

function leaves(table: MapNode): readonly Entry[] {
  return table.entries.flatMap(entry =>
    entry.value?.kind === 'map' && !entry.value.flow ? leaves(entry.value) : [entry],
  );
}

function inlinePair(tree: TomlTree, table: MapNode, key: string, value: string): string {
  const last = table.entries.at(-1);
  const between = last?.value && tree.text.slice(last.key.end, last.value.start);
  return writeKey(key) + (/^[ \t]*=[ \t]*$/.test(between ?? '') ? between : ' = ') + value;
}
