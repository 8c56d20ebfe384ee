/** Where a reading of shell text stands, with the characters that mean something to a shell. */
import type { HereDocumentBody, ShellCommand, ShellContext, ShellRedirect } from './shell-types.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** State of one reading. Readers move `pos`, never past `end`. */
export interface Cursor {
  readonly text: string;
  pos: number;
  end: number;
  /** How many expansions are open; from `MAX_DEPTH` on a `$` is plain text. */
  depth: number;
  /** Inside backticks, where backslashes are undone twice. */
  inBackticks: boolean;
  complete: boolean;
  /** What the command that is being read stands in. */
  context: readonly ShellContext[];
  /** Here-documents whose bodies begin after the line's end. */
  pending: PendingHereDocument[];
  /** Every command read so far, in the order of their ends. */
  readonly commands: ShellCommand[];
  /** Reads commands up to `end` or, if asked, up to an unmatched `)`, and stays in front of it. */
  readonly readCommands: (cursor: Cursor, closes: boolean) => readonly ShellCommand[];
}

export interface PendingHereDocument {
  readonly redirect: Mutable<ShellRedirect> & { body?: HereDocumentBody };
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly expands: boolean;
  readonly context: readonly ShellContext[];
}

export const MAX_DEPTH = 40;

export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const DOLLAR = 36;
export const AMPERSAND = 38;
export const SINGLE_QUOTE = 39;
export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const SEMICOLON = 59;
export const LESS = 60;
export const GREATER = 62;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const BACKTICK = 96;
export const OPEN_BRACE = 123;
export const BAR = 124;
export const CLOSE_BRACE = 125;

const PLAIN = 0;
const ENDS_WORD = 1;
const INSIDE_WORD = 2;
const classes = new Uint8Array(128);
for (const code of [
  TAB,
  NEWLINE,
  RETURN,
  SPACE,
  AMPERSAND,
  OPEN_PAREN,
  CLOSE_PAREN,
  SEMICOLON,
  LESS,
  GREATER,
  BAR,
]) {
  classes[code] = ENDS_WORD;
}
for (const code of [DOUBLE_QUOTE, DOLLAR, SINGLE_QUOTE, BACKSLASH, BACKTICK]) classes[code] = INSIDE_WORD;

/** True for a character that needs no further look inside an unquoted word. */
export function isPlain(code: number): boolean {
  return code > 127 || classes[code] === PLAIN;
}

/** True for blanks, line ends and the characters of operators. */
export function endsWord(code: number): boolean {
  return code < 128 && classes[code] === ENDS_WORD;
}

/** The character at `offset` from the position; NaN behind the end, which equals no character. */
export function peek(cursor: Cursor, offset = 0): number {
  const at = cursor.pos + offset;
  return at < cursor.end ? cursor.text.charCodeAt(at) : Number.NaN;
}

/** True if no further character belongs to the word that ends at the position. */
export function atWordEnd(cursor: Cursor): boolean {
  return cursor.pos >= cursor.end || endsWord(cursor.text.charCodeAt(cursor.pos));
}

/** Length of a line end that is escaped by a backslash at the position, 0 if there is none. */
export function continuationLength(cursor: Cursor): number {
  if (peek(cursor) !== BACKSLASH) return 0;
  if (peek(cursor, 1) === NEWLINE) return 2;
  return peek(cursor, 1) === RETURN && peek(cursor, 2) === NEWLINE ? 3 : 0;
}

/** Steps over blanks and escaped line ends. */
export function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const code = peek(cursor);
    if (code === SPACE || code === TAB || code === RETURN) cursor.pos++;
    else {
      const length = continuationLength(cursor);
      if (length === 0) return;
      cursor.pos += length;
    }
  }
}

/** Steps over a comment, up to its line's end. */
export function skipComment(cursor: Cursor): void {
  while (cursor.pos < cursor.end && peek(cursor) !== NEWLINE) cursor.pos++;
}

/** The text that `pattern` (sticky) matches at the position, within the cursor's end. */
export function matchHere(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.pos;
  const match = pattern.exec(cursor.text);
  return match && cursor.pos + match[0].length <= cursor.end ? match : undefined;
}
