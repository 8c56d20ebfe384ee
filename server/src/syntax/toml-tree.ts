/** Builds the tree of a TOML file from the parser's statements, nested the way TOML means them. */
import type { AST } from 'toml-eslint-parser';
import { MAX_DEPTH } from './toml-recover.js';
import type { Block, Entry, MapNode, Node, ScalarNode, ScalarStyle, SeqNode, Span } from './tree.js';

/**
 * One statement as written. A header's span runs from `[` to `]`, and it opens `table`. A pair's span runs
 * from its (dotted) key to the end of its value; `section` is the table whose header it stands under, the
 * root if none, and `table` the one that holds its last key: another one where the key is dotted.
 */
export type TomlPart = HeaderPart | PairPart;

export interface HeaderPart extends Span {
  readonly kind: 'header';
  readonly array: boolean;
  /** The names in the header, unquoted. */
  readonly path: readonly string[];
  readonly section: MapNode;
  readonly table: MapNode;
}

export interface PairPart extends Span {
  readonly kind: 'pair';
  readonly section: MapNode;
  readonly table: MapNode;
  readonly entry: Entry;
}

export interface BuiltToml {
  readonly root: MapNode;
  readonly parts: readonly TomlPart[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenEntry = Open<Entry>;
type OpenSeq = Open<SeqNode> & { readonly items: OpenMap[] };
interface OpenMap extends Open<Omit<MapNode, 'entries'>> {
  readonly entries: OpenEntry[];
}

interface Build {
  readonly block: Block;
  readonly root: OpenMap;
  readonly parts: TomlPart[];
  /** The entries of each table by name. */
  readonly names: Map<MapNode, Map<string, OpenEntry>>;
  /** Tables that no header opened: they grow with what is written through them. */
  readonly implied: Set<MapNode>;
}

/**
 * The logical tree of a parsed file. All offsets count from the start of `block`, which holds the whole file.
 * @throws RangeError when values or keys nest deeper than readers of the tree can be expected to recurse.
 */
export function buildToml(program: AST.TOMLProgram, block: Block): BuiltToml {
  const root = newMap(block, 0, block.text.length, false);
  const build: Build = { block, root, parts: [], names: new Map(), implied: new Set() };
  for (const statement of program.body[0].body) {
    if (statement.type === 'TOMLKeyValue') addPair(build, root, statement);
    else addTable(build, statement);
  }
  return { root, parts: build.parts };
}

function addTable(build: Build, node: AST.TOMLTable): void {
  const { keys } = node.key;
  const parent = descend(build, build.root, keys, node.range[1]);
  const last = keys.at(-1);
  if (parent === undefined || last === undefined) return;
  const table =
    node.kind === 'array' ? addItem(build, parent, last, node) : openTable(build, parent, last, node);
  const [start] = node.range;
  const end = node.key.range[1] + closingLength(build.block.text, node);
  const path = keys.map(nameOf);
  const array = node.kind === 'array';
  build.parts.push({ kind: 'header', start, end, array, path, section: table, table });
  for (const pair of node.body) addPair(build, table, pair);
}

/** From the end of the key to behind the last bracket: there may be spaces before it. */
function closingLength(text: string, node: AST.TOMLTable): number {
  const from = node.key.range[1];
  return text.indexOf(']', from) + (node.kind === 'array' ? 2 : 1) - from;
}

function addItem(build: Build, parent: OpenMap, key: KeyPart, node: AST.TOMLTable): OpenMap {
  const [start, end] = node.range;
  const item = newMap(build.block, start, end, false);
  const found = lookUp(build, parent, key);
  if (found?.value?.kind === 'seq') {
    const seq = found.value as OpenSeq;
    seq.items.push(item);
    seq.end = end;
    found.end = end;
  } else {
    const { block } = build;
    addEntry(build, parent, key, { kind: 'seq', flow: false, block, start, end, items: [item] });
  }
  return item;
}

function openTable(build: Build, parent: OpenMap, key: KeyPart, node: AST.TOMLTable): OpenMap {
  const [start, end] = node.range;
  const found = lookUp(build, parent, key);
  if (found?.value?.kind !== 'map') {
    const table = newMap(build.block, start, end, false);
    addEntry(build, parent, key, table);
    return table;
  }
  const table = found.value as OpenMap;
  table.start = start;
  table.end = end;
  build.implied.delete(table);
  found.key = keyNode(build.block, key);
  found.start = found.key.start;
  found.end = end;
  return table;
}

/** The table that holds the last of the keys; makes those that are missing and stretches those implied. */
function descend(build: Build, from: OpenMap, keys: readonly KeyPart[], end: number): OpenMap | undefined {
  if (keys.length > MAX_DEPTH) throw new RangeError('Too many parts in a key.');
  let table = from;
  for (const key of keys.slice(0, -1)) {
    const found = lookUp(build, table, key);
    const { value } = found ?? addImplied(build, table, key, end);
    const next = value?.kind === 'seq' ? value.items.at(-1) : value;
    if (next?.kind !== 'map') return undefined;
    table = next as OpenMap;
    if (found !== undefined && build.implied.has(table)) {
      table.end = end;
      found.end = end;
    }
  }
  return table;
}

function addImplied(build: Build, parent: OpenMap, key: KeyPart, end: number): OpenEntry {
  const table = newMap(build.block, key.range[0], end, false);
  build.implied.add(table);
  return addEntry(build, parent, key, table);
}

/** Adds `key = value` of a section; those of an inline table become no parts. */
function addPair(build: Build, section: OpenMap, node: AST.TOMLKeyValue): void {
  const added = addValue(build, section, node, 0);
  if (added === undefined) return;
  const [start, end] = node.range;
  build.parts.push({ kind: 'pair', start, end, section, ...added });
}

function addValue(
  build: Build,
  section: OpenMap,
  node: AST.TOMLKeyValue,
  depth: number,
): { readonly table: MapNode; readonly entry: Entry } | undefined {
  const { keys } = node.key;
  const table = descend(build, section, keys, node.range[1]);
  const last = keys.at(-1);
  if (table === undefined || last === undefined) return undefined;
  return { table, entry: addEntry(build, table, last, convert(build, node.value, depth)) };
}

function convert(build: Build, node: AST.TOMLContentNode, depth: number): Node {
  if (depth > MAX_DEPTH) throw new RangeError('Values nested too deep.');
  const { block } = build;
  const [start, end] = node.range;
  if (node.type === 'TOMLValue') return scalar(block, node);
  if (node.type === 'TOMLArray') {
    const items = node.elements.map(item => convert(build, item, depth + 1));
    return { kind: 'seq', flow: true, block, start, end, items };
  }
  const table = newMap(block, start, end, true);
  for (const pair of node.body) addValue(build, table, pair, depth + pair.key.keys.length);
  return table;
}

function scalar(block: Block, node: AST.TOMLValue): ScalarNode {
  const [start, end] = node.range;
  if (node.kind === 'string') {
    const style = styleOf(node.style);
    return { kind: 'scalar', block, start, end, text: node.value, style, type: 'string' };
  }
  const type =
    node.kind === 'integer' || node.kind === 'float' || node.kind === 'boolean' ? node.kind : 'datetime';
  return { kind: 'scalar', block, start, end, text: block.text.slice(start, end), style: 'plain', type };
}

type KeyPart = AST.TOMLBare | AST.TOMLQuoted;

function nameOf(key: KeyPart): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function keyNode(block: Block, key: KeyPart): ScalarNode {
  const [start, end] = key.range;
  const style = key.type === 'TOMLBare' ? 'plain' : styleOf(key.style);
  return { kind: 'scalar', block, start, end, text: nameOf(key), style };
}

function styleOf(style: 'basic' | 'literal'): ScalarStyle {
  return style === 'basic' ? 'double' : 'single';
}

function newMap(block: Block, start: number, end: number, flow: boolean): OpenMap {
  return { kind: 'map', flow, block, start, end, entries: [] };
}

function lookUp(build: Build, table: OpenMap, key: KeyPart): OpenEntry | undefined {
  return build.names.get(table)?.get(nameOf(key));
}

function addEntry(build: Build, table: OpenMap, part: KeyPart, value: Node | OpenMap): OpenEntry {
  const key = keyNode(build.block, part);
  const entry: OpenEntry = { key, value, start: key.start, end: value.end };
  table.entries.push(entry);
  const names = build.names.get(table);
  if (names === undefined) build.names.set(table, new Map([[key.text, entry]]));
  else names.set(key.text, entry);
  return entry;
}
