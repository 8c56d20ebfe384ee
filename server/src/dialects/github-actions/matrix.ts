/** The ways in which `strategy.matrix` makes a job run. */
import type { MapNode, Node } from '../../syntax/tree.js';
import { holdsExpression, namesOf, type Resolve } from './expressions.js';
import { entryOf, itemsOf, mapOf, nodeAt, type Source, textOf } from './values.js';

/** Values of the matrix by name; a value may be a map. */
export type Row = ReadonlyMap<string, Node>;

/** One way in which a job runs, with what tells it from the others. */
export interface MatrixWay {
  readonly row: Row;
  readonly label: string;
}

/** More instances, or ways that differ, are not told apart. */
const MAX_ROWS = 256;
const MAX_WAYS = 12;

/** The ways of a job as far as `wanted` goes; none where there is only one, or where they cannot be told. */
export function waysOf(
  source: Source,
  job: MapNode,
  wanted: ReadonlySet<string>,
): readonly MatrixWay[] | undefined {
  const rows = rowsOf(
    source,
    mapOf(source, nodeAt(source, mapOf(source, nodeAt(source, job, 'strategy')), 'matrix')),
  );
  if (!rows) return undefined;
  const ways = new Map<string, MatrixWay>();
  for (const row of rows) {
    const chosen = [...row].filter(([name]) => wanted.has(name));
    const label = chosen.map(([name, value]) => `${name}: ${shown(source, value)}`).join(', ');
    if (!ways.has(label)) ways.set(label, { row: new Map(chosen), label });
  }
  return ways.size > 0 && ways.size <= MAX_WAYS ? [...ways.values()] : undefined;
}

/** `undefined` where an expression makes the matrix or a part of it. Source: GitHub's reference on `jobs.<id>.strategy.matrix`. */
function rowsOf(source: Source, matrix: MapNode | undefined): readonly Row[] | undefined {
  if (!matrix) return undefined;
  const text = matrix.block.text.slice(matrix.start, matrix.end);
  if (holdsExpression(text)) return undefined;
  let rows: readonly Row[] = [new Map()];
  const axes = matrix.entries.filter(({ key }) => key.text !== 'include' && key.text !== 'exclude');
  for (const { key, value } of axes) {
    const items = itemsOf(source, value);
    rows = rows.flatMap(row => items.map(item => new Map([...row, [key.text, item]])));
    if (rows.length > MAX_ROWS) return undefined;
  }
  const excluded = mapsAt(source, matrix, 'exclude');
  const kept = axes.length === 0 ? [] : rows.filter(row => !excluded.some(one => matches(source, row, one)));
  return included(source, kept, mapsAt(source, matrix, 'include'), new Set(axes.map(({ key }) => key.text)));
}

function mapsAt(source: Source, matrix: MapNode, key: string): readonly MapNode[] {
  return itemsOf(source, entryOf(matrix, key)?.value).flatMap(item => mapOf(source, item) ?? []);
}

function matches(source: Source, row: Row, map: MapNode): boolean {
  return map.entries.every(({ key, value }) => {
    const own = row.get(key.text);
    return own !== undefined && value !== undefined && same(source, own, value);
  });
}

/** An entry of `include` is added to every row whose own values it leaves alone, else it is a row by itself. */
function included(
  source: Source,
  rows: readonly Row[],
  extra: readonly MapNode[],
  axes: ReadonlySet<string>,
): readonly Row[] {
  const result = rows.map(row => new Map(row));
  const alone: Row[] = [];
  for (const map of extra) {
    const fields = new Map(
      map.entries.flatMap(({ key, value }) => (value ? [[key.text, value] as const] : [])),
    );
    const fitting = result.filter(row =>
      [...fields].every(([name, value]) => {
        const own = axes.has(name) ? row.get(name) : undefined;
        return own === undefined || same(source, own, value);
      }),
    );
    for (const row of fitting) for (const [name, value] of fields) row.set(name, value);
    if (fitting.length === 0) alone.push(fields);
  }
  return [...result, ...alone].slice(0, MAX_ROWS);
}

function same(source: Source, a: Node, b: Node): boolean {
  const [left, right] = [a, b].map(node => source.tree.resolve(node));
  if (left?.kind === 'scalar' && right?.kind === 'scalar') return textOf(left) === textOf(right);
  return left === right;
}

function shown(source: Source, value: Node): string {
  const node = source.tree.resolve(value);
  if (node?.kind !== 'scalar') return '…';
  const text = textOf(node);
  return text === '' ? '""' : text;
}

/** What `matrix.…` comes to in one way. */
export function matrixValues(source: Source, way: MatrixWay | undefined): Resolve {
  return name => {
    const [context, first, ...rest] = name.split('.');
    if (context !== 'matrix' || first === undefined || !way) return undefined;
    let node = way.row.get(first);
    for (const key of rest) node = nodeAt(source, mapOf(source, node), key);
    const scalar = node && source.tree.resolve(node);
    return scalar?.kind === 'scalar' ? textOf(scalar) : undefined;
  };
}

/** Keys of actions whose values decide what builds can do, so that ways which differ in them are told apart. */
const DECISIVE_INPUTS = ['platforms', 'push', 'load', 'outputs', 'cache-to', 'driver'];

/** Names of the matrix on which hang the runner, the containers, the variables, or what builds ask for. */
export function decisiveNames(source: Source, job: MapNode): ReadonlySet<string> {
  const texts = ['runs-on', 'container', 'services', 'env'].flatMap(key => textIn(nodeAt(source, job, key)));
  for (const step of itemsOf(source, entryOf(job, 'steps')?.value)) {
    const inputs = mapOf(source, nodeAt(source, mapOf(source, step), 'with'));
    for (const key of DECISIVE_INPUTS) texts.push(...textIn(nodeAt(source, inputs, key)));
  }
  return new Set(texts.flatMap(text => namesOf(text, 'matrix')));
}

function textIn(node: Node | undefined): readonly string[] {
  return node ? [node.block.text.slice(node.start, node.end)] : [];
}
