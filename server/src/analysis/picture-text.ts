/** Makes any text fit into a picture: measured, shortened in the middle, and safe inside of XML. */

export type Face = 'sans' | 'bold' | 'mono';

/** Wide by East Asian Width, near enough, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const THIN = /[iIjl.,:;'|!\u0600-\u06ff]/;
const SLIM = /[ftr()[\]{}/\\\- ·]/;
const BROAD = /[mwMW@%…—]/;

/** Controls, marks that change the direction of what follows, lone surrogates, and what XML cannot hold. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** More than this is never shown; the rest of a longer text is not looked at. */
const LONGEST = 400;

let segmenter: Intl.Segmenter | undefined;

/** Width in pixels at a size of the font in pixels, on the generous side: what is drawn depends on the fonts at hand. */
export function widthOf(text: string, size: number, face: Face = 'sans'): number {
  let em = 0;
  for (const character of text)
    em += face === 'mono' ? (WIDE.test(character) ? 1.2 : 0.605) : advance(character);
  return em * size * (face === 'bold' ? 1.08 : 1);
}

/** Of DejaVu Sans, the widest of the common interface fonts. */
function advance(character: string): number {
  if (THIN.test(character)) return 0.33;
  if (SLIM.test(character)) return 0.41;
  if (BROAD.test(character)) return 0.96;
  if (WIDE.test(character)) return 1.2;
  return /[\p{Lu}]/u.test(character) ? 0.7 : 0.63;
}

/** The text itself, or its beginning and its end with an ellipsis between them, at most `width` pixels wide. */
export function fitted(text: string, width: number, size: number, face: Face = 'sans'): string {
  const clean = text.replace(UNSAFE, '\ufffd');
  if (clean.length <= LONGEST && widthOf(clean, size, face) <= width) return clean;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const graphemes = (part: string): readonly string[] =>
    Array.from((segmenter as Intl.Segmenter).segment(part), ({ segment }) => segment);
  const head = graphemes(clean.slice(0, LONGEST).replace(/\p{Cs}/gu, ''));
  const tail = graphemes(clean.slice(-LONGEST).replace(/\p{Cs}/gu, '')).toReversed();
  let kept = ['', ''];
  for (let i = 0, room = width - widthOf('…', size, face); ; i += 1) {
    const side = i % 2 === 0 ? head : tail;
    const next = side[i >> 1] ?? '';
    room -= widthOf(next, size, face);
    if (next === '' || room < 0) return `${kept[0]}…${kept[1]}`;
    kept = i % 2 === 0 ? [kept[0] + next, kept[1] ?? ''] : [kept[0] ?? '', next + kept[1]];
  }
}

/** As many of the texts as fit beside each other, with a word on the others. */
export function listed(texts: readonly string[], width: number, size: number): string {
  for (let count = Math.min(texts.length, 20); count > 0; count -= 1) {
    const rest = texts.length - count;
    const text = texts.slice(0, count).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
    if (count === 1 || (text.length <= LONGEST && widthOf(text, size) <= width))
      return fitted(text, width, size);
  }
  return '';
}

export function escapedXml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
