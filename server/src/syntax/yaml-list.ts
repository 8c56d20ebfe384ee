/** Writes into YAML lists: each change as the smallest edit that leaves comments and style alone. */
import type { TextEdit } from './patch.js';
import type { Node, ScalarNode, SeqNode, Span, Tree } from './tree.js';
import { isInFlow, yamlScalar } from './yaml-edit.js';

/** The list that holds an item which has exactly this span, and that item. */
export function itemAt(root: Node | undefined, span: Span): { list: SeqNode; item: Node } | undefined {
  if (!root || root.kind === 'scalar' || root.kind === 'alias') return undefined;
  if (root.kind === 'seq') {
    const item = root.items.find(one => one.start === span.start && one.end === span.end);
    if (item) return { list: root, item };
  }
  const children = root.kind === 'seq' ? root.items : root.entries.flatMap(({ value }) => value ?? []);
  const inner = children.find(child => child.start <= span.start && child.end >= span.end);
  return itemAt(inner, span);
}

/** The list that has exactly this span. */
export function listAt(root: Node | undefined, span: Span): SeqNode | undefined {
  if (!root || root.kind === 'scalar' || root.kind === 'alias') return undefined;
  if (root.kind === 'seq' && root.start === span.start && root.end === span.end) return root;
  const children = root.kind === 'seq' ? root.items : root.entries.flatMap(({ value }) => value ?? []);
  return listAt(
    children.find(child => child.start <= span.start && child.end >= span.end),
    span,
  );
}

/** Adds an item behind another of the same list; in a block list on a line of its own. */
export function insertItem(tree: Tree, list: SeqNode, beside: Node, value: string): TextEdit | undefined {
  const base = tree.startOf(list.block);
  if (base === undefined) return undefined;
  const { text } = list.block;
  const source = yamlScalar(value, likeFirst(list), list.flow || isInFlow(tree, list));
  if (list.flow) {
    const at = base + beside.end;
    return { start: at, end: at, newText: `, ${source}` };
  }
  const at = base + lineEnd(text, beside.end);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return { start: at, end: at, newText: `${lineBreak}${dashOf(text, beside)}${source}` };
}

/** The style of the items that are there. */
function likeFirst(list: SeqNode): ScalarNode {
  const first = list.items.find(item => item.kind === 'scalar');
  const style = first?.kind === 'scalar' && first.style !== 'plain' ? first.style : 'plain';
  return { kind: 'scalar', block: list.block, start: 0, end: 0, text: '', style };
}

/** Indentation, dash and blanks in front of an item. */
function dashOf(text: string, item: Node): string {
  return text.slice(text.lastIndexOf('\n', item.start - 1) + 1, item.start);
}

/** Takes an item away: its whole lines, or its part of a flow list. `undefined` where that would leave none. */
export function removeItem(tree: Tree, list: SeqNode, item: Node): TextEdit | undefined {
  const base = tree.startOf(list.block);
  if (base === undefined || list.items.length < 2) return undefined;
  const span = list.flow ? flowSpan(list, item) : lineSpan(list.block.text, item);
  return { start: base + span.start, end: base + span.end, newText: '' };
}

function lineSpan(text: string, item: Node): Span {
  const start = text.lastIndexOf('\n', item.start - 1) + 1;
  const newline = text.indexOf('\n', item.end);
  if (newline >= 0) return { start, end: newline + 1 };
  return { start: text.endsWith('\r\n', start) ? start - 2 : Math.max(0, start - 1), end: text.length };
}

function flowSpan(list: SeqNode, item: Node): Span {
  const i = list.items.indexOf(item);
  const next = list.items[i + 1];
  if (next) return { start: item.start, end: next.start };
  return { start: list.items[i - 1]?.end ?? item.start, end: item.end };
}

/** Offset of the end of the line, before its line break. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}
