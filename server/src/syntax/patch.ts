/** Text edits: what every writer returns and the one way to apply them. */

/** Replaces the text from `start` up to, not including, `end`; UTF-16 offsets from the start of the file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * The text with all edits made. Their order does not matter, but that insertions at one offset come out in
 * the order given, and before a replacement that starts there.
 * @throws RangeError when two edits overlap or one lies outside of the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, newText } of sorted) {
    if (start < done) throw new RangeError(`Edits overlap, or start before the text, at offset ${start}.`);
    if (end < start || end > text.length)
      throw new RangeError(`No such range in the text: ${start} to ${end}.`);
    pieces.push(text.slice(done, start), newText);
    done = end;
  }
  return pieces.join('') + text.slice(done);
}
