/** Finds nodes of a YAML tree by their place, and tells which ones an edit may touch. */
import type { Block, Entry, MapNode, Node, Span, Tree } from './tree.js';

export function rootOfBlock(tree: Tree, block: Block): Node | undefined {
  for (const document of tree.documents) {
    const parsed = document.blocks.find(candidate => candidate.block === block);
    if (parsed) return parsed.root;
  }
  return undefined;
}

/** A stretch of a block. */
type BlockSpan = Span & { readonly block: Block };

/** The scalar that has exactly this place. */
export function nodeAt(tree: Tree, place: BlockSpan): Node | undefined {
  let at = rootOfBlock(tree, place.block);
  while (at && !(at.start === place.start && at.end === place.end && at.kind === 'scalar')) {
    const children: readonly Node[] =
      at.kind === 'seq'
        ? at.items
        : at.kind === 'map'
          ? at.entries.flatMap(entry => (entry.value ? [entry.key, entry.value] : [entry.key]))
          : [];
    at = children.find(child => child.start <= place.start && child.end >= place.end);
  }
  return at;
}

/** A key behind `?`, which edits of whole entries would tear apart. */
export function isExplicit({ key }: Entry): boolean {
  const { text } = key.block;
  return text.slice(text.lastIndexOf('\n', key.start - 1) + 1, key.start).trim() === '?';
}

export function findMapEntry(map: MapNode, key: string): Entry | undefined {
  return map.entries.find(entry => entry.key.text === key);
}

/** The entry whose value is exactly this map. */
export function entryAround(root: Node | undefined, map: MapNode): Entry | undefined {
  if (root?.kind === 'seq') {
    return root.items.map(item => entryAround(item, map)).find(found => found !== undefined);
  }
  if (root?.kind !== 'map') return undefined;
  const own = root.entries.find(entry => entry.value === map);
  return own ?? root.entries.map(entry => entryAround(entry.value, map)).find(found => found !== undefined);
}

/** Whether a node, or one inside of it, is named for others to use. */
export function hasAnchor(node: Node | undefined): boolean {
  if (!node) return false;
  if (node.anchor !== undefined) return true;
  if (node.kind === 'seq') return node.items.some(hasAnchor);
  return node.kind === 'map' && node.entries.some(entry => hasAnchor(entry.value));
}

const MAX_DEPTH = 20;

/** Whether `<<` brings the key into a map, so that one of its own would take its place. */
export function inherits(tree: Tree, map: MapNode, key: string, depth = 0): boolean {
  const merged = map.entries.find(entry => entry.key.text === '<<')?.value;
  const nodes = merged && (merged.kind === 'seq' ? merged.items : [merged]);
  return (nodes ?? []).some(node => {
    const found = tree.resolve(node) ?? node;
    if (found.kind !== 'map' || depth > MAX_DEPTH) return true;
    return findMapEntry(found, key) !== undefined || inherits(tree, found, key, depth + 1);
  });
}
