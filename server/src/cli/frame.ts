/** Draws the line that a finding stands on, with the underline, cut to a width. */
import { type Cell, cells } from './cells.js';

export interface Frame {
  readonly code: string;
  readonly underline: string;
}

const CUT = '…';

/** `start` and `end` are UTF-16 offsets in the line; `limit` is the number of columns for the code. */
export function frameLine(line: string, start: number, end: number, limit: number): Frame {
  // A line may be a megabyte long: only what can come into view is looked at.
  const from = Math.max(0, start - 4 * limit);
  const to = Math.min(line.length, start + 4 * limit);
  const all = cells(line.slice(from, to), from);
  const first = indexOr(all, cell => cell.end > start);
  const last = Math.max(
    first,
    indexOr(all, cell => cell.start >= end),
  );
  const [begin, stop] = view(all, first, last, limit, from === 0, to === line.length);
  const lead = begin > 0 || from > 0 ? CUT : '';
  const tail = stop < all.length || to < line.length ? CUT : '';
  const shown = all.slice(begin, stop);
  const before = lead.length + width(all.slice(begin, first));
  const marked = Math.max(1, width(all.slice(first, Math.min(last, stop))));
  return {
    code: lead + shown.map(cell => cell.shown).join('') + tail,
    underline: ' '.repeat(before) + '^'.repeat(marked),
  };
}

/** Which cells to show: all, or from the start when the marked ones fit then, or a stretch around them. */
function view(
  all: readonly Cell[],
  first: number,
  last: number,
  limit: number,
  fromStart: boolean,
  toEnd: boolean,
): readonly [number, number] {
  if (fromStart && toEnd && width(all) <= limit) return [0, all.length];
  const room = limit - 2;
  let begin = first;
  if (fromStart && width(all.slice(0, last)) <= room) begin = 0;
  else for (let used = 0; begin > 0 && used < room / 3; begin--) used += all[begin - 1]?.width ?? 0;
  let stop = begin;
  for (let used = 0; stop < all.length; stop++) {
    used += all[stop]?.width ?? 0;
    if (used > room) break;
  }
  return [begin, stop];
}

function indexOr(all: readonly Cell[], test: (cell: Cell) => boolean): number {
  const index = all.findIndex(test);
  return index < 0 ? all.length : index;
}

function width(some: readonly Cell[]): number {
  return some.reduce((sum, cell) => sum + cell.width, 0);
}
