/** Reads one shell word: its quotes, escapes and expansions, each piece with its span. */
import {
  atWordEnd,
  BACKSLASH,
  BACKTICK,
  CLOSE_PAREN,
  type Cursor,
  continuationLength,
  DOLLAR,
  DOUBLE_QUOTE,
  endsWord,
  GREATER,
  HASH,
  isPlain,
  LESS,
  MAX_DEPTH,
  NEWLINE,
  OPEN_PAREN,
  peek,
  SINGLE_QUOTE,
  skipBlanks,
  skipComment,
} from './shell-cursor.js';
import { decodeAnsi } from './shell-escapes.js';
import {
  readBackticks,
  readExpansion,
  readServerExpression,
  readSubstitution,
  startsExpansion,
} from './shell-expansions.js';
import type { ShellAssignment, ShellPart, ShellWord } from './shell-types.js';

/** A word while it is being read. */
interface Draft {
  readonly start: number;
  /** Behind the last character that belongs to the word; an escaped line end at its end does not. */
  end: number;
  readonly parts: ShellPart[];
  /** Something in its unquoted text is a pattern. */
  expands: boolean;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?(\+?)=/;
const EXTENDED_PATTERN = '?*+@!';

/** Reads the word at the position. The word is empty, and nothing read, where `atWordEnd` holds (but for `<(` and `>(`). */
export function readWord(cursor: Cursor): ShellWord {
  const draft: Draft = { start: cursor.pos, end: cursor.pos, parts: [], expands: false };
  while (cursor.pos < cursor.end && readPiece(cursor, draft));
  return finish(cursor.text, draft);
}

/** Reads text in which only `$`, backticks and backslashes are special, up to the cursor's end or a closing quote. */
export function readExpandingText(cursor: Cursor, parts: ShellPart[], closes: boolean): void {
  let from = cursor.pos;
  let copied = from;
  let text = '';
  const flush = () => {
    text += cursor.text.slice(copied, cursor.pos);
    if (cursor.pos > from) parts.push({ kind: 'text', text, start: from, end: cursor.pos, quote: 'double' });
    text = '';
  };
  while (cursor.pos < cursor.end) {
    const code = peek(cursor);
    if (code === DOUBLE_QUOTE && closes) break;
    if ((code === DOLLAR || code === BACKTICK) && startsExpansion(cursor)) {
      flush();
      parts.push(readExpansion(cursor, 'double'));
      from = copied = cursor.pos;
    } else if (code === BACKSLASH && cursor.inBackticks && peek(cursor, 1) !== NEWLINE) {
      flush();
      parts.push(readTwiceEscaped(cursor, 'double'));
      from = copied = cursor.pos;
    } else if (code === BACKSLASH && '$`"\\\n'.includes(cursor.text.charAt(cursor.pos + 1))) {
      text += cursor.text.slice(copied, cursor.pos);
      copied = cursor.pos + (peek(cursor, 1) === NEWLINE ? 2 : 1);
      cursor.pos = Math.min(cursor.end, cursor.pos + 2);
    } else cursor.pos++;
  }
  flush();
}

/**
 * The assignment that a word of `text` is when it stands in front of a command, or after `export`; undefined if
 * it is none. Its value is split off the word and not subject to patterns, as the shell has it.
 */
export function assignmentOf(text: string, word: ShellWord): ShellAssignment | undefined {
  const first = word.parts[0];
  if (first?.kind !== 'text' || first.quote !== 'none') return undefined;
  const match = ASSIGNMENT.exec(first.text);
  const name = match?.[1];
  if (!match || name === undefined || !text.startsWith(match[0], word.start)) return undefined;
  const length = match[0].length;
  const start = word.start + length;
  const head: ShellPart = { ...first, start, text: first.text.slice(length) };
  const parts = start === first.end ? word.parts.slice(1) : [head, ...word.parts.slice(1)];
  const literal = parts.every(part => part.kind === 'text') && !head.text.startsWith('~');
  const value = {
    start,
    end: word.end,
    text: word.text.slice(length),
    literal,
    parts,
    quoted: quotesOf(parts),
  };
  return { start: word.start, end: word.end, name, append: match[2] === '+', value };
}

/** True for a word such as `NAME=value`, whatever the value. */
export function isAssignmentWord(word: ShellWord): boolean {
  const first = word.parts[0];
  return first?.kind === 'text' && ASSIGNMENT.test(first.text);
}

function finish(text: string, draft: Draft): ShellWord {
  const { start, end, parts } = draft;
  const only = parts.length === 1 ? parts[0] : undefined;
  const value =
    only?.kind === 'text'
      ? only.text
      : parts.map(part => (part.kind === 'text' ? part.text : text.slice(part.start, part.end))).join('');
  const literal = !draft.expands && parts.every(part => part.kind === 'text');
  return { start, end, text: value, literal, parts, quoted: quotesOf(parts) };
}

function quotesOf(parts: readonly ShellPart[]): ShellWord['quoted'] {
  const first = parts[0]?.quote ?? 'none';
  return parts.every(part => part.quote === first) ? first : 'mixed';
}

/** True if a shell may replace unquoted, unescaped text: by file names, the words of a brace list, or a home folder. */
function isPattern(text: string, startsWord: boolean): boolean {
  if (startsWord && text.startsWith('~')) return true;
  if (text.includes('*') || text.includes('?')) return true;
  const bracket = text.indexOf('[');
  if (bracket >= 0 && text.indexOf(']', bracket) > 0) return true;
  const brace = text.indexOf('{');
  if (brace < 0) return false;
  const close = text.lastIndexOf('}');
  const list = close < 0 ? text.slice(brace) : text.slice(brace, close);
  return list.includes(',') || list.includes('..');
}

/** Reads a quoted piece, an expansion or a run of plain text; false at the word's end. */
function readPiece(cursor: Cursor, draft: Draft): boolean {
  const code = peek(cursor);
  const next = peek(cursor, 1);
  if (code === SINGLE_QUOTE) readSingle(cursor, draft.parts);
  else if (code === DOUBLE_QUOTE) readDouble(cursor, draft.parts);
  else if (code === DOLLAR && next === SINGLE_QUOTE) readAnsi(cursor, draft.parts);
  else if (code === DOLLAR && next === DOUBLE_QUOTE) {
    cursor.pos++;
    readDouble(cursor, draft.parts);
  } else if ((code === DOLLAR || code === BACKTICK) && startsExpansion(cursor)) {
    draft.parts.push(readExpansion(cursor, 'none'));
  } else if (code === BACKSLASH && next === BACKTICK && cursor.inBackticks && cursor.depth < MAX_DEPTH) {
    draft.parts.push(readBackticks(cursor, 'none', '\\`'));
  } else if (code === BACKSLASH && cursor.inBackticks && continuationLength(cursor) === 0) {
    draft.parts.push(readTwiceEscaped(cursor, 'none'));
  } else if ((code === LESS || code === GREATER) && next === OPEN_PAREN && cursor.depth < MAX_DEPTH) {
    draft.parts.push(readSubstitution(cursor, 'none'));
  } else if (code === OPEN_PAREN) return readParentheses(cursor, draft);
  else return readPlain(cursor, draft);
  draft.end = cursor.pos;
  return true;
}

/** Reads unquoted text with its escapes; false if there is none. */
function readPlain(cursor: Cursor, draft: Draft): boolean {
  const start = cursor.pos;
  let end = start;
  let copied = start;
  let text = '';
  let bare = '';
  while (cursor.pos < cursor.end) {
    const code = peek(cursor);
    if (isPlain(code) || (cursor.pos === start && !endsWord(code) && code !== BACKSLASH)) {
      cursor.pos++;
      continue;
    }
    const continued = continuationLength(cursor);
    if (code !== BACKSLASH || (cursor.inBackticks && continued === 0)) break;
    if (copied < cursor.pos) end = cursor.pos;
    const run = cursor.text.slice(copied, cursor.pos);
    bare += run;
    text += continued > 0 ? run : run + (cursor.text.charAt(cursor.pos + 1) || '\\');
    cursor.pos = copied = Math.min(cursor.end, cursor.pos + (continued || 2));
    if (continued === 0) end = cursor.pos;
  }
  const run = cursor.text.slice(copied, cursor.pos);
  if (run !== '') end = cursor.pos;
  if (end > start) {
    draft.expands ||= isPattern(bare + run, draft.parts.length === 0);
    draft.parts.push({ kind: 'text', text: text + run, start, end, quote: 'none' });
    draft.end = end;
  }
  return cursor.pos > start;
}

/** Reads an escape inside backticks, where the shell undoes one layer first: what is left may be an expansion. */
function readTwiceEscaped(cursor: Cursor, quote: ShellPart['quote']): ShellPart {
  const start = cursor.pos;
  cursor.pos = Math.min(cursor.end, start + 2);
  return { kind: 'other', start, end: cursor.pos, quote };
}

function readSingle(cursor: Cursor, parts: ShellPart[]): void {
  const start = cursor.pos + 1;
  const close = cursor.text.indexOf("'", start);
  const closed = close >= 0 && close < cursor.end;
  const end = closed ? close : cursor.end;
  const text = cursor.text.slice(start, end);
  if (text.includes('$')) readSingleWithExpressions(cursor, parts, start, end);
  else parts.push({ kind: 'text', text, start, end, quote: 'single' });
  cursor.pos = closed ? end + 1 : end;
  if (!closed) cursor.complete = false;
}

/** The CI server replaces its expressions before the shell sees the quotes around them. */
function readSingleWithExpressions(cursor: Cursor, parts: ShellPart[], start: number, end: number): void {
  const outerEnd = cursor.end;
  cursor.end = end;
  let from = start;
  for (cursor.pos = start; cursor.pos < end; ) {
    const at = cursor.pos;
    const expression = peek(cursor) === DOLLAR ? readServerExpression(cursor, 'single') : undefined;
    if (expression) {
      if (at > from) parts.push(singleQuoted(cursor.text, from, at));
      parts.push(expression);
      from = cursor.pos;
    } else cursor.pos++;
  }
  if (end > from) parts.push(singleQuoted(cursor.text, from, end));
  cursor.end = outerEnd;
}

function singleQuoted(text: string, start: number, end: number): ShellPart {
  return { kind: 'text', text: text.slice(start, end), start, end, quote: 'single' };
}

function readAnsi(cursor: Cursor, parts: ShellPart[]): void {
  const start = cursor.pos + 2;
  let at = start;
  while (at < cursor.end && cursor.text.charCodeAt(at) !== SINGLE_QUOTE) {
    at += cursor.text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  const end = Math.min(at, cursor.end);
  parts.push({ kind: 'text', text: decodeAnsi(cursor.text.slice(start, end)), start, end, quote: 'single' });
  cursor.pos = Math.min(end + 1, cursor.end);
  if (end >= cursor.end) cursor.complete = false;
}

function readDouble(cursor: Cursor, parts: ShellPart[]): void {
  const start = ++cursor.pos;
  const before = parts.length;
  readExpandingText(cursor, parts, true);
  if (parts.length === before) parts.push({ kind: 'text', text: '', start, end: start, quote: 'double' });
  if (peek(cursor) === DOUBLE_QUOTE) cursor.pos++;
  else cursor.complete = false;
}

/** Reads the parentheses of an array or an extended pattern; false if an unquoted `(` ends the word here. */
function readParentheses(cursor: Cursor, draft: Draft): boolean {
  const last = draft.parts.at(-1);
  if (last?.kind !== 'text' || last.quote !== 'none' || draft.end !== cursor.pos) return false;
  if (cursor.depth >= MAX_DEPTH) return false;
  const isArray = draft.parts.length === 1 && ASSIGNMENT.exec(last.text)?.[0] === last.text;
  const sign = last.text.charAt(last.text.length - 1);
  const isPatternHead = EXTENDED_PATTERN.includes(sign) && !(sign === '!' && last.text.length === 1);
  if (!isArray && !isPatternHead) return false;
  const start = cursor.pos++;
  cursor.depth++;
  while (cursor.pos < cursor.end && peek(cursor) !== CLOSE_PAREN) readElement(cursor, isArray);
  cursor.depth--;
  if (cursor.pos < cursor.end) cursor.pos++;
  else cursor.complete = false;
  draft.parts.push({ kind: 'other', start, end: cursor.pos, quote: 'none' });
  draft.end = cursor.pos;
  return true;
}

function readElement(cursor: Cursor, isArray: boolean): void {
  skipBlanks(cursor);
  const at = cursor.pos;
  if (isArray && peek(cursor) === HASH) skipComment(cursor);
  if (peek(cursor) === CLOSE_PAREN) return;
  if (!atWordEnd(cursor) || peek(cursor) === OPEN_PAREN) readWord(cursor);
  if (cursor.pos === at && at < cursor.end) cursor.pos++;
}
