/** Writes whole TOML tables, and plain values as TOML. */
import type { TextEdit } from './patch.js';
import type { TomlTree } from './toml.js';
import {
  contentEnd,
  headerIndent,
  indentAt,
  isInside,
  isSpaced,
  keyIndent,
  lineBreakAt,
  lineStart,
  pairLike,
  writeKey,
  writeString,
} from './toml-style.js';
import type { HeaderPart, PairPart } from './toml-tree.js';
import type { MapNode } from './tree.js';

interface Layout {
  readonly like: PairPart | undefined;
  readonly text: string;
  readonly keys: string;
  readonly headers: string;
}

/**
 * Writes a new table `[path]` with its values directly behind the last own key of the section that `after`
 * belongs to, indented like the headers beside it. Among the values, plain objects become tables inside of
 * it, arrays of them arrays of tables; `undefined` is left out.
 * @param path names from the root, unquoted; those of arrays of tables stand for their last item.
 * @param asItem writes `[[path]]`, one more item of an array of tables.
 * @throws RangeError for a value that TOML cannot hold.
 */
export function addTomlTable(
  tree: TomlTree,
  path: readonly string[],
  after: MapNode,
  values: Readonly<Record<string, unknown>>,
  asItem = false,
): TextEdit {
  const { text, parts } = tree;
  const headers = parts.filter(part => part.kind === 'header');
  const like = parts.find(part => part.kind === 'pair');
  const layout = { like, text, keys: keyIndent(text, parts), headers: headerIndent(text, parts) };
  const lines = tableLines(path, values, indentOf(text, headers, path, layout.headers), layout, asItem);
  const anchor = sectionEnd(tree, after);
  const line = lineBreakAt(text, anchor ?? 0);
  if (anchor === undefined) return putFirst(tree, lines.join(line), line);
  const gap = wantsGap(text, headers, path) ? line : '';
  const at = contentEnd(text, anchor);
  return { start: at, end: at, newText: line + gap + lines.join(line) };
}

/**
 * A plain value as TOML on one line: strings in double quotes, objects as inline tables, dates in UTC.
 * @throws RangeError for what TOML cannot hold: `null`, functions, symbols.
 */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  if (!isTable(value)) throw new RangeError(`TOML has no value for ${String(value)}.`);
  const pairs = present(value).map(([key, inner]) => `${writeKey(key)} = ${tomlValue(inner)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function tableLines(
  path: readonly string[],
  values: Readonly<Record<string, unknown>>,
  indent: string,
  layout: Layout,
  asItem: boolean,
): string[] {
  const name = path.map(writeKey).join('.');
  const lines = [indent + (asItem ? `[[${name}]]` : `[${name}]`)];
  const pairs = present(values);
  for (const [key, value] of pairs) {
    if (!isTable(value) && !isTables(value)) {
      lines.push(indent + layout.keys + writePair(layout, writeKey(key), tomlValue(value)));
    }
  }
  for (const [key, value] of pairs) {
    const inner = isTables(value) ? value : isTable(value) ? [value] : [];
    for (const table of inner) {
      lines.push(...tableLines([...path, key], table, indent + layout.headers, layout, isTables(value)));
    }
  }
  return lines;
}

function writePair(layout: Layout, key: string, value: string): string {
  const like = pairLike(layout.text, layout.like, key, value);
  return / {2,}=/.test(like) ? `${key} = ${value}` : like;
}

/** The end of the last own statement of the section around `after`; none when the root has no own keys. */
function sectionEnd(tree: TomlTree, after: MapNode): number | undefined {
  const around = after === tree.root ? undefined : tree.parts.findLast(part => part.start <= after.end);
  const section = around?.section ?? tree.root;
  return tree.parts.findLast(part => part.section === section)?.end;
}

/** Above the first header of a file without keys of its own, or at the end of one without any. */
function putFirst(tree: TomlTree, table: string, line: string): TextEdit {
  const { text, parts } = tree;
  const first = parts[0];
  if (first !== undefined) {
    const at = lineStart(text, first.start);
    return { start: at, end: at, newText: table + line + line };
  }
  const gap = text === '' || text === '\uFEFF' || text.endsWith('\n') ? '' : line;
  return { start: text.length, end: text.length, newText: gap + table + line };
}

function indentOf(
  text: string,
  headers: readonly HeaderPart[],
  path: readonly string[],
  more: string,
): string {
  const parent = path.slice(0, -1);
  const level = headers.filter(header => header.path.length === path.length);
  const sibling = level.find(header => isInside(header.path, parent)) ?? level[0];
  if (sibling !== undefined) return indentAt(text, sibling.start);
  const around = headers.filter(header => header.path.every((name, index) => name === path[index]));
  const outer = around.findLast(header => around.every(other => other.path.length <= header.path.length));
  return outer ? indentAt(text, outer.start) + more : '';
}

/** Whether headers like this one have a blank line above them. */
function wantsGap(text: string, headers: readonly HeaderPart[], path: readonly string[]): boolean {
  const level = headers.filter(header => header.path.length === path.length);
  const others = level.length > 0 ? level : headers.slice(1);
  const sibling = others.at(-1);
  return sibling === undefined ? path.length === 1 : isSpaced(text, sibling);
}

function present(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isTables(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}
