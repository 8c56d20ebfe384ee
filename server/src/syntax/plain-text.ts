/** Holds a text that is no tree of keys, such as a script or `.env`, in the shape of a tree. */
import { newBlock, type Tree } from './tree.js';

/** One block without nodes; the same tree for as long as the text is the same. */
export function readPlainText(text: string, previous?: Tree): Tree {
  if (previous?.text === text) return previous;
  const block = newBlock(text);
  return {
    text,
    documents: [{ blocks: [{ block, root: undefined, problems: [], anchors: new Map() }], entries: [] }],
    problems: [],
    isTainted: () => false,
    startOf: one => (one === block ? 0 : undefined),
    resolve: node => (node.kind === 'alias' ? undefined : node),
  };
}
