/** Leads spans and edits of a text inside of a YAML value, or of a script, back to the source. */
import type { TextEdit } from './patch.js';
import { scalarMap } from './scalar-map.js';
import type { ScalarNode, Span } from './tree.js';

/** Offsets on both sides are UTF-16: those of the text on one, those of the node's block on the other. */
export interface EmbeddedMap {
  /** `undefined` when the text cannot be followed back to the source. */
  toSource(span: Span): Span | undefined;
  /**
   * An edit of the text as one of the source, with the indentation that the value has. `undefined` when the style of
   * the value cannot hold it: only a literal block (`|`) can hold everything, and what stands in a script nearly so.
   */
  toSourceEdit(edit: TextEdit): TextEdit | undefined;
  /** The offset in the text of the character at an offset of the block; `undefined` beside the text. */
  fromSource(offset: number): number | undefined;
}

const maps = new WeakMap<ScalarNode, EmbeddedMap>();

/** The map of a scalar; made on first use and kept as long as the node lives. */
export function embeddedMap(node: ScalarNode): EmbeddedMap {
  const made = maps.get(node) ?? makeMap(node);
  maps.set(node, made);
  return made;
}

function makeMap(node: ScalarNode): EmbeddedMap {
  if (node.style === 'verbatim') return verbatimMap(node);
  const lines = node.style === 'literal' ? literalLines(node) : undefined;
  if (lines) return literalMap(node, lines);
  const map = scalarMap(node);
  const holds = (offset: number, span: Span | undefined): boolean =>
    span !== undefined && span.start <= offset && offset < span.end;
  return {
    toSource: ({ start, end }) => map.toSource(start, end),
    toSourceEdit: () => undefined,
    fromSource(offset) {
      let at = 0;
      while (at < node.text.length && !holds(offset, map.toSource(at, at + 1))) at += 1;
      return at < node.text.length ? at : undefined;
    },
  };
}

/** Text of a script, whose quotes and escapes new text must not hold. */
function verbatimMap({ start: from, end }: ScalarNode): EmbeddedMap {
  return {
    toSource: span => ({ start: from + span.start, end: from + span.end }),
    toSourceEdit: ({ start, end: stop, newText }) =>
      /['\\$]|"""/.test(newText) ? undefined : { start: from + start, end: from + stop, newText },
    fromSource: offset => (offset >= from && offset < end ? offset - from : undefined),
  };
}

/** A line of the text: where it starts there, and where its first character stands in the block. */
interface Line {
  readonly start: number;
  readonly source: number;
  readonly length: number;
  /** Where the line starts in the block, indentation and all. */
  readonly begin: number;
  /** Blanks that are missing in the source up to the indentation of the value: the line is empty there. */
  readonly missing: number;
  /** The line break before it is missing too: the source ends without one. */
  readonly cutOff: boolean;
}

interface Lines {
  readonly lines: readonly Line[];
  readonly indent: string;
}

function literalLines(node: ScalarNode): Lines | undefined {
  const source = node.block.text;
  const header = source.indexOf('\n', node.start);
  if (header < 0) return undefined;
  const texts = node.text.split('\n');
  const indent = indentOf(source, header + 1, texts);
  if (indent === undefined) return undefined;
  const lines: Line[] = [];
  let at = header + 1;
  let start = 0;
  for (const text of texts) {
    const stop = source.indexOf('\n', at);
    const end = stop < 0 ? source.length : stop;
    const blank = /^[ \t]*\r?$/.test(source.slice(at, end));
    const own = Math.min(indent.length, leading(source.slice(at, end)));
    if (text !== '' && !source.startsWith(text, at + own)) return undefined;
    const missing = text === '' && blank ? indent.length - own : 0;
    const cutOff = at === source.length && start > 0 && !source.endsWith('\n');
    const from = Math.min(at + own, source.length);
    lines.push({ start, source: from, length: text.length, begin: at, missing, cutOff });
    start += text.length + 1;
    at = Math.min(end + 1, source.length);
  }
  return { lines, indent };
}

/** The indentation of the first line that is not empty, less what of it belongs to the text. */
function indentOf(source: string, from: number, texts: readonly string[]): string | undefined {
  let at = from;
  for (const text of texts) {
    const end = source.indexOf('\n', at);
    const line = source.slice(at, end < 0 ? source.length : end);
    if (text.trim() !== '') {
      const blanks = leading(line) - leading(text);
      return blanks < 0 ? undefined : line.slice(0, blanks);
    }
    if (end < 0) return undefined;
    at = end + 1;
  }
  return undefined;
}

function leading(line: string): number {
  return line.length - line.replace(/^[ \t]+/, '').length;
}

function literalMap(node: ScalarNode, { lines, indent }: Lines): EmbeddedMap {
  const find = (offset: number): Line => lines.findLast(line => line.start <= offset) ?? (lines[0] as Line);
  const toSource = (offset: number): number => {
    const line = find(offset);
    return line.source + Math.min(offset - line.start, line.length);
  };
  const lineBreak = node.block.text.includes('\r\n') ? '\r\n' : '\n';
  return {
    fromSource(offset) {
      const line = offset < node.end ? lines.findLast(one => one.begin <= offset) : undefined;
      return line && line.start + Math.min(Math.max(offset - line.source, 0), line.length);
    },
    toSource: ({ start, end }) => ({ start: toSource(start), end: Math.max(toSource(start), toSource(end)) }),
    toSourceEdit: ({ start, end, newText }) => {
      const edit = { start, end, newText: newText.replaceAll('\r\n', '\n') };
      const from = find(start);
      const to = find(end);
      const whole = from.start === start && to.start === end && /^$|\n$/.test(edit.newText) && !to.cutOff;
      if (whole) {
        const lines = edit.newText.split('\n').map(line => (line === '' ? '' : indent + line));
        return { start: from.begin, end: to.begin, newText: lines.join(lineBreak) };
      }
      const joined = newText === '' && to !== from && to.missing === 0;
      const starts = joined || (newText !== '' && !edit.newText.startsWith('\n'));
      const first = starts ? (from.cutOff ? lineBreak : '') + indent.slice(0, from.missing) : '';
      return {
        start: toSource(start),
        end: Math.max(toSource(start), toSource(end)),
        newText: first + indented(edit.newText, indent, lineBreak),
      };
    },
  };
}

/** Puts the indentation behind each line break, but on lines that are empty. */
function indented(text: string, indent: string, lineBreak: string): string {
  return text
    .split('\n')
    .map((line, i, all) => (i === 0 || (line === '' && i < all.length - 1) ? line : indent + line))
    .join(lineBreak);
}
