/** Splits Groovy into words, strings and marks; comments and blanks are left out. */
import type { Span } from './tree.js';

/** A string as it is written. Escapes are left as they are; `plain` tells that there are none. */
export interface GroovyString extends Span {
  readonly kind: 'string';
  /** What stands between the quotes, UTF-16 offsets like those of the string itself. */
  readonly inner: Span;
  readonly text: string;
  /** Groovy puts values into it: `"…"`, `"""…"""`, `/…/`, `$/…/$`. */
  readonly interpolates: boolean;
  /** `${…}` and `$name` in it, with offsets into `text`. */
  readonly holes: readonly Span[];
  readonly lines: boolean;
  readonly plain: boolean;
  readonly escapes: Escapes;
}

/** What is written before a character to take it as it is: `\`, but in `/…/` only before `/`, and in `$/…/$` a `$`. */
export type Escapes = 'backslash' | 'slash' | 'dollar';

export interface GroovyWord extends Span {
  readonly kind: 'word';
  readonly text: string;
}

/** One character of punctuation, or the end of a line. */
export interface GroovyMark extends Span {
  readonly kind: 'mark';
  readonly text: string;
}

export type GroovyToken = GroovyString | GroovyWord | GroovyMark;

export interface GroovyTokens {
  readonly tokens: readonly GroovyToken[];
  /** Where a string or a comment does not end. */
  readonly problems: readonly Span[];
}

const WORD = /[A-Za-z_$\u0080-\uFFFF][\w$\u0080-\uFFFF]*|\d[\w.]*/y;
const BLANK = /[ \t\r\f]+|\\\r?\n/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
/** In front of a value, not of an operator. */
const OPENS = /^[([{,=:!&|?;~+\n]$/;
const KEYWORDS = /^(?:return|in|case|else|assert|throw)$/;

/** Source: the Groovy language documentation, syntax, strings. */
export function groovyTokens(text: string): GroovyTokens {
  const tokens: GroovyToken[] = [];
  const problems: Span[] = [];
  const unclosed = new Set<string>();
  let at = text.startsWith('#!') ? Math.max(0, text.indexOf('\n')) : 0;
  while (at < text.length) {
    const skipped = end(BLANK, text, at) ?? end(COMMENT, text, at);
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    if (text.startsWith('/*', at)) {
      problems.push({ start: at, end: text.length });
      break;
    }
    const string = stringAt(text, at, tokens, unclosed);
    if (string) {
      if (string.open) problems.push({ start: at, end: at + 1 });
      tokens.push(string.token);
      at = string.token.end;
      continue;
    }
    const word = end(WORD, text, at);
    const stop = word ?? at + 1;
    tokens.push({
      kind: word === undefined ? 'mark' : 'word',
      text: text.slice(at, stop),
      start: at,
      end: stop,
    });
    at = stop;
  }
  return { tokens, problems };
}

function end(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

interface Quotes {
  readonly open: string;
  readonly close: string;
  readonly interpolates: boolean;
  readonly lines: boolean;
  readonly escapes: Escapes;
}

const QUOTES: readonly Quotes[] = [
  { open: "'''", close: "'''", interpolates: false, lines: true, escapes: 'backslash' },
  { open: '"""', close: '"""', interpolates: true, lines: true, escapes: 'backslash' },
  { open: "'", close: "'", interpolates: false, lines: false, escapes: 'backslash' },
  { open: '"', close: '"', interpolates: true, lines: false, escapes: 'backslash' },
  { open: '$/', close: '/$', interpolates: true, lines: true, escapes: 'dollar' },
  { open: '/', close: '/', interpolates: true, lines: false, escapes: 'slash' },
];

function stringAt(
  text: string,
  at: number,
  before: readonly GroovyToken[],
  unclosed: Set<string>,
): { readonly token: GroovyString; readonly open: boolean } | undefined {
  const quotes = QUOTES.find(({ open }) => text.startsWith(open, at));
  if (!quotes) return undefined;
  const slashy = quotes.escapes !== 'backslash';
  if (slashy && (unclosed.has(quotes.open) || !isValuePlace(before))) return undefined;
  const from = at + quotes.open.length;
  const found = closing(text, from, quotes);
  // What does not close on its line was no string, but a division; over lines the next one would not close either.
  if (found.open && slashy) {
    if (quotes.lines) unclosed.add(quotes.open);
    return undefined;
  }
  const inner = { start: from, end: found.at };
  const stop = found.open ? found.at : found.at + quotes.close.length;
  const body = text.slice(from, found.at);
  return {
    open: found.open,
    token: {
      kind: 'string',
      start: at,
      end: stop,
      inner,
      text: body,
      interpolates: quotes.interpolates,
      holes: quotes.interpolates ? found.holes : [],
      lines: quotes.lines,
      plain: !ESCAPED[quotes.escapes].test(body),
      escapes: quotes.escapes,
    },
  };
}

const ESCAPED: Readonly<Record<Escapes, RegExp>> = { backslash: /\\/, slash: /\\\//, dollar: /\$[$/]/ };

function isValuePlace(tokens: readonly GroovyToken[]): boolean {
  const before = tokens.at(-1);
  if (!before) return true;
  if (before.kind === 'word') return KEYWORDS.test(before.text);
  if (before.text === '+' && tokens.at(-2)?.text === '+') return false;
  return before.kind === 'mark' && OPENS.test(before.text);
}

const NAME = /\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;

function closing(
  text: string,
  from: number,
  { close, interpolates, lines, escapes }: Quotes,
): { readonly at: number; readonly open: boolean; readonly holes: readonly Span[] } {
  const holes: Span[] = [];
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (text.startsWith(close, i)) return { at: lastQuote(text, i, close), open: false, holes };
    if (char === '\n' && !lines) return { at: i, open: true, holes };
    if (isEscape(escapes, char, text[i + 1])) i += 1;
    else if (char === '$' && interpolates) {
      const stop = text[i + 1] === '{' ? closedBrace(text, i + 2) : end(NAME, text, i);
      if (stop === undefined && text[i + 1] === '{') return { at: text.length, open: true, holes };
      if (stop === undefined) continue;
      holes.push({ start: i - from, end: stop - from });
      i = stop - 1;
    }
  }
  return { at: text.length, open: true, holes };
}

/** Whether a character takes the one behind it as it is. */
export function isEscape(escapes: Escapes, char: string | undefined, next: string | undefined): boolean {
  if (escapes === 'dollar') return char === '$' && (next === '$' || next === '/');
  return char === '\\' && (escapes === 'backslash' || next === '/');
}

/** Of more than three quotes the last three close. */
function lastQuote(text: string, at: number, close: string): number {
  if (close.length !== 3) return at;
  let last = at;
  while (text[last + 3] === close[0]) last += 1;
  return last;
}

/** A longer interpolation is written by nobody. */
const MAX_HOLE = 4_000;

/** Behind the brace that ends an interpolation; strings in it may hold braces. */
function closedBrace(text: string, from: number): number | undefined {
  let depth = 1;
  const last = Math.min(text.length, from + MAX_HOLE);
  for (let i = from; i < last; i++) {
    const char = text[i];
    if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (char === "'" || char === '"') {
      const quote = text.startsWith(char.repeat(3), i) ? char.repeat(3) : char;
      const stop = text.indexOf(quote, i + quote.length);
      if (stop < 0) return undefined;
      i = stop + quote.length - 1;
    }
  }
  return undefined;
}
