/** Where nodes of YAML end, for parsers that count comments and blanks in different ways. */
import type { Node } from './tree.js';

/** True for a value of which nothing is written, not even an anchor or a tag. */
export function isNothing(node: Node): boolean {
  return (
    node.kind === 'scalar' && node.start === node.end && node.anchor === undefined && node.tag === undefined
  );
}

/** `end` without the blanks and line ends before it, but not before `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && text.charCodeAt(last - 1) <= 32) last -= 1;
  return last;
}

/** Offset of the end of the line that a comment at `at` runs to. */
export function commentEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
}

/** The offset behind the colon that follows a key which ends at `from`; `from` when there is none. */
export function afterColon(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === COLON) return at + 1;
    if (char === HASH) at = commentEnd(text, at);
    else if (char > SPACE) break;
  }
  return from;
}

/** The end of a block collection whose last child ends at `from`: a comment on the same line belongs to it. */
export function behindLastChild(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
  return at > from && text.charCodeAt(at) === HASH ? trimEnd(text, at, commentEnd(text, at)) : from;
}

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const COLON = 58;
