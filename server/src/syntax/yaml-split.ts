/** Splits YAML text into documents and their top-level keys, so that each key can be parsed on its own. */
import type { Span } from './tree.js';

/** A document of the file; its blocks lie in order, and what stands before the first holds no content. */
export interface SplitDocument {
  readonly blocks: readonly Span[];
}

const DOCUMENT_END = /^\.\.\.(?:\s|$)/;
const DOCUMENT_START = /^---(?:\s|$)/;
const BARE_START = /^---[ \t]*(?:#.*)?\r?$/;
const PLAIN_KEY = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^\s]))(?:[^:\n]|:(?=[^\s]))*?:(?:\s|$)/;
const QUOTED_KEY = /^(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')[ \t]*:(?:\s|$)/;
const DECORATED_KEY = /^[&!*?].*?(?::(?:\s|$)|^\?[ \t])/;

/**
 * Splits `text` at its document marks and column-0 keys. Spans are UTF-16 offsets into `text`.
 * A document whose root is no block map (a list, a flow map, an indented map) is one block.
 * A line in column 0 that is no key (a list item, a closing bracket, a comment) belongs to the key above it.
 */
export function splitYaml(text: string): readonly SplitDocument[] {
  const documents: SplitDocument[] = [];
  let open = newDocument(0);
  const close = (end: number): void => {
    const blocks = finish(open, end);
    if (blocks.length > 0 || open.marked) documents.push({ blocks });
  };
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const first = text.charCodeAt(start);
    if (first === DASH && DOCUMENT_START.test(text.slice(start, start + 4))) {
      close(start);
      open = newDocument(start);
      open.marked = true;
      if (!BARE_START.test(text.slice(start, newline < 0 ? text.length : newline))) open.whole = true;
    } else if (first === DOT && DOCUMENT_END.test(text.slice(start, start + 4))) {
      close(start);
      open = newDocument(next);
    } else if (!isBlank(text, start, next)) {
      addLine(open, text, start, next);
    }
    start = next;
  }
  close(text.length);
  return documents;
}

const DASH = 45;
const DOT = 46;
const HASH = 35;
const SPACE = 32;
const TAB = 9;
const PERCENT = 37;

interface OpenDocument {
  readonly start: number;
  readonly keys: number[];
  whole: boolean;
  marked: boolean;
}

function newDocument(start: number): OpenDocument {
  return { start, keys: [], whole: false, marked: false };
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++)
    if (text.charCodeAt(i) > SPACE) return text.charCodeAt(i) === HASH && i === start;
  return true;
}

function addLine(open: OpenDocument, text: string, start: number, next: number): void {
  if (open.whole) return;
  const first = text.charCodeAt(start);
  if (first === SPACE || first === TAB) {
    if (open.keys.length === 0 && !isComment(text, start, next)) open.whole = true;
    return;
  }
  if (first === PERCENT && open.keys.length === 0) {
    if (text.startsWith('%TAG', start)) open.whole = true;
    return;
  }
  if (isKey(text.slice(start, next))) open.keys.push(start);
  else if (open.keys.length === 0) open.whole = true;
}

function isComment(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) > SPACE) return text.charCodeAt(i) === HASH;
  return true;
}

function isKey(line: string): boolean {
  return PLAIN_KEY.test(line) || QUOTED_KEY.test(line) || DECORATED_KEY.test(line);
}

function finish(open: OpenDocument, end: number): readonly Span[] {
  if (open.whole) return [{ start: open.start, end }];
  return open.keys.map((start, i) => ({ start, end: open.keys[i + 1] ?? end }));
}
