/** A file that is no tree of keys, as one block. */
import { newBlock, type Tree } from '../syntax/tree.js';

/** The same tree for as long as the text is the same. */
export function readPlain(text: string, previous: Tree | undefined): Tree {
  if (previous?.text === text) return previous;
  const block = newBlock(text);
  return {
    text,
    documents: [{ blocks: [{ block, root: undefined, problems: [], anchors: new Map() }], entries: [] }],
    problems: [],
    isTainted: () => false,
    startOf: one => (one === block ? 0 : undefined),
    resolve: node => node,
  };
}
