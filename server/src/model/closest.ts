/** Finds the known word that a misspelt one was meant to be. */

/** The nearest of the words, or `undefined` when none is near: up to three letters may be wrong. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const plain = simple(word);
  const limit = plain.length < 4 ? 1 : plain.length < 8 ? 2 : 3;
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(plain, simple(candidate), best ? best.distance - 1 : limit);
    if (distance !== undefined) best = { word: candidate, distance };
    if (best?.distance === 0) break;
  }
  return best?.word;
}

/** More words to choose from are not compared. */
const MAX_KNOWN = 1_000;

/** The same where the word is long enough to guess, and no other is as near. */
export function onlyClosest(word: string, known: readonly string[]): string | undefined {
  const best = word.length < 4 || known.length > MAX_KNOWN ? undefined : closest(word, known);
  return best === closest(word, known.toReversed()) ? best : undefined;
}

/** Whether two words differ in case, dashes and underscores at most. */
export function sameWord(a: string, b: string): boolean {
  return simple(a) === simple(b);
}

/** Case, dashes and underscores are what people mix up most; they count for nothing. */
function simple(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** Letters to insert, delete or replace, neighbours swapped counting as one; `undefined` above `limit`. */
function editDistance(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = above;
    above = line;
  }
  const distance = above[b.length] ?? 0;
  return distance <= limit ? distance : undefined;
}
