/** Reads the shell's reserved words where a command may start, and what belongs to their heads. */
import {
  AMPERSAND,
  atWordEnd,
  BAR,
  CLOSE_PAREN,
  type Cursor,
  endsWord,
  HASH,
  matchHere,
  NEWLINE,
  OPEN_PAREN,
  peek,
  SEMICOLON,
  skipBlanks,
  skipComment,
} from './shell-cursor.js';
import { arithmeticEnd, readInside } from './shell-expansions.js';
import { readBodies } from './shell-redirects.js';
import { addCommand, close, contextNow, continueWith, type List, open } from './shell-scopes.js';
import type { ShellWord } from './shell-types.js';
import { readWord } from './shell-words.js';

const RESERVED = /[a-z]+|[{}!]|\[\[/y;
const TEST_OPERATOR = /[()<>|&;]+/y;
const FUNCTION_MARK = /[ \t]*\([ \t]*\)/y;
/** In front of a simple command `time` is read as a program. */
const TIME_OF_COMPOUND = /(?:[ \t]+-p)?[ \t]+(?=[({!]|\[\[|(?:if|for|while|until|case|select)[ \t(])/y;

const handlers: ReadonlyMap<string, (list: List, start: number) => void> = new Map([
  ['if', list => open(list, 'if', 'if', true)],
  ['then', list => continueWith(list, 'if', false)],
  ['elif', list => continueWith(list, 'if', true)],
  ['else', list => continueWith(list, 'if', false)],
  ['fi', list => close(list, 'if')],
  ['while', list => open(list, 'loop', 'loop', true)],
  ['until', list => open(list, 'loop', 'loop', true)],
  ['for', readForHead],
  ['select', readForHead],
  ['do', list => continueWith(list, 'loop', false)],
  ['done', list => close(list, 'loop')],
  ['case', readCaseHead],
  ['esac', list => close(list, 'case')],
  ['{', list => open(list, 'brace', 'group', false)],
  ['}', list => close(list, 'brace')],
  ['!', negate],
  ['[[', readTest],
  ['function', readFunctionHead],
]);

/** Reads the reserved word at the position with its head; false, nothing read, if there is none. */
export function readKeyword(list: List): boolean {
  const { cursor } = list;
  const match = matchHere(cursor, RESERVED);
  if (!match) return false;
  const start = cursor.pos;
  const end = start + match[0].length;
  if (end < cursor.end && !endsWord(cursor.text.charCodeAt(end))) return false;
  const handle = match[0] === 'time' ? skipTime(cursor, end) : handlers.get(match[0]);
  if (!handle) return false;
  cursor.pos = Math.max(end, cursor.pos);
  handle(list, start);
  return true;
}

/** Reads the `()` after the name of a function; false, nothing read, if there is none. */
export function readFunctionMark(list: List): boolean {
  const match = matchHere(list.cursor, FUNCTION_MARK);
  if (!match) return false;
  list.cursor.pos += match[0].length;
  list.scope.awaitsBody = true;
  list.scope.done = false;
  return true;
}

/** Reads the patterns of the next branch of a `case`, up to and with their `)`; stays in front of `esac`. */
export function readCasePatterns(list: List): void {
  const { cursor } = list;
  cursor.context = contextNow(list.scope);
  skipLines(cursor);
  if (startsWord(cursor, 'esac')) return;
  if (peek(cursor) === OPEN_PAREN) cursor.pos++;
  while (cursor.pos < cursor.end) {
    skipBlanks(cursor);
    const code = peek(cursor);
    if (code === NEWLINE || code === SEMICOLON || code === AMPERSAND) return;
    if (cursor.pos >= cursor.end) return;
    if (code === CLOSE_PAREN || code === BAR || atWordEnd(cursor)) cursor.pos++;
    else readWord(cursor);
    if (code === CLOSE_PAREN) return;
  }
}

function negate(list: List): void {
  list.scope.negated = !list.scope.negated;
}

/** Steps over `time` in front of a compound command, which it leaves as it is. */
function skipTime(cursor: Cursor, end: number): (() => void) | undefined {
  const start = cursor.pos;
  cursor.pos = end;
  const match = matchHere(cursor, TIME_OF_COMPOUND);
  cursor.pos = match ? end + match[0].length : start;
  return match ? () => undefined : undefined;
}

function readForHead(list: List): void {
  const { cursor } = list;
  cursor.context = contextNow(list.scope);
  skipBlanks(cursor);
  const isArithmetic = peek(cursor) === OPEN_PAREN && peek(cursor, 1) === OPEN_PAREN;
  const end = isArithmetic ? arithmeticEnd(cursor, cursor.pos + 2) : undefined;
  if (end !== undefined) {
    cursor.pos += 2;
    readInside(cursor, end);
    cursor.pos = end + 2;
  } else if (!atWordEnd(cursor)) {
    readWord(cursor);
    readForWords(cursor);
  }
  open(list, 'loop', 'loop', false);
}

function readForWords(cursor: Cursor): void {
  skipLines(cursor);
  if (!startsWord(cursor, 'in')) return;
  cursor.pos += 2;
  for (skipBlanks(cursor); !atWordEnd(cursor); skipBlanks(cursor)) readWord(cursor);
}

function readCaseHead(list: List): void {
  const { cursor } = list;
  cursor.context = contextNow(list.scope);
  skipBlanks(cursor);
  if (!atWordEnd(cursor)) readWord(cursor);
  skipLines(cursor);
  const hasBranches = startsWord(cursor, 'in');
  if (hasBranches) cursor.pos += 2;
  open(list, 'case', 'case', false);
  if (hasBranches) readCasePatterns(list);
}

function readFunctionHead(list: List): void {
  const { cursor } = list;
  skipBlanks(cursor);
  if (!atWordEnd(cursor)) readWord(cursor);
  if (!readFunctionMark(list)) list.scope.awaitsBody = true;
}

/** Reads `[[ … ]]` as one command, its operators as words. */
function readTest(list: List, start: number): void {
  const { cursor } = list;
  cursor.context = contextNow(list.scope);
  const words = [plainWord(cursor, start)];
  let closed = false;
  while (!closed) {
    skipLines(cursor, false);
    if (cursor.pos >= cursor.end) break;
    const at = cursor.pos;
    closed = startsWord(cursor, ']]');
    const operator = closed ? ']]' : matchHere(cursor, TEST_OPERATOR)?.[0];
    cursor.pos += operator?.length ?? 0;
    const word = operator === undefined ? readWord(cursor) : plainWord(cursor, at);
    if (word.end > word.start) words.push(word);
    if (cursor.pos === at) cursor.pos++;
  }
  if (!closed) cursor.complete = false;
  const end = words.at(-1)?.end ?? cursor.pos;
  addCommand(list, start, end, { assignments: [], words, redirects: [] });
}

/** True if exactly this word stands at the position. */
function startsWord(cursor: Cursor, word: string): boolean {
  const end = cursor.pos + word.length;
  if (end > cursor.end || !cursor.text.startsWith(word, cursor.pos)) return false;
  return end === cursor.end || endsWord(cursor.text.charCodeAt(end));
}

/** The text from `start` to the position as a word that nothing expands. */
function plainWord(cursor: Cursor, start: number): ShellWord {
  const end = cursor.pos;
  const text = cursor.text.slice(start, end);
  const part = { kind: 'text', text, start, end, quote: 'none' } as const;
  return { start, end, text, literal: true, parts: [part], quoted: 'none' };
}

/** Steps over blanks, line ends and, unless told otherwise, comments. */
function skipLines(cursor: Cursor, comments = true): void {
  for (;;) {
    skipBlanks(cursor);
    if (peek(cursor) === NEWLINE) {
      cursor.pos++;
      readBodies(cursor);
    } else if (comments && peek(cursor) === HASH) skipComment(cursor);
    else return;
  }
}
