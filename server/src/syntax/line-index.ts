/** Leads between offsets in a text and pairs of line and character, as the edges report them. */

/** Both from 0; characters in UTF-16 units, as in LSP. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LineIndex {
  /** At least 1: an empty text has one empty line. */
  readonly lineCount: number;
  /** Offsets outside of the text, or between CR and LF, go to the nearest place before. */
  position(offset: number): Position;
  /** Characters beyond the end of their line go to its end; lines beyond the text to the end of the text. */
  offset(position: Position): number;
  /** Offsets of the line's content, without its line end; an empty range for a line that is not there. */
  line(line: number): { readonly start: number; readonly end: number };
}

/** Lines end with LF, CRLF or CR alone. */
export function createLineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  const line = (index: number) => {
    const start = starts[index] ?? text.length;
    const next = starts[index + 1];
    return { start, end: next === undefined ? text.length : contentEnd(text, start, next) };
  };
  return {
    lineCount: starts.length,
    line,
    position(offset) {
      const clamped = Math.min(Math.max(offset, 0), text.length);
      const index = lastAtMost(starts, clamped);
      const { start, end } = line(index);
      return { line: index, character: Math.min(clamped, end) - start };
    },
    offset(position) {
      if (position.line < 0) return 0;
      const { start, end } = line(position.line);
      return Math.min(start + Math.max(position.character, 0), end);
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function contentEnd(text: string, start: number, next: number): number {
  const crlf = next - 2 >= start && text[next - 2] === '\r' && text[next - 1] === '\n';
  return crlf ? next - 2 : next - 1;
}

/** Index of the last element that is not above `value`; the first element never is. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle;
    else high = middle;
  }
  return low;
}
