/** Takes the block of one key apart at the keys below it, so that each of those is read on its own. */
import type { Entry, MapNode, ParsedBlock, Span } from './tree.js';

const KEY = /^(?:[A-Za-z_][\w-]*|"[^"\\\n]*"|'[^'\n]*')[ \t]*:(?:\s|$)/;

/**
 * Splits a block (a span of `text`, in UTF-16 offsets) that is nothing but `key:` and a map below it: first what stands
 * above the first key of the map, then each of its keys. `undefined` for anything less plain.
 */
export function splitInside(text: string, block: Span, key: string): readonly Span[] | undefined {
  if (!new RegExp(`^${key}:[ \\t]*(?:#.*)?\\r?$`).test(lineAt(text, block.start))) return undefined;
  const starts: number[] = [];
  let depth: number | undefined;
  for (let start = nextLine(text, block.start); start < block.end; start = nextLine(text, start)) {
    const line = lineAt(text, start);
    const indent = line.search(/\S/);
    if (indent < 0 || line[indent] === '#') continue;
    depth ??= indent;
    if (indent < depth || depth === 0 || line.slice(0, indent).includes('\t')) return undefined;
    if (indent > depth) continue;
    if (KEY.test(line.slice(indent))) starts.push(start);
    // A list may stand as deep as the key that it belongs to.
    else if (line[indent] !== '-' || starts.length === 0) return undefined;
  }
  if (starts.length < 2) return undefined;
  const spans = starts.map((start, i) => ({ start, end: starts[i + 1] ?? block.end }));
  return [{ start: block.start, end: starts[0] as number }, ...spans];
}

/**
 * The block as a whole, with the keys of its parts where they belong; they stay in blocks of their own. `undefined` where
 * the parts are not sound by themselves or not together, as with a key that comes twice.
 */
export function joinParts([head, ...parts]: readonly ParsedBlock[]): ParsedBlock | undefined {
  const own = soleEntry(head);
  const below = parts.map(soleEntry);
  if (!head || !own || !below.every(entry => entry !== undefined)) return undefined;
  if (new Set(below.map(entry => entry.key.text)).size < below.length) return undefined;
  const end = head.block.text.length;
  const value: MapNode = { kind: 'map', block: head.block, start: end, end, flow: false, entries: below };
  const root: MapNode = { ...value, start: own.start, entries: [{ ...own, end, value }] };
  return { ...head, root };
}

function soleEntry(parsed: ParsedBlock | undefined): Entry | undefined {
  if (parsed?.root?.kind !== 'map' || parsed.problems.length > 0) return undefined;
  const { entries, flow } = parsed.root;
  return entries.length === 1 && !flow ? entries[0] : undefined;
}

function lineAt(text: string, start: number): string {
  const newline = text.indexOf('\n', start);
  return text.slice(start, newline < 0 ? text.length : newline);
}

function nextLine(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  return newline < 0 ? text.length : newline + 1;
}
