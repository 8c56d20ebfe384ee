/** Splits text into what a terminal shows: characters with their width, control characters escaped. */

/** One shown character: its UTF-16 range in the text, what is printed for it, and how many columns that takes. */
export interface Cell {
  readonly start: number;
  readonly end: number;
  readonly shown: string;
  readonly width: number;
}

const PLAIN = /^[\x20-\x7e]*$/;
/** Wide by East Asian Width, near enough: the scripts, their punctuation, and full-width forms. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\u30a0-\u30ff\u31f0-\u31ff\u3000-\u303e\u3105-\u312f\uff01-\uff60\uffe0-\uffe6]/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}{2}/u;
/** Controls, invisible formatting such as a change of direction, lone surrogates, and other line ends. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const TAB_WIDTH = 4;

let segmenter: Intl.Segmenter | undefined;

/** `offset` is added to the ranges: where the text starts in a longer one. */
export function cells(text: string, offset = 0): readonly Cell[] {
  if (PLAIN.test(text)) {
    return Array.from(text, (shown, i) => ({ start: offset + i, end: offset + i + 1, shown, width: 1 }));
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment, index }) => {
    const shown = shownAs(segment);
    const width = shown === segment ? graphemeWidth(segment) : shown.length;
    return { start: offset + index, end: offset + index + segment.length, shown, width };
  });
}

/** The text as one line that cannot steer the terminal. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return cells(text)
    .map(cell => cell.shown)
    .join('');
}

/** Columns that the text takes once it is printable. */
export function shownWidth(text: string): number {
  return cells(text).reduce((sum, cell) => sum + cell.width, 0);
}

function shownAs(grapheme: string): string {
  if (grapheme === '\t') return ' '.repeat(TAB_WIDTH);
  // Joiners belong to emoji and to several scripts; inside a longer character they show as nothing by themselves.
  const joined = [...grapheme].length > 1;
  return Array.from(grapheme, character =>
    UNSAFE.test(character) && !(joined && /[\u200c\u200d]|[\u{e0020}-\u{e007f}]/u.test(character))
      ? escaped(character)
      : character,
  ).join('');
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

function graphemeWidth(grapheme: string): number {
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}
