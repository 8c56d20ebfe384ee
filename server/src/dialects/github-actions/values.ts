/** Reads the YAML of GitHub Actions: aliases followed, scalars as YAML 1.2 has them. */
import { type Place, placeOf } from '../../model/known.js';
import type { Entry, MapNode, Node, ScalarNode, Tree } from '../../syntax/tree.js';

/** A file, and what its aliases stand for. */
export interface Source {
  readonly path: string;
  readonly tree: Tree;
}

export function mapOf(source: Source, node: Node | undefined): MapNode | undefined {
  const found = node && source.tree.resolve(node);
  return found?.kind === 'map' ? found : undefined;
}

export function entryOf(map: MapNode | undefined, key: string): Entry | undefined {
  return map?.entries.find(entry => entry.key.text === key);
}

/** What a key of a map holds; missing also where nothing is written behind the colon. */
export function nodeAt(source: Source, map: MapNode | undefined, key: string): Node | undefined {
  const value = entryOf(map, key)?.value;
  return value && source.tree.resolve(value);
}

export function scalarAt(source: Source, map: MapNode | undefined, key: string): ScalarNode | undefined {
  const node = nodeAt(source, map, key);
  return node?.kind === 'scalar' ? node : undefined;
}

export function textAt(source: Source, map: MapNode | undefined, key: string): string | undefined {
  const scalar = scalarAt(source, map, key);
  return scalar && textOf(scalar);
}

/** The items of a list; a scalar counts as a list of one. */
export function itemsOf(source: Source, node: Node | undefined): readonly Node[] {
  const found = node && source.tree.resolve(node);
  if (found?.kind === 'seq') return found.items.flatMap(item => source.tree.resolve(item) ?? []);
  return found?.kind === 'scalar' ? [found] : [];
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** A plain number is a number before it becomes a text again: 20.10 comes out as 20.1, and null as nothing. */
export function textOf({ text, style }: ScalarNode): string {
  if (style !== 'plain') return text;
  if (isNothing(text)) return '';
  return NUMBER.test(text) ? String(Number(text)) : text;
}

function isNothing(text: string): boolean {
  return /^(?:null|Null|NULL|~|)$/.test(text);
}

export function place(source: Source, node: Node): Place {
  return placeOf(source.path, node);
}

export function placeOfEntry({ path }: Source, entry: Entry): Place {
  return { path, block: entry.key.block, start: entry.start, end: entry.end };
}

/** The keys at the top of a file; of one with several documents GitHub reads the first. */
export function rootEntries({ tree }: Source): readonly Entry[] {
  return tree.documents[0]?.entries ?? [];
}

export function rootNode(source: Source, key: string): Node | undefined {
  const value = rootEntries(source).find(entry => entry.key.text === key)?.value;
  return value && source.tree.resolve(value);
}
