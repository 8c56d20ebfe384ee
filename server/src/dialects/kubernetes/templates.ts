/** Takes template expressions out of YAML, so that the literal part of a Helm, Jinja or Go template can be read. */
import { HOLE } from '../../model/text.js';

export interface Plain {
  /** As long as the template, line by line, with holes where something is filled in. */
  readonly text: string;
  /** A template says which lines there are: what is written may not be there, and other things may. */
  readonly open: boolean;
}

const MARK = /\{\{|\{%|\{#|<%/;
const EXPRESSION = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|<%[\s\S]*?%>/g;

export function withoutTemplates(text: string): Plain {
  if (!MARK.test(text)) return { text, open: false };
  let open = false;
  const plain = text.replace(EXPRESSION, (found: string, at: number) => {
    const comment = /^\{\{-?\s*\/\*|^\{#/.test(found);
    const alone = isAlone(text, at, at + found.length);
    if (alone && !comment) open = true;
    // An expression that fills lines of its own brings keys, or none.
    return alone || comment ? blank(found) : found.includes('\n') ? blank(found) : HOLE.repeat(found.length);
  });
  return { text: plain, open };
}

/** Nothing else but further expressions stands on its lines. */
function isAlone(text: string, start: number, end: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const newline = text.indexOf('\n', end);
  const behind = text.slice(end, newline < 0 ? text.length : newline);
  return /^\s*$/.test(before.replace(EXPRESSION, '')) && /^\s*(?:#.*)?$/.test(behind.replace(EXPRESSION, ''));
}

function blank(found: string): string {
  return found.replace(/[^\r\n]/g, ' ');
}
