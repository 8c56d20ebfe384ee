/** Reads what a shell expands inside a word: variables, substitutions, arithmetic, and the CI server's own expressions. */
import {
  BACKSLASH,
  BACKTICK,
  CLOSE_BRACE,
  CLOSE_PAREN,
  type Cursor,
  DOLLAR,
  DOUBLE_QUOTE,
  MAX_DEPTH,
  matchHere,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  peek,
  SINGLE_QUOTE,
} from './shell-cursor.js';
import type { CommandPart, OtherPart, ShellCommand, ShellPart } from './shell-types.js';

type Quote = ShellPart['quote'];

const VARIABLE = /\$([A-Za-z_]\w*|[0-9@*#?$!-])/y;
const BRACED =
  /\$\{([A-Za-z_]\w*|[0-9]+|[@*?$!-])(?:\[[^\]{}$`\n]*\])?(:?[-=+?]|##?|%%?|\/[/#%]?|\^\^?|,,?|@|:)?/y;
/** An interpolation of GitLab's, done before any shell sees the text: `$[[ inputs.image ]]`. */
const GITLAB_EXPRESSION = /\$\[\[\s{0,9}[a-z_]+\.[^\]\n]{0,500}\]\]/y;
/** Longer arithmetic or expressions are not looked for, so that no text takes quadratic time. */
const LOOK_AHEAD = 1000;

/** True if an expansion starts at the position, which is at a `$` or a backtick. */
export function startsExpansion(cursor: Cursor): boolean {
  if (cursor.depth >= MAX_DEPTH) return false;
  if (peek(cursor) === BACKTICK) return true;
  const next = peek(cursor, 1);
  if (next === OPEN_PAREN || next === OPEN_BRACE) return true;
  if (next === OPEN_BRACKET) return matchHere(cursor, GITLAB_EXPRESSION) !== undefined;
  return matchHere(cursor, VARIABLE) !== undefined;
}

/** Reads the expansion at the position, where `startsExpansion` holds; to the end of the text if it is not closed. */
export function readExpansion(cursor: Cursor, quote: Quote): ShellPart {
  const start = cursor.pos;
  if (peek(cursor) === BACKTICK) return readBackticks(cursor, quote, '`');
  const server = readServerExpression(cursor, quote);
  if (server) return server;
  const next = peek(cursor, 1);
  if (next === OPEN_BRACE) return readBraced(cursor, quote);
  if (next === OPEN_PAREN) {
    const close = peek(cursor, 2) === OPEN_PAREN ? arithmeticEnd(cursor, start + 3) : undefined;
    if (close === undefined) return readSubstitution(cursor, quote);
    cursor.pos = start + 3;
    readInside(cursor, close);
    cursor.pos = close + 2;
    return { kind: 'other', start, end: cursor.pos, quote };
  }
  const match = matchHere(cursor, VARIABLE);
  cursor.pos += match?.[0].length ?? 1;
  return { kind: 'variable', name: match?.[1] ?? '', start, end: cursor.pos, quote };
}

/** Reads `${{ … }}` or `$[[ … ]]` at the position; undefined, nothing read, if there is none. Quotes do not stop them. */
export function readServerExpression(cursor: Cursor, quote: Quote): OtherPart | undefined {
  const start = cursor.pos;
  const next = peek(cursor, 1);
  if (next !== OPEN_BRACE && next !== OPEN_BRACKET) return undefined;
  const end =
    next === OPEN_BRACE
      ? actionsExpressionEnd(cursor)
      : start + (matchHere(cursor, GITLAB_EXPRESSION)?.[0].length ?? 0);
  if (end === start) return undefined;
  cursor.pos = end;
  return { kind: 'other', start, end, quote };
}

/** Reads `$(…)`, `<(…)` or `>(…)`; the position is one in front of the parenthesis. */
export function readSubstitution(cursor: Cursor, quote: Quote): CommandPart {
  const start = cursor.pos;
  cursor.pos += 2;
  const commands = readNested(cursor, true);
  if (peek(cursor) === CLOSE_PAREN) cursor.pos++;
  else cursor.complete = false;
  return { kind: 'command', commands, start, end: cursor.pos, quote };
}

/** Reads a substitution in backticks, or in escaped ones inside of such. */
export function readBackticks(cursor: Cursor, quote: Quote, tick: '`' | '\\`'): CommandPart {
  const start = cursor.pos;
  const outer = { end: cursor.end, inBackticks: cursor.inBackticks };
  const close = tick === '`' ? backtickEnd(cursor) : cursor.text.indexOf(tick, start + tick.length);
  const closed = close >= 0 && close + tick.length <= outer.end;
  cursor.pos += tick.length;
  cursor.end = closed ? close : outer.end;
  cursor.inBackticks = true;
  const commands = readNested(cursor, false);
  cursor.inBackticks = outer.inBackticks;
  cursor.pos = closed ? close + tick.length : outer.end;
  cursor.end = outer.end;
  if (!closed) cursor.complete = false;
  return { kind: 'command', commands, start, end: cursor.pos, quote };
}

/** Offset of the `))` that closes the arithmetic whose inside starts at `from`; undefined if it is none. */
export function arithmeticEnd(cursor: Cursor, from: number): number | undefined {
  const limit = Math.min(cursor.end, from + LOOK_AHEAD);
  let open = 0;
  for (let at = from; at < limit; at++) {
    const code = cursor.text.charCodeAt(at);
    if (code === OPEN_PAREN) open++;
    if (code !== CLOSE_PAREN) continue;
    if (open === 0)
      return cursor.text.charCodeAt(at + 1) === CLOSE_PAREN && at + 1 < cursor.end ? at : undefined;
    open--;
  }
  return undefined;
}

/** Reads the commands that expansions run between the position and `to`, and nothing else there. */
export function readInside(cursor: Cursor, to: number): void {
  const outerEnd = cursor.end;
  cursor.end = to;
  cursor.depth++;
  while (cursor.pos < to) {
    const code = peek(cursor);
    if (code === BACKSLASH) cursor.pos += 2;
    else if ((code === DOLLAR || code === BACKTICK) && startsExpansion(cursor))
      readExpansion(cursor, 'double');
    else cursor.pos++;
  }
  cursor.depth--;
  cursor.end = outerEnd;
  cursor.pos = to;
}

function readNested(cursor: Cursor, closes: boolean): readonly ShellCommand[] {
  const context = cursor.context;
  cursor.context = [...context, 'substitution'];
  cursor.depth++;
  const commands = cursor.readCommands(cursor, closes);
  cursor.depth--;
  cursor.context = context;
  return commands;
}

function readBraced(cursor: Cursor, quote: Quote): ShellPart {
  const start = cursor.pos;
  const match = matchHere(cursor, BRACED);
  const head =
    match && (match[2] !== undefined || closesAt(cursor, start + match[0].length)) ? match : undefined;
  cursor.pos += head ? head[0].length : 2;
  const wordStart = cursor.pos;
  skipToBrace(cursor, quote);
  const word = cursor.text.slice(wordStart, cursor.pos);
  if (peek(cursor) === CLOSE_BRACE) cursor.pos++;
  else cursor.complete = false;
  const place = { start, end: cursor.pos, quote };
  const name = head?.[1];
  if (name === undefined) return { kind: 'other', ...place };
  const operator = head?.[2];
  return operator === undefined
    ? { kind: 'variable', name, ...place }
    : { kind: 'variable', name, operator, word, ...place };
}

function closesAt(cursor: Cursor, at: number): boolean {
  return at >= cursor.end || cursor.text.charCodeAt(at) === CLOSE_BRACE;
}

/** Steps to the `}` that closes the expansion around the position, reading the commands of those within. */
function skipToBrace(cursor: Cursor, quote: Quote): void {
  cursor.depth++;
  let inDouble = false;
  for (; cursor.pos < cursor.end; ) {
    const code = peek(cursor);
    if (code === CLOSE_BRACE && !inDouble) break;
    if ((code === DOLLAR || code === BACKTICK) && startsExpansion(cursor)) {
      readExpansion(cursor, 'double');
      continue;
    }
    if (code === DOUBLE_QUOTE) inDouble = !inDouble;
    if (code === SINGLE_QUOTE && quote === 'none' && !inDouble) skipSingleQuotes(cursor);
    else cursor.pos = Math.min(cursor.end, cursor.pos + (code === BACKSLASH ? 2 : 1));
  }
  cursor.depth--;
}

function skipSingleQuotes(cursor: Cursor): void {
  const close = cursor.text.indexOf("'", cursor.pos + 1);
  cursor.pos = close < 0 || close >= cursor.end ? cursor.end : close + 1;
}

function backtickEnd(cursor: Cursor): number {
  for (let at = cursor.pos + 1; at < cursor.end; at++) {
    const code = cursor.text.charCodeAt(at);
    if (code === BACKTICK) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** End of the `${{ … }}` of GitHub Actions at the position; the position itself if there is none. */
function actionsExpressionEnd(cursor: Cursor): number {
  const { text, pos } = cursor;
  if (peek(cursor, 2) !== OPEN_BRACE) return pos;
  const limit = Math.min(cursor.end - 1, pos + LOOK_AHEAD);
  let quoted = false;
  for (let at = pos + 3; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === SINGLE_QUOTE) quoted = !quoted;
    if (code === CLOSE_BRACE && !quoted && text.charCodeAt(at + 1) === CLOSE_BRACE) return at + 2;
  }
  return pos;
}
