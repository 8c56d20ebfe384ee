/** Takes a setting out of an ENV instruction of a Dockerfile, with its line where it has one to itself. */
import type { TextEdit } from '../../syntax/patch.js';
import type { Span } from '../../syntax/tree.js';

/** What joins two settings over lines, with comments and empty lines in between; the sign may be that of Windows. */
const JOIN = /^[ \t]*[\\`][ \t]*\r?\n/;

/**
 * The edit that takes the setting `at` away; the whole instruction where it is the only one. Comments between the lines
 * stay. All spans count from the start of `text`.
 */
export function withoutSetting(
  text: string,
  instruction: Span,
  settings: readonly Span[],
  at: number,
): TextEdit | undefined {
  const own = settings[at];
  if (!own) return undefined;
  if (settings.length === 1) return whole(text, instruction);
  const [before, behind] = [settings[at - 1], settings[at + 1]];
  if (!behind) {
    const kept = comments(text.slice(before?.end ?? own.start, own.start), true);
    return { start: before?.end ?? own.start, end: own.end, newText: kept };
  }
  const gap = text.slice(own.end, behind.start);
  const join = JOIN.exec(gap)?.[0] ?? '';
  const indent = /(?:^|\n)[ \t]*$/.exec(text.slice(0, own.start))?.[0].replace(/^\n/, '').length;
  // The line goes as a whole.
  if (join && indent !== undefined)
    return { start: own.start - indent, end: own.end + join.length, newText: '' };
  if (join && before) return { start: before.end, end: own.end, newText: '' };
  const blank = /^[ \t]*/.exec(gap)?.[0].length ?? 0;
  const end = comments(gap, true) === '' ? behind.start : own.end + blank;
  return { start: own.start, end, newText: '' };
}

/** The lines of an instruction go, but for comments. */
function whole(text: string, { start, end }: Span): TextEdit {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const stop = text[end - 1] === '\n' ? end : newline < 0 ? text.length : newline + 1;
  return { start: line, end: stop, newText: comments(text.slice(line, stop), false) };
}

/** The lines of a text that are comments, each with the line end before or behind it. */
function comments(text: string, inFront: boolean): string {
  return text
    .split(/(?<=\n)/)
    .filter(line => /^[ \t]*#/.test(line))
    .map(line => (inFront ? lineEnd(line) + line.trimEnd() : line))
    .join('');
}

function lineEnd(line: string): string {
  return /\r?\n$/.exec(line)?.[0] ?? '';
}
