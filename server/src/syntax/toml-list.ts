/** Adds and removes what stands, parted by commas, between the brackets of an array or inline table. */

import type { TextEdit } from './patch.js';
import { lineEnd } from './toml-lines.js';
import { contentEnd, indentAt, lineBreakAt, lineStart } from './toml-style.js';
import type { Span } from './tree.js';

/** A bracketed list: its span with the brackets, and the spans of its items in the order written. */
export interface ListSpans extends Span {
  readonly items: readonly Span[];
}

const MORE_INDENT = '  ';

/** The edit that puts `item` before the first or behind the last item, in the style of the others. */
export function insertListItem(text: string, list: ListSpans, item: string, atStart: boolean): TextEdit {
  const first = list.items[0];
  const last = list.items.at(-1);
  if (first === undefined || last === undefined) return insertOnly(text, list, item);
  return atStart ? insertFirst(text, list, first, item) : insertLast(text, list, last, item);
}

/** The edit that removes the item at `index` and the comma that goes with it. */
export function removeListItem(text: string, list: ListSpans, index: number): TextEdit {
  const item = list.items[index];
  if (item === undefined) throw new RangeError(`The list has no item ${index}.`);
  const previous = list.items[index - 1];
  const next = list.items[index + 1];
  const alone = list.items.length === 1 && isOneLine(text, list.start, list.end);
  if (alone) return cut(list.start + 1, list.end - 1);
  const comma = commaAfter(text, item.end, list.end - 1);
  const end = comma === undefined ? item.end : comma + 1;
  const lines = wholeLines(text, list, item.start, end);
  if (lines !== undefined) return lines;
  if (next !== undefined && isOneLine(text, item.start, next.start)) return cut(item.start, next.start);
  if (previous === undefined || !isOneLine(text, previous.end, item.start)) return cut(item.start, end);
  return cut(previous.end, item.end);
}

/** The offset of the comma that follows at `from`, comments skipped, or `undefined` if none is before `end`. */
function commaAfter(text: string, from: number, end: number): number | undefined {
  for (let at = from; at < end; at++) {
    if (text.charAt(at) === ',') return at;
    if (text.charAt(at) === '#') at = lineEnd(text, at);
  }
  return undefined;
}

function insertOnly(text: string, list: ListSpans, item: string): TextEdit {
  const inside = text.slice(list.start + 1, list.end - 1);
  if (inside.includes('\n')) {
    const at = contentEnd(text, list.start);
    const indent = indentAt(text, list.start) + MORE_INDENT;
    return insert(at, lineBreakAt(text, list.start) + indent + item);
  }
  const space = inside === '' && text.charAt(list.start) === '[' ? '' : ' ';
  return { start: list.start + 1, end: list.end - 1, newText: space + item + space };
}

function insertFirst(text: string, list: ListSpans, first: Span, item: string): TextEdit {
  if (isOneLine(text, list.start, first.start)) return insert(first.start, item + separator(text, list));
  const line = lineBreakAt(text, list.start) + indentAt(text, first.start);
  return insert(contentEnd(text, list.start), `${line}${item},`);
}

function insertLast(text: string, list: ListSpans, last: Span, item: string): TextEdit {
  const comma = commaAfter(text, last.end, list.end - 1);
  if (isOneLine(text, list.start, last.start)) {
    if (comma === undefined) return insert(last.end, separator(text, list) + item);
    return insert(comma + 1, `${separator(text, list).slice(1)}${item},`);
  }
  const line = lineBreakAt(text, list.start) + indentAt(text, last.start) + item;
  const from = comma === undefined ? last.end : comma + 1;
  // A comment on the item's line stays with it, unless the list ends there.
  const end = contentEnd(text, from);
  const behind = end < list.end ? end : from;
  if (comma !== undefined) return insert(behind, `${line},`);
  return { start: from, end: behind, newText: `,${text.slice(from, behind)}${line}` };
}

/** The comma between items with the space after it. */
function separator(text: string, list: ListSpans): string {
  const [first, second] = list.items;
  const between = first && second ? text.slice(first.end, second.start) : '';
  return /^,[ \t]*$/.test(between) ? between : ', ';
}

/** Removes full lines when nothing but blanks and a comment stands around the item on its lines. */
function wholeLines(text: string, list: ListSpans, from: number, to: number): TextEdit | undefined {
  const start = lineStart(text, from);
  const end = contentEnd(text, to);
  const alone = start > list.start && end < list.end - 1;
  if (!alone || text.slice(start, from).trim() !== '' || !/^[ \t]*(?:#.*)?$/.test(text.slice(to, end))) {
    return undefined;
  }
  return cut(start, lineEnd(text, to) + 1);
}

function isOneLine(text: string, from: number, to: number): boolean {
  return !text.slice(from, to).includes('\n');
}

function insert(at: number, newText: string): TextEdit {
  return { start: at, end: at, newText };
}

function cut(start: number, end: number): TextEdit {
  return { start, end, newText: '' };
}
