/** Makes a text or a list of what is neither. */
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Node, Tree } from '../../syntax/tree.js';
import { yamlScalar } from '../../syntax/yaml-edit.js';
import { rootOfBlock } from '../../syntax/yaml-find.js';

/** Puts a piece of a single line in quotes: single ones, which know no escapes, but where only they stand in it. */
export function quoteSource(tree: Tree, { block, start, end }: Place): TextEdit | undefined {
  const base = tree.startOf(block);
  if (base === undefined) return undefined;
  const text = block.text.slice(start, end);
  const inDouble = text.includes("'") && !/["\\]/.test(text);
  const newText = inDouble ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
  return { start: base + start, end: base + end, newText };
}

/** Makes a value the only item of a list. */
export function makeList(tree: Tree, at: Place): TextEdit | string | undefined {
  const [base, node] = [tree.startOf(at.block), valueAt(rootOfBlock(tree, at.block), at)];
  if (base === undefined || !node) return undefined;
  const source = at.block.text.slice(at.start, at.end);
  const inBlock = node.kind === 'map' && !node.flow;
  if (node.anchor !== undefined || node.tag !== undefined || (!inBlock && /[\r\n]/.test(source)))
    return 'the value is written in a way that cannot stand in a list';
  const item = node.kind === 'scalar' && node.style === 'plain' ? yamlScalar(node.text, node, true) : source;
  const newText = inBlock ? `- ${source.replace(/\n(?=[^\r\n])/g, '\n  ')}` : `[${item}]`;
  return { start: base + at.start, end: base + at.end, newText };
}

function valueAt(root: Node | undefined, { start, end }: Place): Node | undefined {
  let at = root;
  while (at && !(at.start === start && at.end === end)) {
    const inner =
      at.kind === 'seq'
        ? at.items
        : at.kind === 'map'
          ? at.entries.map(({ key, value }) => value ?? key)
          : [];
    at = inner.find(child => child.start <= start && child.end >= end);
  }
  return at;
}
