/** How a TOML file is laid out: its line ends, indentation and spacing, for edits that blend in. */
import { lineEnd } from './toml-lines.js';
import type { HeaderPart, PairPart, TomlPart } from './toml-tree.js';

/** GitLab Runner indents by this when it writes its own file. */
const USUAL_INDENT = '  ';

/** The line end of the line at `at`; for a last line without one, that of the file's first line. */
export function lineBreakAt(text: string, at: number): string {
  const end = lineEnd(text, at);
  const found = end < text.length ? end : text.indexOf('\n');
  return text.charAt(found - 1) === '\r' && found > 0 ? '\r\n' : '\n';
}

/** Where the line at `at` ends, before its line break. */
export function contentEnd(text: string, at: number): number {
  const end = lineEnd(text, at);
  return end > at && text.charAt(end - 1) === '\r' ? end - 1 : end;
}

/** Where the line at `at` starts, behind the byte order mark. */
export function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The blanks that the line at `at` starts with. */
export function indentAt(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}

/** By how much keys are indented more than the header of their table, as seen first in the file. */
export function keyIndent(text: string, parts: readonly TomlPart[]): string {
  for (const pair of parts) {
    if (pair.kind !== 'pair') continue;
    const header = parts.find(part => part.kind === 'header' && part.table === pair.section);
    const more = header && extraIndent(text, header, pair);
    if (more !== undefined) return more;
  }
  return USUAL_INDENT;
}

/** By how much the headers of inner tables are indented more than those of their outer tables. */
export function headerIndent(text: string, parts: readonly TomlPart[]): string {
  const headers = parts.filter(part => part.kind === 'header');
  for (const [index, inner] of headers.entries()) {
    const outer = headers.slice(0, index).findLast(header => isInside(inner.path, header.path));
    const more = outer && extraIndent(text, outer, inner);
    if (more !== undefined) return more;
  }
  return keyIndent(text, parts);
}

/** Whether the inner path is one name longer than the outer, which it starts with. */
export function isInside(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length === outer.length + 1 && outer.every((name, index) => name === inner[index]);
}

/** A header with a blank line above it. */
export function isSpaced(text: string, header: HeaderPart): boolean {
  const start = lineStart(text, header.start);
  return /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
}

/**
 * `key = value` with the spacing of a sibling, lined up with it where it stands in columns.
 * @param prefix what is written before the key: `docker.` among dotted keys.
 */
export function pairLike(text: string, sibling: PairPart | undefined, left: string, value: string): string {
  const between = sibling?.entry.value && text.slice(sibling.entry.key.end, sibling.entry.value.start);
  const [, before, after] = /^([ \t]*)=([ \t]*)$/.exec(between ?? '') ?? [];
  if (sibling === undefined || before === undefined || after === undefined) return `${left} = ${value}`;
  const width = sibling.entry.key.end - sibling.start + before.length;
  const gap = before.length > 1 ? ' '.repeat(Math.max(1, width - left.length)) : before;
  return `${left}${gap}=${after}${value}`;
}

/** A key as TOML spells it, quoted if need be. */
export function writeKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : writeString(key);
}

/** A string as TOML spells it, on one line and in double quotes. */
export function writeString(text: string): string {
  return JSON.stringify(text).replace(/\u007f/g, '\\u007f');
}

function extraIndent(text: string, outer: TomlPart, inner: TomlPart): string | undefined {
  const base = indentAt(text, outer.start);
  const indent = indentAt(text, inner.start);
  return indent.startsWith(base) ? indent.slice(base.length) : undefined;
}
