/** Takes out of a templated runner file what a condition decides: keys below a section that may not be there, and keys with two values. */

/** What a line of a template does: opens a part that may be left out, starts another one in its place, or ends it. */
type Turn = 'open' | 'other' | 'close';

const MARK = /^[ \t]*(?:\{\{-?|\{%-?|<%-?|%\{)[ \t]*(\w+)/;
const OPENS = /^(?:if|unless|range|with|for|block|define)$/;
/** Ruby's `list.each do |item|`. */
const LOOP = /^[ \t]*<%.*\bdo\b/;
const OTHER = /^(?:else|elif|elsif|elseif)$/;

function turnOf(line: string): Turn | undefined {
  const word = MARK.exec(line)?.[1] ?? '';
  if (OPENS.test(word) || LOOP.test(line)) return 'open';
  if (OTHER.test(word)) return 'other';
  return word === 'end' || OPENS.test(/^end(\w+)$/.exec(word)?.[1] ?? '') ? 'close' : undefined;
}

const SECTION = /^[ \t]*\[\[?[ \t]*[\w."' -]+[ \t]*\]\]?[ \t]*(?:#.*)?\r?$/;
const KEY = /^[ \t]*([\w.-]+|"[^"\n]*")[ \t]*=/;

/** Where the lines of a file stand in its conditions. */
export interface Branches {
  /** Lines whose section may not be there, so that nobody knows what they belong to. */
  readonly adrift: ReadonlySet<number>;
  /** Lines of keys that another line of the section gives as well, one of the two by a condition. */
  readonly twofold: ReadonlySet<number>;
}

/** `isOutside` tells whether a line starts outside of brackets and long strings. */
export function branchesOf(lines: readonly string[], isOutside: (line: number) => boolean): Branches {
  const adrift = new Set<number>();
  const twofold = new Set<number>();
  let [depth, home, lost] = [0, 0, false];
  let keys = new Map<string, { readonly line: number; readonly depth: number }>();
  for (const [i, line] of lines.entries()) {
    const turn = isOutside(i) ? turnOf(line) : undefined;
    if (turn === 'open') depth += 1;
    else if (turn === 'close') depth = Math.max(0, depth - 1);
    lost ||= (turn === 'close' && depth < home) || (turn === 'other' && depth <= home && home > 0);
    if (isOutside(i) && SECTION.test(line)) {
      [home, lost, keys] = [depth, false, new Map()];
    } else if (lost) adrift.add(i);
    else {
      const key = isOutside(i) ? KEY.exec(line)?.[1] : undefined;
      const before = key === undefined ? undefined : keys.get(key);
      if (before && Math.max(before.depth, depth) > home) twofold.add(before.line).add(i);
      if (key !== undefined) keys.set(key, { line: i, depth });
    }
  }
  return { adrift, twofold };
}
