/** Reads redirections, and the bodies of here-documents once their line has ended. */
import {
  AMPERSAND,
  atWordEnd,
  CLOSE_PAREN,
  type Cursor,
  GREATER,
  LESS,
  type Mutable,
  matchHere,
  OPEN_BRACE,
  OPEN_PAREN,
  type PendingHereDocument,
  peek,
  skipBlanks,
} from './shell-cursor.js';
import type { ShellRedirect } from './shell-types.js';
import { readExpandingText, readWord } from './shell-words.js';

const REDIRECT = /(\d{1,9}|\{[A-Za-z_]\w*\})?(&>>|&>|<<<|<<-|<<|<>|<&|>>|>&|>\||<|>)/y;

/** Reads the redirection at the position, or nothing if there is none; `<(` and `>(` are words. */
export function readRedirect(cursor: Cursor): ShellRedirect | undefined {
  if (!mayRedirect(peek(cursor))) return undefined;
  const match = matchHere(cursor, REDIRECT);
  const operator = match?.[2];
  if (!match || operator === undefined) return undefined;
  const start = cursor.pos;
  const after = cursor.text.charCodeAt(start + match[0].length);
  if (after === OPEN_PAREN && match[1] === undefined && (operator === '<' || operator === '>'))
    return undefined;
  cursor.pos += match[0].length;
  const redirect: Mutable<ShellRedirect> = { start, end: cursor.pos, operator };
  if (match[1] !== undefined) redirect.fd = match[1];
  const commandsBefore = cursor.commands.length;
  readTarget(cursor, redirect);
  if (operator === '<<' || operator === '<<-') {
    cursor.commands.length = commandsBefore; // a delimiter is never expanded
    expectBody(cursor, redirect);
  }
  return redirect;
}

/** Reads the bodies of the here-documents of the line that ended just before the position. */
export function readBodies(cursor: Cursor): void {
  const pending = cursor.pending;
  if (pending.length === 0) return;
  cursor.pending = [];
  for (const document of pending) readBody(cursor, document);
}

function mayRedirect(code: number): boolean {
  if (code === LESS || code === GREATER || code === AMPERSAND || code === OPEN_BRACE) return true;
  return code >= 48 && code <= 57;
}

function readTarget(cursor: Cursor, redirect: Mutable<ShellRedirect>): void {
  const afterOperator = cursor.pos;
  skipBlanks(cursor);
  const isSubstitution =
    (peek(cursor) === LESS || peek(cursor) === GREATER) && peek(cursor, 1) === OPEN_PAREN;
  const target = atWordEnd(cursor) && !isSubstitution ? undefined : readWord(cursor);
  if (!target || target.end === target.start) {
    if (!target) cursor.pos = afterOperator;
    return;
  }
  redirect.target = target;
  redirect.end = target.end;
}

function expectBody(cursor: Cursor, redirect: Mutable<ShellRedirect>): void {
  if (!redirect.target) return;
  const { text, start, end } = redirect.target;
  cursor.pending.push({
    redirect,
    delimiter: text,
    stripsTabs: redirect.operator === '<<-',
    expands: cursor.text.slice(start, end) === text,
    context: cursor.context,
  });
}

function readBody(cursor: Cursor, document: PendingHereDocument): void {
  const start = cursor.pos;
  const end = bodyEnd(cursor, document);
  const after = cursor.pos;
  document.redirect.body = { start, end, expands: document.expands };
  if (!document.expands || !cursor.text.slice(start, end).match(/[$`]/)) return;
  const outer = { end: cursor.end, context: cursor.context };
  cursor.pos = start;
  cursor.end = end;
  cursor.context = document.context;
  readExpandingText(cursor, [], false);
  cursor.pos = after;
  cursor.end = outer.end;
  cursor.context = outer.context;
}

/** Finds where the body that starts at the position ends, and steps behind its delimiter. */
function bodyEnd(cursor: Cursor, { delimiter, stripsTabs }: PendingHereDocument): number {
  while (cursor.pos < cursor.end) {
    const lineStart = cursor.pos;
    const newline = cursor.text.indexOf('\n', lineStart);
    const lineEnd = newline < 0 || newline > cursor.end ? cursor.end : newline;
    let from = lineStart;
    if (stripsTabs) while (cursor.text.charAt(from) === '\t' && from < lineEnd) from++;
    if (endsHere(cursor, delimiter, from, lineEnd)) {
      cursor.pos = from + delimiter.length;
      return lineStart;
    }
    cursor.pos = Math.min(cursor.end, lineEnd + 1);
  }
  cursor.complete = false;
  return cursor.end;
}

/** Bash takes `EOF)` for the end too where the here-document stands in a substitution. */
function endsHere(cursor: Cursor, delimiter: string, from: number, lineEnd: number): boolean {
  if (!cursor.text.startsWith(delimiter, from)) return false;
  const end = from + delimiter.length;
  if (end === lineEnd || (end + 1 === lineEnd && cursor.text.charAt(end) === '\r')) return true;
  return end < lineEnd && cursor.depth > 0 && cursor.text.charCodeAt(end) === CLOSE_PAREN;
}
