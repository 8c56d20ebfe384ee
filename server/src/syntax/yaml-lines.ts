/** Lines of YAML text: where they end, how they break, how far they are indented. */
import type { Node } from './tree.js';

/** Column of an offset, counted from the start of its line. */
export function columnAt(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

/** Offset of the end of the line, before its line break. */
export function lineEndAt(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** The line break of a node's block. */
export function lineBreakIn({ block }: Node): string {
  return block.text.includes('\r\n') ? '\r\n' : '\n';
}
