/** Holds a text that is read as it stands, such as `.env`, in the shape of a tree. */
import { newBlock, type Tree } from './tree.js';

/** One block without nodes. */
export function readPlainText(text: string): Tree {
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
