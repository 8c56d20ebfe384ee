/** Reads the arguments of calls in Groovy, as far as they are literal. */

import {
  type GroovyArgument,
  type GroovyValue,
  is,
  isName,
  MAX_DEPTH,
  NO_CALLS,
  type Reader,
  wordAt,
} from './groovy-reader.js';
import type { GroovyString, GroovyToken } from './groovy-tokens.js';

/** What may follow the name of a step without parentheses. */
export function startsArgument(token: GroovyToken | undefined, next: GroovyToken | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'string') return true;
  if (is(token, '[')) return true;
  if (!isName(token) || NO_CALLS.test(token.text)) return false;
  return (
    is(next, ':') ||
    is(next, '\n') ||
    is(next, ',') ||
    is(next, '.') ||
    is(next, '}') ||
    is(next, '(') ||
    next === undefined ||
    is(next, ';')
  );
}

/** Arguments up to the end of the line; one that a comma ends goes on. */
export function readBareArguments(reader: Reader, depth: number): readonly GroovyArgument[] {
  const args: GroovyArgument[] = [];
  for (;;) {
    const arg = readArgument(reader, depth);
    if (!arg) return args;
    args.push(arg);
    if (!is(reader.tokens[reader.at], ',')) return args;
    reader.at += 1;
    while (is(reader.tokens[reader.at], '\n')) reader.at += 1;
  }
}

/** Between brackets, which are both taken. */
export function readList(reader: Reader, close: string, depth: number): readonly GroovyArgument[] {
  const open = reader.tokens[reader.at] as GroovyToken;
  const args: GroovyArgument[] = [];
  reader.at += 1;
  if (depth > MAX_DEPTH) {
    reader.problems.push(open);
    reader.at = reader.tokens.length;
  }
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at];
    if (is(token, close)) {
      reader.at += 1;
      return args;
    }
    if (is(token, ',') || is(token, '\n')) {
      reader.at += 1;
      continue;
    }
    // A bracket of another kind belongs to what stands around.
    if (is(token, '}')) break;
    const before = reader.at;
    const arg = readArgument(reader, depth + 1);
    if (arg) args.push(arg);
    if (reader.at === before) reader.at += 1;
  }
  reader.problems.push(open);
  return args;
}

function readArgument(reader: Reader, depth: number): GroovyArgument | undefined {
  const token = reader.tokens[reader.at];
  const named = token?.kind !== 'mark' && is(reader.tokens[reader.at + 1], ':');
  if (named && token) {
    reader.at += 2;
    while (is(reader.tokens[reader.at], '\n')) reader.at += 1;
    const value = readValue(reader, depth);
    return value && { name: token.text, value };
  }
  const value = readValue(reader, depth);
  return value && { name: undefined, value };
}

/** Methods that leave a text what it is, as far as it matters here. */
const HARMLESS = /^(?:stripIndent|trim|toString|stripLeading)$/;

/** A literal that nothing is added to; anything else ends where a comma, a line or a bracket does. */
export function readValue(reader: Reader, depth: number): GroovyValue | undefined {
  const { tokens } = reader;
  const start = tokens[reader.at];
  if (!start || isEnd(start)) return undefined;
  let value: GroovyValue | undefined;
  if (start.kind === 'string') {
    reader.at += 1;
    value = trimmed(reader, start, depth);
  } else if (is(start, '[')) {
    const items = readList(reader, ']', depth + 1);
    value = { kind: 'list', items, start: start.start, end: tokens[reader.at - 1]?.end ?? start.end };
  } else if (is(start, '{')) {
    const braces = reader.braces(depth);
    value = braces && { kind: 'closure', ...braces };
  } else if (start.kind === 'word') {
    reader.at += 1;
    value = { kind: 'word', text: start.text, start: start.start, end: start.end };
    if (is(tokens[reader.at], '(')) {
      const args = readList(reader, ')', depth + 1);
      value = { ...value, kind: 'made', by: start.text, args, end: tokens[reader.at - 1]?.end ?? start.end };
    }
  }
  const behind = tokens[reader.at];
  if (value && (!behind || isEnd(behind) || is(behind, '{'))) return value;
  return passOver(reader, start, depth);
}

function trimmed(reader: Reader, string: GroovyString, depth: number): GroovyString {
  const { tokens } = reader;
  const method = is(tokens[reader.at], '.') ? (wordAt(reader, reader.at + 1) ?? '') : '';
  const bare = !is(tokens[reader.at + 2], '(') || is(tokens[reader.at + 3], ')');
  const margin = method === 'stripMargin' && bare;
  if (!margin && !HARMLESS.test(method)) return string;
  reader.at += 2;
  if (is(tokens[reader.at], '(')) readList(reader, ')', depth);
  const rest = margin ? { ...string, text: withoutMargin(string.text) } : string;
  return trimmed(reader, rest, depth);
}

/** Blanks take the place of the margin, so that offsets stay. */
function withoutMargin(text: string): string {
  return text.replace(/^([ \t]*)\|/gm, '$1 ');
}

function isEnd(token: GroovyToken): boolean {
  return token.kind === 'mark' && /^[,)\]};\n]$/.test(token.text);
}

/** An expression that is none of ours. */
function passOver(reader: Reader, start: GroovyToken, depth: number): GroovyValue {
  const { tokens } = reader;
  while (reader.at < tokens.length) {
    const token = tokens[reader.at] as GroovyToken;
    if (isEnd(token)) break;
    if (is(token, '(')) readList(reader, ')', depth + 1);
    else if (is(token, '[')) readList(reader, ']', depth + 1);
    else if (is(token, '{')) reader.braces(depth);
    else reader.at += 1;
    // An operator at the end of a line goes on.
    if (/^[+?:|&.-]$/.test((token as { text: string }).text))
      while (is(tokens[reader.at], '\n')) reader.at += 1;
  }
  return { kind: 'other', start: start.start, end: tokens[reader.at - 1]?.end ?? start.end };
}
