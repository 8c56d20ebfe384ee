/** Cuts TOML, sound or not, into statements, so that a reader can leave out a broken one. */
import type { Span } from './tree.js';

/**
 * A statement (a table header, or a key with its value over however many lines) or a line of comment. The
 * span leaves out indentation and trailing space; a comment at the end of a statement belongs to it.
 */
export interface LogicalLine extends Span {
  readonly kind: 'header' | 'pair' | 'comment';
  /** False where something is certainly missing: a bracket, a quote, the `=`, the value. */
  readonly whole: boolean;
  /** How deep brackets, or the parts of the key, nest. */
  readonly depth: number;
  /** Length of the longest string. */
  readonly longest: number;
}

const HEADER_LIKE =
  /^[ \t]*\[{1,2}[ \t]*(?!(?:true|false|inf|nan)[ \t]*\])[A-Za-z_][\w.\- \t]*\]{1,2}[ \t]*\r?(?:#.*)?$/m;
const PAIR_LIKE = /^[ \t]*[A-Za-z_][\w.-]*[ \t]*=/;

/**
 * The statements and comment lines of a text in order; blank lines are left out. Never throws.
 * Behind the first pair that is not whole each line counts as one of its own: a parser gets no further, and
 * to look time and again for a closing bracket that is not there would take quadratic time.
 */
export function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let at = 0;
  let unfinished = false;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const start = skipSpace(text, at, end);
    if (start === end) {
      at = end + 1;
      continue;
    }
    const line = readLine(text, start, end, unfinished);
    unfinished ||= line.kind === 'pair' && !line.whole;
    lines.push(line);
    at = lineEnd(text, line.end) + 1;
  }
  return lines;
}

/** The dotted name in a header, as far as it can be made out, without brackets and spaces: `a.b`. */
export function headerName(text: string, header: Span): string {
  const name = /^\[+([^\]#\n]*)/.exec(text.slice(header.start, header.end))?.[1] ?? '';
  return name.replace(/\s+/g, '');
}

/** Offset of the line feed at or after `at`, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Where a string that opens at `at` ends, quotes included, and whether its closing quote is there. */
export function stringEnd(text: string, at: number): { readonly end: number; readonly closed: boolean } {
  const quote = text.charAt(at);
  const long = text.startsWith(quote.repeat(3), at);
  const closing = long ? quote.repeat(3) : quote;
  let i = at + closing.length;
  for (; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n' && !long) return { end: i, closed: false };
    if (char === '\\' && quote === '"') i++;
    else if (char === quote && text.startsWith(closing, i))
      return { end: afterQuotes(text, i, closing), closed: true };
  }
  return { end: text.length, closed: false };
}

/** Up to two more quotes may stand directly before the three that close a long string. */
function afterQuotes(text: string, at: number, closing: string): number {
  let end = at + closing.length;
  if (closing.length === 3) {
    for (let more = 0; more < 2 && text.charAt(end) === closing.charAt(0); more++) end++;
  }
  return end;
}

function readLine(text: string, start: number, end: number, alone: boolean): LogicalLine {
  const first = text.charAt(start);
  if (first === '#') return made(text, 'comment', start, end, true);
  if (first === '[') {
    const header = text.slice(start, end);
    return made(text, 'header', start, end, isWholeHeader(header), { depth: countParts(header), longest: 0 });
  }
  return alone ? made(text, 'pair', start, end, true) : readPair(text, start, end);
}

function made(
  text: string,
  kind: LogicalLine['kind'],
  start: number,
  end: number,
  whole: boolean,
  size = { depth: 0, longest: 0 },
): LogicalLine {
  return { kind, start, end: skipSpaceBack(text, start, end), whole, ...size };
}

function isWholeHeader(header: string): boolean {
  const brackets = header.startsWith('[[') ? 2 : 1;
  let at = brackets;
  while (at < header.length && header.charAt(at) !== ']') {
    const char = header.charAt(at);
    at = char === '"' || char === "'" ? stringEnd(header, at).end : at + 1;
  }
  return header.startsWith(']'.repeat(brackets), at) && /^\s*(?:#|$)/.test(header.slice(at + brackets));
}

function readPair(text: string, start: number, firstEnd: number): LogicalLine {
  const line = text.slice(start, firstEnd);
  const equals = findEquals(line);
  if (equals === undefined || /^[ \t\r]*(?:#|$)/.test(line.slice(equals + 1))) {
    return made(text, 'pair', start, firstEnd, false);
  }
  return readValue(text, start, start + equals + 1, firstEnd);
}

function countParts(key: string): number {
  return key.split('.').length;
}

function findEquals(line: string): number | undefined {
  for (let at = 0; at < line.length; ) {
    const char = line.charAt(at);
    if (char === '=') return at;
    if (char === '#') return undefined;
    at = char === '"' || char === "'" ? stringEnd(line, at).end : at + 1;
  }
  return undefined;
}

function readValue(text: string, start: number, from: number, firstEnd: number): LogicalLine {
  const open: string[] = [];
  const size = { depth: countParts(text.slice(start, from)), longest: 0 };
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      const { end, closed } = stringEnd(text, at);
      if (!closed && end === text.length && text.startsWith(char.repeat(3), at)) {
        return made(text, 'pair', start, nextHeader(text, at), false, size);
      }
      size.longest = Math.max(size.longest, end - at);
      at = end;
      continue;
    }
    if (char === '#') {
      at = lineEnd(text, at);
      continue;
    }
    if (char === '\n' && (open.length === 0 || isNextStatement(text, at + 1, open.at(-1)))) break;
    if (char === '[' || char === '{') size.depth = Math.max(size.depth, open.push(char));
    else if (char === ']' || char === '}') open.pop();
    at++;
  }
  // An open brace may swallow any number of sound lines, so only the line that it stands on is given up.
  const end = open[0] === '{' ? firstEnd : at;
  return made(text, 'pair', start, end, open.length === 0, size);
}

/** Inside brackets: whether the line at `at` cannot belong to them, so that a closing one is missing. */
function isNextStatement(text: string, at: number, bracket: string | undefined): boolean {
  const line = text.slice(at, lineEnd(text, at));
  return HEADER_LIKE.test(line) || (bracket === '[' && PAIR_LIKE.test(line));
}

function nextHeader(text: string, at: number): number {
  const from = Math.min(lineEnd(text, at) + 1, text.length);
  const found = HEADER_LIKE.exec(text.slice(from));
  return found ? from + found.index : text.length;
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /\s/.test(text.charAt(at))) at++;
  return at;
}

function skipSpaceBack(text: string, start: number, from: number): number {
  let end = from;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}
