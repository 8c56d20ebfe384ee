/** Finds what stands at an offset of a file: the entries around it, and whether it is quoted text. */
import type { Entry, Node, Tree, TreeDocument } from '../syntax/tree.js';

/** The entries around an offset, outermost first, with the node that holds it last. */
export interface Step {
  readonly entry: Entry;
  readonly onKey: boolean;
}

export function pathTo(tree: Tree, offset: number): readonly Step[] | undefined {
  for (const document of tree.documents) {
    for (const { block, root } of document.blocks) {
      const start = tree.startOf(block);
      if (start === undefined || offset < start || offset > start + block.text.length) continue;
      const path = descend(root, offset - start);
      if (path.length > 0) return [...above(document, path), ...path];
    }
  }
  return undefined;
}

/** The entry at the top whose keys are blocks of their own, for a path that begins at one of those. */
function above({ entries }: TreeDocument, [first]: readonly Step[]): readonly Step[] {
  const outer = entries.find(
    ({ key, value }) =>
      first &&
      key.block !== first.entry.key.block &&
      value?.kind === 'map' &&
      value.entries.includes(first.entry),
  );
  return outer ? [{ entry: outer, onKey: false }] : [];
}

function descend(node: Node | undefined, at: number): readonly Step[] {
  if (node?.kind === 'seq') {
    return node.items.map(item => descend(item, at)).find(path => path.length > 0) ?? [];
  }
  if (node?.kind !== 'map') return [];
  for (const entry of node.entries) {
    if (at >= entry.key.start && at <= entry.key.end) return [{ entry, onKey: true }];
    const { value } = entry;
    if (!value) continue;
    const inner = descend(value, at);
    if (inner.length > 0) return [{ entry, onKey: false }, ...inner];
    if (at >= value.start && at <= value.end) return [{ entry, onKey: false }];
  }
  return [];
}

/** Whether an offset lies in a value in quotes. */
export function inQuotes(tree: Tree, offset: number): boolean {
  for (const document of tree.documents) {
    for (const { block, root } of document.blocks) {
      const start = tree.startOf(block);
      if (start === undefined || offset < start || offset > start + block.text.length) continue;
      if (root && quotedAt(root, offset - start)) return true;
    }
  }
  return false;
}

function quotedAt(node: Node, at: number): boolean {
  if (node.kind === 'scalar') {
    return (node.style === 'single' || node.style === 'double') && at > node.start && at < node.end;
  }
  if (node.kind === 'seq') return node.items.some(item => quotedAt(item, at));
  return (
    node.kind === 'map' && node.entries.some(entry => entry.value !== undefined && quotedAt(entry.value, at))
  );
}
