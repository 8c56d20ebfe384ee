/** Reads single values of pods, in which parts that a template fills in are holes. */
import { ABSENT, type Known, known, type Origin, placeOf, unknown } from '../model/known.js';
import { HOLE, isLiteral, type Text } from '../model/text.js';
import type { Entry, MapNode, Node, SeqNode, Tree } from '../syntax/tree.js';

/** A file that holds pods. */
export interface PodFile {
  readonly path: string;
  readonly tree: Tree;
  /** Why what is written may not be what comes of it, in words: a template decides. */
  readonly doubt: string | undefined;
}

/** The entry of a key, with its value resolved. Own keys win over those that `<<` brings; of two the last counts. */
export function field(file: PodFile, node: Node | undefined, key: string): Field | undefined {
  return node?.kind === 'map' ? fieldIn(file.tree, node, key, 0) : undefined;
}

/** More maps than this are merged into each other by nobody. */
const MAX_MERGES = 10;

function fieldIn(tree: Tree, map: MapNode, key: string, depth: number): Field | undefined {
  const entry = map.entries.findLast(one => one.key.text === key);
  if (entry) return { entry, node: entry.value && tree.resolve(entry.value) };
  const merged = map.entries.findLast(one => one.key.text === '<<')?.value;
  const below = merged && tree.resolve(merged);
  if (!below || depth >= MAX_MERGES) return undefined;
  for (const item of below.kind === 'seq' ? below.items : [below]) {
    const one = tree.resolve(item);
    const found = one?.kind === 'map' ? fieldIn(tree, one, key, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

export interface Field {
  readonly entry: Entry;
  /** Missing where nothing is written, or an alias leads nowhere. */
  readonly node: Node | undefined;
}

/** The value behind a row of keys. */
export function inside(file: PodFile, node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>((at, key) => field(file, at, key)?.node, node);
}

/** The items of a list that are maps. */
export function mapsIn(file: PodFile, node: Node | undefined): readonly MapNode[] {
  return itemsOf(file, node).filter(item => item.kind === 'map');
}

export function itemsOf({ tree }: PodFile, node: Node | undefined): readonly Node[] {
  if (node?.kind !== 'seq') return [];
  return (node as SeqNode).items.flatMap(item => tree.resolve(item) ?? []);
}

/** `{{ … }}` that was taken out, `${NAME}` of envsubst, `$(name)` of Kubernetes and Tekton. */
const PART = new RegExp(`${HOLE}+|\\$\\{([^}]*)\\}|\\$\\(([^)]*)\\)`, 'g');

/** A text with holes where something is filled in. */
export function withHoles(raw: string): Text {
  const holes: string[] = [];
  const text = raw.replace(PART, (_, braced?: string, round?: string) => {
    holes.push(braced ?? (round === undefined ? '…' : `$(${round})`));
    return HOLE;
  });
  return { text, holes };
}

export function textIn(node: Node | undefined): Text | undefined {
  return node?.kind === 'scalar' ? withHoles(node.text) : undefined;
}

/** A text without holes. */
export function wordIn(file: PodFile, node: Node | undefined, key: string): string | undefined {
  const text = textIn(field(file, node, key)?.node);
  return text && isLiteral(text) ? text.text : undefined;
}

export function originOf(file: PodFile, { entry, node }: Field): Origin {
  return {
    place: placeOf(file.path, node && node.block === entry.key.block ? node : entry.key),
    way: 'own',
    entry: placeOf(file.path, entry),
  };
}

/** What is written, as far as it is sure to count. */
export function sure<T>({ doubt }: PodFile, item: Known<T>): Known<T> {
  if (doubt === undefined || item.state === 'unknown') return item;
  if (item.state === 'absent') return unknown(doubt);
  return { state: 'unknown', why: doubt, origin: item.origin, likely: item.value };
}

export function readWord(file: PodFile, node: Node | undefined, key: string): Known<string> {
  const found = field(file, node, key);
  if (!found?.node) return sure(file, ABSENT);
  const text = textIn(found.node);
  const origin = originOf(file, found);
  if (!text || !isLiteral(text)) return unknown(`its ${key} comes from a template`, origin);
  return sure(file, known(text.text, origin));
}

/** As YAML 1.1 has them, which Kubernetes reads. Source: sigs.k8s.io/yaml. */
const TRUE = /^(?:true|yes|on|y)$/i;
const FALSE = /^(?:false|no|off|n|)$/i;

export function readFlag(file: PodFile, node: Node | undefined, key: string): Known<boolean> {
  const word = readWord(file, node, key);
  if (word.state === 'absent') return word;
  if (word.state === 'unknown') {
    const { likely, ...open } = word;
    return likely === undefined ? open : { ...open, likely: TRUE.test(likely) };
  }
  if (!TRUE.test(word.value) && !FALSE.test(word.value))
    return unknown(`its ${key} is no boolean`, word.origin);
  return known(TRUE.test(word.value), word.origin);
}
