/** Puts the edits of one file of YAML together, so that none overlaps another. */
import type { TextEdit } from '../syntax/patch.js';

/** Insertions at one spot become one edit, in their order, and so do removals of one stretch. */
export function joined(edits: readonly TextEdit[]): readonly TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits) {
    // The last line of a file goes with the break in front of it, which may be going already.
    const gone = result.findIndex(
      one => one.newText + edit.newText === '' && one.start < edit.end && edit.start < one.end,
    );
    const same = result.findIndex(
      one => one.start === edit.start && one.end === edit.end && one.start === one.end,
    );
    const before = result[same];
    const { start, end } = result[gone] ?? edit;
    if (gone >= 0)
      result[gone] = { ...edit, start: Math.min(start, edit.start), end: Math.max(end, edit.end) };
    else if (before) result[same] = { ...before, newText: mergedText(before.newText, edit.newText) };
    else result.push(edit);
  }
  return result;
}

/** What is added behind a line that goes stands in its place. */
export function inPlaceOf(edits: readonly TextEdit[], text: string): readonly TextEdit[] {
  const goesAround = (gone: TextEdit, { start, end }: TextEdit): boolean =>
    gone.newText === '' && start === end && gone.start < start && start < gone.end;
  return edits.flatMap(edit => {
    if (edits.some(other => goesAround(other, edit))) return [];
    const added = edits.filter(other => goesAround(edit, other));
    const [first] = added;
    if (!first) return [edit];
    const lines = added.map(({ newText }) => newText).join('');
    return [{ ...edit, newText: lines.replace(/^\r?\n/, '') + text.slice(first.start, edit.end) }];
  });
}

/** Of two that each make the same key, the second brings only what stands below it. */
function mergedText(first: string, second: string): string {
  const head = /^\r?\n[ \t]*[\w-]+:(?=\r?\n)/.exec(second)?.[0];
  return head && first.includes(head) ? first + second.slice(head.length) : first + second;
}
