/** Looks up keys of a runner's TOML tables, in whatever case they are written. */
import { ABSENT, type Known, known, type Origin, placeOf, unknown } from '../../model/known.js';
import type { Entry, MapNode, Node } from '../../syntax/tree.js';

/**
 * A table of the file. In a `doubtful` one lines were left out that could not be read (a template), so a key
 * that is not there may be there in the end.
 */
export interface Table {
  readonly path: string;
  readonly map: MapNode | undefined;
  readonly doubtful: boolean;
}

/** TOML keys match without regard to case when there is no exact match. Source: BurntSushi/toml, used by gitlab-runner. */
export function findEntry(map: MapNode | undefined, key: string): Entry | undefined {
  const entries = map?.entries ?? [];
  return (
    entries.find(entry => entry.key.text === key) ??
    entries.find(entry => entry.key.text.toLowerCase() === key.toLowerCase())
  );
}

/** The table of that name inside of another. */
export function mapIn(map: MapNode | undefined, key: string): MapNode | undefined {
  const value = findEntry(map, key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

export function tableIn(table: Table, key: string): Table {
  return { ...table, map: mapIn(table.map, key) };
}

export function tablesIn(table: Table, key: string): readonly Table[] {
  const value = findEntry(table.map, key)?.value;
  if (value?.kind !== 'seq') return [];
  return value.items.flatMap(map => (map.kind === 'map' ? [{ ...table, map }] : []));
}

export function originIn(table: Table, node: Node, entry?: Entry): Origin {
  return {
    place: placeOf(table.path, node),
    way: 'runner',
    ...(entry ? { entry: placeOf(table.path, entry) } : {}),
  };
}

/** Marks of the template languages in which such files are kept. */
export const TEMPLATED = /\{\{|\{%|[$%]\{|^\$\w|<[A-Z_]+>/;

/** Reads a key with `read`; text with template marks in it is unknown. */
export function readKey<T>(table: Table, key: string, read: (node: Node) => T | undefined): Known<T> {
  const entry = findEntry(table.map, key);
  if (!entry?.value) return table.doubtful ? unknown('the file is a template') : ABSENT;
  const origin = originIn(table, entry.value, entry);
  if (entry.value.kind === 'scalar' && TEMPLATED.test(entry.value.text))
    return unknown('it comes from a template', origin);
  const value = read(entry.value);
  return value === undefined ? unknown(`${key} cannot be read`, origin) : known(value, origin);
}

export function asText(node: Node): string | undefined {
  return node.kind === 'scalar' && node.type === 'string' ? node.text : undefined;
}

export function asBoolean(node: Node): boolean | undefined {
  return node.kind === 'scalar' && node.type === 'boolean' ? node.text === 'true' : undefined;
}

/** Texts of an array; `undefined` when an item is none, or comes from a template. */
export function asTexts(node: Node): readonly string[] | undefined {
  if (node.kind !== 'seq') return undefined;
  const texts = node.items.map(item => asText(item));
  return texts.some(text => text === undefined || TEMPLATED.test(text)) ? undefined : (texts as string[]);
}

/** The same with the value changed; what is absent or unknown stays so. */
export function mapKnown<A, B>(item: Known<A>, change: (value: A) => B): Known<B> {
  if (item.state === 'known') return known(change(item.value), item.origin);
  return item.state === 'unknown' ? unknown(item.why, item.origin) : ABSENT;
}
