/** Puts a text behind what a file holds already, with a line between them. */

import { snippetLiteral } from '../strategies/recipe.js';
import type { TextEdit } from '../syntax/patch.js';

/** A file that comes, or grows. */
export interface Grown {
  /** `undefined` for a file that is not there. */
  readonly before: string | undefined;
  readonly after: string;
  readonly edit: TextEdit;
}

/**
 * The file with `text` at its end, in the line ends that it has. The edit begins at the start of a line, so that an
 * editor indents no snippet.
 * @param snippet the same text as a snippet
 */
export function addition(before: string | undefined, text: string): Grown;
export function addition(
  before: string | undefined,
  text: string,
  snippet: string,
): Grown & { readonly snippet: string };
export function addition(before: string | undefined, text: string, snippet?: string) {
  const old = before ?? '';
  const isBlank = old.trim() === '';
  const start = isBlank ? 0 : old.lastIndexOf('\n') + 1;
  const tail = old.slice(start);
  const lineBreak = old.includes('\r\n') ? '\r\n' : '\n';
  const kept = tail.trim() === '' ? '' : tail + lineBreak;
  const isApart = isBlank || (kept === '' && /\n\r?\n$/.test(old.slice(0, start)));
  const head = isApart ? kept : kept + lineBreak;
  const newText = head + text.replaceAll('\n', lineBreak);
  const edit = { start, end: old.length, newText };
  return {
    before,
    after: old.slice(0, start) + newText,
    edit,
    ...(snippet === undefined ? {} : { snippet: snippetLiteral(head) + snippet.replaceAll('\n', lineBreak) }),
  };
}
