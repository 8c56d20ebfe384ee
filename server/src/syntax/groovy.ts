/** Reads the calls of a Groovy script with their literal arguments and their closures; all else is passed over. */
import {
  BRANCHES,
  type Braces,
  type GroovyArgument,
  type GroovyCall,
  type GroovyScript,
  is,
  isName,
  MAX_DEPTH,
  NO_CALLS,
  type Reader,
} from './groovy-reader.js';
import { type GroovyToken, groovyTokens } from './groovy-tokens.js';
import { readBareArguments, readList, readValue, startsArgument } from './groovy-values.js';

export type { GroovyArgument, GroovyCall, GroovyScript, GroovyValue } from './groovy-reader.js';
export { type GroovyString, isEscape } from './groovy-tokens.js';

/** Never throws; what cannot be read ends in `problems`. */
export function readGroovy(text: string): GroovyScript {
  const { tokens, problems } = groovyTokens(text);
  const reader: Reader = {
    tokens,
    at: 0,
    problems: [...problems],
    closing: closingIn(tokens),
    braces: depth => readBraces(reader, depth),
  };
  const calls: GroovyCall[] = [];
  while (reader.at < tokens.length) {
    calls.push(...readBlock(reader, 0));
    const extra = tokens[reader.at];
    if (extra) reader.problems.push(extra);
    reader.at += 1;
  }
  return { calls, problems: reader.problems };
}

function closingIn(tokens: readonly GroovyToken[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [i, { kind, text }] of tokens.entries()) {
    if (kind !== 'mark') continue;
    if (text === '(' || text === '[') open.push(i);
    else if (text === ')' || text === ']') {
      const from = open.pop();
      if (from !== undefined) closing.set(from, i);
    }
  }
  return closing;
}

/** Up to the brace that closes it, which is left standing, or to `stop`. */
function readBlock(reader: Reader, depth: number, stop = reader.tokens.length): GroovyCall[] {
  const calls: GroovyCall[] = [];
  while (reader.at < stop) {
    const token = reader.tokens[reader.at];
    if (is(token, '}')) return calls;
    if (is(token, '{')) calls.push(...readBranch(reader, '', depth));
    else if (isName(token)) calls.push(...readStatement(reader, depth));
    else reader.at += 1;
  }
  return calls;
}

/** What stands in parentheses behind `if` and the like, then the statement or the braces behind them. */
function readBranch(reader: Reader, name: string, depth: number): readonly GroovyCall[] {
  const { tokens, closing } = reader;
  const start = tokens[reader.at]?.start ?? 0;
  if (name !== '') reader.at += 1;
  const close = closing.get(reader.at);
  const before = close === undefined ? [] : readBlock(reader, depth, close + 1);
  while (is(tokens[reader.at], '\n')) reader.at += 1;
  const next = tokens[reader.at];
  const braces = readBraces(reader, depth);
  const body = braces?.calls ?? (isName(next) && depth < MAX_DEPTH ? readStatement(reader, depth + 1) : []);
  const end = tokens[reader.at - 1]?.end ?? start;
  const nameSpan = { start, end: start + name.length };
  const branch = { name, nameSpan, start, end, args: [], on: undefined, body, bodySpan: braces } as const;
  return body.length === 0 ? before : [...before, { ...branch, kind: 'branch' }];
}

function readBraces(reader: Reader, depth: number): Braces | undefined {
  const open = reader.tokens[reader.at];
  if (!open || !is(open, '{')) return undefined;
  reader.at += 1;
  if (depth > MAX_DEPTH) {
    reader.problems.push(open);
    reader.at = reader.tokens.length;
    return undefined;
  }
  skipParameters(reader);
  const calls = readBlock(reader, depth + 1);
  const close = reader.tokens[reader.at];
  if (!close) reader.problems.push(open);
  reader.at += 1;
  return { calls, start: open.start, end: close?.end ?? open.end };
}

/** `name ->` and `a, b ->` at the start of a closure. */
function skipParameters(reader: Reader): void {
  for (let i = reader.at; i < reader.at + 12; i++) {
    const token = reader.tokens[i];
    if (is(token, '-') && is(reader.tokens[i + 1], '>')) {
      reader.at = i + 2;
      return;
    }
    if (!token || (token.kind === 'mark' && !/^[,\n]$/.test(token.text))) return;
  }
}

const TYPES = /^(?:def|void|final|static|private|public|protected|synchronized|[A-Z]\w*|int|boolean|long)$/;

/** Reads from a name on: a call with all that hangs on it, an assignment, or just the name. */
function readStatement(reader: Reader, depth: number): readonly GroovyCall[] {
  const { tokens } = reader;
  const first = tokens[reader.at];
  if (!isName(first)) return [];
  if (first.text === 'import' || first.text === 'package') {
    while (reader.at < tokens.length && !is(tokens[reader.at], '\n')) reader.at += 1;
    return [];
  }
  if (BRANCHES.test(first.text)) return readBranch(reader, first.text, depth);
  if (NO_CALLS.test(first.text)) {
    reader.at += 1;
    return [];
  }
  const next = tokens[reader.at + 1];
  if (TYPES.test(first.text) && (isName(next) || (first.text === 'def' && next?.kind === 'string'))) {
    const method = tokens[reader.at + 2];
    if (is(method, '(') && isDefinition(reader)) return [readDefinition(reader, depth)];
    reader.at += 1;
    return [];
  }
  return readChain(reader, depth);
}

/** `name(…) {` behind a type: a method, and no call with a closure. */
function isDefinition({ tokens, at, closing }: Reader): boolean {
  const close = closing.get(at + 2);
  if (close === undefined) return false;
  let behind = close + 1;
  while (is(tokens[behind], '\n')) behind += 1;
  const token = tokens[behind];
  return is(token, '{') || (isName(token) && token.text === 'throws');
}

function readDefinition(reader: Reader, depth: number): GroovyCall {
  const name = reader.tokens[reader.at + 1] as GroovyToken & { kind: 'word' };
  reader.at += 2;
  while (reader.at < reader.tokens.length && !is(reader.tokens[reader.at], '{')) reader.at += 1;
  const body = readBraces(reader, depth);
  return {
    kind: 'define',
    name: name.text,
    nameSpan: name,
    args: [],
    on: undefined,
    body: body?.calls,
    bodySpan: body,
    start: name.start,
    end: body?.end ?? name.end,
  };
}

/** `a.b(…) { … }.c(…)`, each call on the one before. */
function readChain(reader: Reader, depth: number): readonly GroovyCall[] {
  let call = readCall(reader, undefined, depth);
  for (let links = 0; call && links < MAX_DEPTH; links++) {
    let dot = reader.at;
    while (is(reader.tokens[dot], '\n')) dot += 1;
    if (is(reader.tokens[dot], '?')) dot += 1;
    if (!is(reader.tokens[dot], '.') || !isName(reader.tokens[dot + 1])) break;
    reader.at = dot + 1;
    const next = readCall(reader, call, depth);
    if (!next) break;
    call = next;
  }
  return call ? [call] : [];
}

function readCall(reader: Reader, on: GroovyCall | undefined, depth: number): GroovyCall | undefined {
  const { tokens } = reader;
  const first = tokens[reader.at] as GroovyToken & { kind: 'word' };
  let name = first.text;
  let last: GroovyToken = first;
  reader.at += 1;
  for (; is(tokens[reader.at], '.') && isName(tokens[reader.at + 1]); reader.at += 2) {
    last = tokens[reader.at + 1] as GroovyToken & { kind: 'word' };
    name += `.${(last as { text: string }).text}`;
  }
  const element = elementAt(reader, last);
  if (element !== undefined) {
    name += element;
    last = tokens[reader.at - 1] ?? last;
  }
  const nameSpan = { start: first.start, end: last.end };
  const base = { name, nameSpan, on, start: on?.start ?? first.start };
  const next = tokens[reader.at];
  const sets = assignmentAt(tokens, reader.at);
  if (sets > 0) {
    reader.at += sets;
    while (is(tokens[reader.at], '\n')) reader.at += 1;
    const value = readValue(reader, depth);
    const end = value?.end ?? last.end;
    // What is added to makes no literal.
    const whole = value && sets > 1 ? ({ kind: 'other', start: value.start, end } as const) : value;
    const args = whole ? [{ name: undefined, value: whole }] : [];
    return { ...base, kind: 'assign', args, body: undefined, bodySpan: undefined, end };
  }
  let args: readonly GroovyArgument[] = [];
  const isCalled = is(next, '(');
  if (isCalled) args = readList(reader, ')', depth);
  else if (startsArgument(next, tokens[reader.at + 1])) args = readBareArguments(reader, depth);
  const end = tokens[reader.at - 1]?.end ?? last.end;
  const body = readBraces(reader, depth);
  if (!isCalled && args.length === 0 && !body && !on) return undefined;
  return { ...base, kind: 'call', args, body: body?.calls, bodySpan: body, end: body?.end ?? end };
}

/** How many marks `=`, `+=` or the like takes; none where nothing is set. */
function assignmentAt(tokens: readonly GroovyToken[], at: number): number {
  const marks = is(tokens[at], '=') ? 1 : 2;
  const [first, equals, behind] = [tokens[at], tokens[at + marks - 1], tokens[at + marks]];
  const isSet =
    is(equals, '=') &&
    !is(behind, '=') &&
    !is(behind, '~') &&
    equals?.start === (first?.start ?? 0) + marks - 1;
  return isSet && (marks === 1 || /^[-+*/%|&^]$/.test((first as GroovyToken).text)) ? marks : 0;
}

/** Takes `['name']` or `[…]` behind a name where it is set: `.name`, or `[]`. */
function elementAt(reader: Reader, before: GroovyToken): string | undefined {
  const { tokens, at, closing } = reader;
  const close = closing.get(at);
  if (close === undefined || !is(tokens[at], '[') || tokens[at]?.start !== before.end) return undefined;
  if (assignmentAt(tokens, close + 1) === 0) return undefined;
  const index = tokens[at + 1];
  reader.at = close + 1;
  return close === at + 2 && index?.kind === 'string' && index.holes.length === 0 ? `.${index.text}` : '[]';
}
