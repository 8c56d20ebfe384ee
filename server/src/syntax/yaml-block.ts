/** Writes texts of several lines into YAML: as block scalars, and lines of such that stand there already. */
import type { TextEdit } from './patch.js';
import type { ScalarNode, Tree } from './tree.js';
import { isInFlow, yamlScalar } from './yaml-edit.js';
import { lineBreakIn, lineEndAt } from './yaml-lines.js';

/** A literal block scalar with its header; its lines are indented by `column`. */
export function blockText(text: string, column: number, lineBreak: string): string {
  return `|${indented(text, column, lineBreak)}`;
}

function indented(text: string, column: number, lineBreak: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.map(line => lineBreak + (line === '' ? '' : ' '.repeat(column) + line)).join('');
}

/**
 * Gives a scalar another text. A literal one keeps the lines that do not change; any other becomes literal where the
 * new text has several lines. `undefined` where the text cannot be held.
 */
export function replaceText(tree: Tree, node: ScalarNode, text: string): TextEdit | undefined {
  const base = tree.startOf(node.block);
  if (base === undefined || node.anchor !== undefined || /^\s/.test(text)) return undefined;
  if (node.style === 'literal') return replaceLines(node, text, base);
  const inFlow = isInFlow(tree, node);
  const end = node.style === 'folded' ? contentEnd(node) : node.end;
  const source = node.block.text;
  if (inFlow || (node.style !== 'folded' && !text.trimEnd().includes('\n')))
    return { start: base + node.start, end: base + end, newText: yamlScalar(text.trimEnd(), node, inFlow) };
  const headerEnd = lineEndAt(source, node.start);
  const [from, to] = node.style === 'folded' ? [node.start, headerEnd] : [end, lineEndAt(source, end)];
  const comment = /(?:^|\s)#.*$/.exec(source.slice(from, to))?.[0] ?? '';
  const body = indented(text, bodyColumn(node), lineBreakIn(node));
  const stop = node.style === 'folded' ? end : to;
  return { start: base + node.start, end: base + stop, newText: `|${comment}${body}` };
}

/** Where the last line of a block scalar ends. */
function contentEnd(node: ScalarNode): number {
  return node.block.text.slice(0, node.end).trimEnd().length;
}

/** Two further in than the dash or the key that the scalar belongs to. */
function bodyColumn(node: ScalarNode): number {
  const { text } = node.block;
  const lineStart = text.lastIndexOf('\n', node.start - 1) + 1;
  const before = text.slice(lineStart, node.start);
  const dash = /^ *(?:- +)+$/.test(before);
  return (dash ? before.lastIndexOf('-') : leading(before)) + 2;
}

/** Changes the lines between the first and the last that differ. */
function replaceLines(node: ScalarNode, text: string, base: number): TextEdit | undefined {
  const source = node.block.text;
  const start = source.indexOf('\n', node.start) + 1;
  const end = contentEnd(node);
  if (start === 0 || end < start) return undefined;
  const lines = source.slice(start, end).split('\n');
  const first = lines.find(line => line.trim() !== '') ?? '';
  const indent = leading(first) - leading(node.text.replace(/^\n+/, ''));
  const ending = lineBreakIn(node).slice(0, -1);
  const wanted = text
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? '' : ' '.repeat(indent) + line));
  const same = (i: number, k: number): boolean => lines[i]?.replace(/\r$/, '') === wanted[k];
  let head = 0;
  while (head < Math.min(lines.length, wanted.length) && same(head, head)) head++;
  let tail = 0;
  while (
    tail < Math.min(lines.length, wanted.length) - head &&
    same(lines.length - 1 - tail, wanted.length - 1 - tail)
  )
    tail++;
  const lengthOf = (count: number): number =>
    lines.slice(0, count).reduce((sum, line) => sum + line.length + 1, 0);
  const from = start + lengthOf(head);
  const middle = wanted.slice(head, wanted.length - tail).join(`${ending}\n`);
  if (tail > 0) {
    const to = start + lengthOf(lines.length - tail);
    const isRemoval = head === wanted.length - tail;
    return { start: base + from, end: base + to, newText: isRemoval ? '' : `${middle}${ending}\n` };
  }
  // Nothing is left behind the change, so the break in front of it goes with removed lines.
  if (head > 0 && head === wanted.length)
    return { start: base + from - 1 - ending.length, end: base + end, newText: '' };
  return { start: base + from, end: base + end, newText: middle };
}

function leading(line: string): number {
  return line.length - line.trimStart().length;
}
