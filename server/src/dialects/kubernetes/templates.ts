/** Takes template expressions out of YAML, so that the literal part of a Helm, Jinja or Go template can be read. */
import { HOLE } from '../../model/text.js';
import type { Span } from '../../syntax/tree.js';

export interface Plain {
  /** As long as the template, line by line, with holes where something is filled in. */
  readonly text: string;
  /** A template says which lines there are: what is written may not be there, and other things may. */
  readonly open: boolean;
}

const MARK = /\{\{|\{%|\{#|<%/g;
const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}', '<%': '%>' };

export function withoutTemplates(text: string): Plain {
  const expressions = expressionsIn(text);
  if (expressions.length === 0) return { text, open: false };
  const blanked = replaceAll(text, expressions, blank);
  const isAlone = loneliness(blanked);
  let open = false;
  const plain = replaceAll(text, expressions, (found, span) => {
    const comment = /^\{\{-?\s*\/\*|^\{#/.test(found);
    const alone = isAlone(span);
    if (alone && !comment) open = true;
    // An expression that fills lines of its own brings keys, or none.
    return alone || comment || found.includes('\n') ? blank(found) : HOLE.repeat(found.length);
  });
  return { text: plain, open };
}

/** From mark to mark; one that nothing closes is text, as are all of its kind behind it. */
function expressionsIn(text: string): readonly Span[] {
  const found: Span[] = [];
  const unclosed = new Set<string>();
  MARK.lastIndex = 0;
  for (let match = MARK.exec(text); match; match = MARK.exec(text)) {
    const [mark] = match;
    const close = unclosed.has(mark) ? -1 : text.indexOf(CLOSING[mark] as string, MARK.lastIndex);
    if (close < 0) unclosed.add(mark);
    else {
      MARK.lastIndex = close + 2;
      found.push({ start: match.index, end: MARK.lastIndex });
    }
  }
  return found;
}

function replaceAll(
  text: string,
  spans: readonly Span[],
  made: (found: string, span: Span) => string,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const span of spans) {
    parts.push(text.slice(at, span.start), made(text.slice(span.start, span.end), span));
    at = span.end;
  }
  return parts.join('') + text.slice(at);
}

interface Line {
  readonly end: number;
  /** Where it has its first character that is no blank, else its end. */
  readonly first: number;
}

/** Answers for rising offsets whether nothing but expressions, and perhaps a comment, stands on their lines. */
function loneliness(blanked: string): (span: Span) => boolean {
  let line = lineAt(blanked, 0);
  const isFree = (offset: number, end: number): boolean => {
    while (line.end < offset) line = lineAt(blanked, line.end + 1);
    return /[\r\n#]/.test(blanked[line.first] ?? '\n') && line.first >= end;
  };
  return ({ start, end }) => {
    const free = isFree(start, end);
    return isFree(end, end) && free;
  };
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf('\n', start);
  let first = start;
  while (text[first] === ' ' || text[first] === '\t') first += 1;
  return { end: newline < 0 ? text.length : newline, first };
}

function blank(found: string): string {
  return found.replace(/[^\r\n]/g, ' ');
}
