/** Parses TOML that may be broken: leaves out what cannot be read and says what that was. */
import parseString from '@iarna/toml/parse-string.js';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { headerName, type LogicalLine, logicalLines } from './toml-lines.js';
import type { SyntaxProblem } from './tree.js';

/** Brackets or dots nested deeper than this are not read: readers of the tree recurse. */
export const MAX_DEPTH = 200;

/** What became of a text. */
export interface Recovered<T> {
  /** What `build` made of the sound part; missing when nothing can be read. */
  readonly built: T | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** True when some part of the text, be it valid or not, is left out. */
  readonly partial: boolean;
}

interface Attempt<T> {
  readonly built?: T;
  /** Where the parser gave up, or `undefined` when it cannot say. */
  readonly index?: number;
  readonly reason?: string;
}

const MAX_ATTEMPTS = 20;
/** Characters that are parsed again at most, so that a huge broken file does not take minutes. */
const MAX_WORK = 4_000_000;
/** The parser spreads each string into arguments and overflows the stack somewhat above this. */
const LONG_STRING = 50_000;

/**
 * Parses `text` and hands the result to `build`. A statement that the parser refuses is blanked, and the rest
 * is parsed again; with a header goes its whole table, lest the keys under it land in the table above. It is
 * a problem only if `@iarna/toml` refuses it as well.
 * `build` may throw a RangeError for what is nested too deep.
 */
export function recover<T>(text: string, build: (ast: AST.TOMLProgram) => T): Recovered<T> {
  const problems: SyntaxProblem[] = [];
  const attempts = Math.min(MAX_ATTEMPTS, Math.floor(MAX_WORK / (text.length + 1)));
  let rest = text;
  for (let attempt = 0; attempt <= attempts; attempt++) {
    const result = tryParse(rest, build);
    if (result.built !== undefined) return { built: result.built, problems, partial: attempt > 0 };
    const lines = logicalLines(rest);
    const bad = offenders(lines, result);
    if (bad.length === 0) break;
    for (const line of bad) problems.push(...judge(rest, line, result));
    if (attempt === attempts) rest = cutOff(rest, bad[0]?.start ?? 0);
    else for (const line of bad) rest = withoutStatement(rest, lines, line);
  }
  const last = tryParse(rest, build);
  if (last.built !== undefined) return { built: last.built, problems, partial: true };
  if (problems.length === 0) problems.push(whole(text, last));
  return { built: undefined, problems, partial: true };
}

/** The values of a text by `@iarna/toml`, or `undefined` when that refuses it. */
export function iarnaValues(text: string): Record<string, unknown> | undefined {
  try {
    // It takes the CR of a CRLF for a control character in a comment, and keeps it in long strings.
    return parseString(text.replace(/\r\n/g, '\n'));
  } catch {
    return undefined;
  }
}

function tryParse<T>(text: string, build: (ast: AST.TOMLProgram) => T): Attempt<T> {
  try {
    return { built: build(parseTOML(text)) };
  } catch (error) {
    if (error instanceof ParseError) return { index: error.index, reason: error.message };
    return error instanceof RangeError
      ? {}
      : { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The statements to blame: one, or, when the stack overflowed, all that may have done it. */
function offenders(lines: readonly LogicalLine[], attempt: Attempt<unknown>): readonly LogicalLine[] {
  const { index } = attempt;
  if (index === undefined) return lines.filter(line => line.depth > MAX_DEPTH || line.longest > LONG_STRING);
  const reached = lines.filter(line => line.start <= index);
  // The parser often reports the token after the gap, which stands on a later line.
  const found =
    reached.find(line => !line.whole) ??
    reached.find(line => line.kind === 'comment' && index < line.end) ??
    reached.findLast(line => line.kind !== 'comment');
  return found === undefined ? [] : [found];
}

function judge(text: string, line: LogicalLine, attempt: Attempt<unknown>): readonly SyntaxProblem[] {
  const { start, end } = line;
  if (attempt.index === undefined && line.depth > MAX_DEPTH) {
    return [{ start, end, message: 'Nested too deep to be read.' }];
  }
  if (iarnaValues(text.slice(0, end)) !== undefined) return [];
  return [{ start, end, message: `Not valid TOML: ${attempt.reason ?? 'cannot be read'}.` }];
}

function whole(text: string, attempt: Attempt<unknown>): SyntaxProblem {
  return {
    start: 0,
    end: text.length,
    message: `Cannot be read: ${attempt.reason ?? 'too long or too deep'}.`,
  };
}

function withoutStatement(text: string, lines: readonly LogicalLine[], bad: LogicalLine): string {
  return blank(text, bad.start, bad.kind === 'header' ? endOfTable(text, lines, bad) : bad.end);
}

/** The end of the last statement under a header, the tables inside of it included. */
function endOfTable(text: string, lines: readonly LogicalLine[], header: LogicalLine): number {
  const inside = `${headerName(text, header)}.`;
  let end = header.end;
  for (const line of lines) {
    if (line.start <= header.start) continue;
    if (line.kind === 'header' && !headerName(text, line).startsWith(inside)) break;
    end = line.end;
  }
  return end;
}

function cutOff(text: string, start: number): string {
  return blank(text, start, text.length);
}

function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}
