/** Finds where each character of a YAML scalar's text stands in the source. */
import type { ScalarNode, Span } from './tree.js';

/**
 * Turns ranges of a scalar's text into ranges of its block. A block scalar loses its indentation, a quoted
 * one its escapes and a folded one its line breaks; this undoes that. Both ranges are UTF-16 offsets.
 */
export interface ScalarMap {
  /** `undefined` when the text cannot be followed back to the source. */
  toSource(start: number, end: number): Span | undefined;
}

const maps = new WeakMap<ScalarNode, ScalarMap>();

/** The map of a scalar; made on first use and kept as long as the node lives. */
export function scalarMap(node: ScalarNode): ScalarMap {
  const made = maps.get(node) ?? makeMap(node);
  maps.set(node, made);
  return made;
}

function makeMap(node: ScalarNode): ScalarMap {
  if (isVerbatim(node)) {
    const from = node.style === 'plain' ? node.start : node.start + 1;
    return { toSource: (start, end) => ({ start: from + start, end: from + end }) };
  }
  const aligned = align(node, linesOf(node));
  if (!aligned) return { toSource: () => undefined };
  const { starts: offsets, ends } = aligned;
  return {
    toSource(start, end) {
      const first = offsets[start];
      const last = end > start ? ends[end - 1] : undefined;
      if (first === undefined)
        return start === node.text.length ? { start: node.end, end: node.end } : undefined;
      return { start: first, end: last ?? first };
    },
  };
}

function isVerbatim(node: ScalarNode): boolean {
  if (node.style === 'literal' || node.style === 'folded') return false;
  const quotes = node.style === 'plain' ? 0 : 2;
  return node.end - node.start - quotes === node.text.length;
}

/** One source line of a scalar: its text once decoded, and where each of its characters starts and ends. */
interface Line {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly end: number;
}

function linesOf(node: ScalarNode): readonly Line[] {
  if (node.style === 'literal' || node.style === 'folded') return blockLines(node);
  const quoted = node.style !== 'plain';
  return rawLines(node, node.start + (quoted ? 1 : 0), node.end - (quoted ? 1 : 0)).map((line, i) => {
    const trimmed = i === 0 ? line.start : line.start + leading(node.block.text.slice(line.start, line.end));
    return decode(node, { start: trimmed, end: line.end });
  });
}

function blockLines(node: ScalarNode): readonly Line[] {
  const text = node.block.text;
  const header = text.indexOf('\n', node.start);
  if (header < 0) return [];
  const lines = rawLines(node, header + 1, node.end);
  const first = lines.find(line => text.slice(line.start, line.end).trim() !== '');
  const wanted = /^\n*( *)/.exec(node.text)?.[1]?.length ?? 0;
  const indent = first ? leading(text.slice(first.start, first.end)) - wanted : 0;
  return lines.map(line => decode(node, { start: Math.min(line.start + indent, line.end), end: line.end }));
}

function leading(line: string): number {
  return line.length - line.trimStart().length;
}

/** Spans of the source lines between two offsets of the block, line ends left out. */
function rawLines(node: ScalarNode, from: number, to: number): readonly Span[] {
  const text = node.block.text;
  const lines: Span[] = [];
  for (let start = from; start <= to; ) {
    const newline = text.indexOf('\n', start);
    const stop = newline < 0 || newline > to ? to : newline;
    lines.push({ start, end: stop > start && text[stop - 1] === '\r' ? stop - 1 : stop });
    start = stop + 1;
  }
  return lines;
}

function decode(node: ScalarNode, span: Span): Line {
  const source = node.block.text;
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (let i = span.start; i < span.end; ) {
    const length = escapeLength(node, source, i, span.end);
    const piece = decodePiece(node, source.slice(i, i + length));
    for (let k = 0; k < piece.length; k++) {
      starts.push(i);
      ends.push(i + length);
    }
    text += piece;
    i += length;
  }
  return { text, starts, ends, end: span.end };
}

/** A backslash at the end of a line joins it to the next and stands for nothing. */
function decodePiece(node: ScalarNode, written: string): string {
  if (written.length > 1) return decodeEscape(written);
  return node.style === 'double' && written === '\\' ? '' : written;
}

const HEX: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function escapeLength(node: ScalarNode, source: string, at: number, end: number): number {
  if (node.style === 'single' && source.startsWith("''", at)) return 2;
  if (node.style !== 'double' || source[at] !== '\\') return 1;
  return Math.min(HEX[source[at + 1] ?? ''] ?? 2, end - at);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function decodeEscape(written: string): string {
  if (written === "''") return "'";
  const kind = written[1] ?? '';
  if (kind in HEX) return String.fromCodePoint(Number.parseInt(written.slice(2), 16) || 0);
  return ESCAPES[kind] ?? kind;
}

/** Lays the decoded lines over the text; where lines were folded the text holds blanks or breaks between them. */
function align(
  node: ScalarNode,
  lines: readonly Line[],
): { starts: Int32Array; ends: Int32Array } | undefined {
  const starts = new Int32Array(node.text.length);
  const ends = new Int32Array(node.text.length);
  let at = 0;
  let before = node.start;
  for (const line of lines) {
    const text = node.style === 'literal' || node.style === 'folded' ? line.text : line.text.trimEnd();
    while (!node.text.startsWith(text, at)) {
      if (at >= node.text.length || !/\s/.test(node.text[at] as string)) return undefined;
      starts[at] = before;
      ends[at] = before + 1;
      at += 1;
    }
    for (let i = 0; i < text.length; i++) {
      starts[at + i] = line.starts[i] as number;
      ends[at + i] = line.ends[i] as number;
    }
    at += text.length;
    before = line.end;
  }
  starts.fill(before, at);
  ends.fill(before, at);
  return { starts, ends };
}
