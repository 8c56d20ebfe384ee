/** Finds containers of a pod by a place in them, and writes variables into them. */
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { MapNode, Node, SeqNode, Tree } from '../syntax/tree.js';
import { insertEntries, replaceScalar, yamlScalar } from '../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, rootOfBlock } from '../syntax/yaml-find.js';
import { itemAt } from '../syntax/yaml-list.js';

/** The container whose name or image stands at a place, or that has it itself. */
export function containerAt(tree: Tree, place: Place): MapNode | undefined {
  let at = rootOfBlock(tree, place.block);
  while (at && at.kind !== 'scalar' && at.kind !== 'alias') {
    if (at.kind === 'map') {
      const same = at.start === place.start && at.end === place.end;
      const named = at.entries.some(({ value }) => value?.start === place.start && value.end === place.end);
      if (same || named) return at;
    }
    const children: readonly Node[] =
      at.kind === 'seq' ? at.items : at.entries.flatMap(({ value }) => value ?? []);
    at = children.find(child => child.start <= place.start && child.end >= place.end);
  }
  return undefined;
}

const SHARED = 'an anchor shares the variables with other places';
const ODD = 'the variables are written in a way that cannot be changed';

/** Sets a variable: behind the one at `near`, else behind the last; where there are none, the list is made. */
export function putVariable(
  tree: Tree,
  container: MapNode | undefined,
  near: Place | undefined,
  name: string,
  value: string,
): TextEdit | string | undefined {
  const found = near && itemAt(rootOfBlock(tree, near.block), near);
  const env = container && findMapEntry(container, 'env');
  const list = found?.list ?? (env?.value?.kind === 'seq' ? env.value : undefined);
  if (hasAnchor(list)) return SHARED;
  if (list) return intoList(tree, list, found?.item ?? list.items.at(-1), name, value);
  const last = container?.entries.at(-1);
  if (!container || !last) return undefined;
  if (env?.value) return ODD;
  if (container.flow) {
    const added = `[${flowItem(name, value)}]`;
    return insertEntries(tree, { map: container, entry: last }, [['env', added]]);
  }
  const { text } = container.block;
  const column = last.start - (text.lastIndexOf('\n', last.start - 1) + 1);
  const lineBreak = lineBreakOf(text);
  const dash = `${' '.repeat(column + 2)}- `;
  const added = lineBreak + dash + blockItem(name, value, lineBreak, dash.length);
  if (env) {
    const start = tree.startOf(container.block);
    return start === undefined ? undefined : { start: start + env.end, end: start + env.end, newText: added };
  }
  return insertEntries(tree, { map: container, entry: last }, [['env', added]]);
}

function intoList(tree: Tree, list: SeqNode, beside: Node | undefined, name: string, value: string) {
  const old = list.items.find(item => {
    const key = item.kind === 'map' ? findMapEntry(item, 'name')?.value : undefined;
    return key?.kind === 'scalar' && key.text === name;
  });
  if (old?.kind === 'map') {
    const written = findMapEntry(old, 'value')?.value;
    return written?.kind === 'scalar' ? replaceScalar(tree, written, value) : ODD;
  }
  const base = tree.startOf(list.block);
  if (!beside || base === undefined) return ODD;
  if (list.flow)
    return { start: base + beside.end, end: base + beside.end, newText: `, ${flowItem(name, value)}` };
  const { text } = list.block;
  const dash = text.slice(text.lastIndexOf('\n', beside.start - 1) + 1, beside.start);
  const newline = text.indexOf('\n', beside.end);
  const stop = newline < 0 ? text.length : newline;
  const at = base + (text[stop - 1] === '\r' ? stop - 1 : stop);
  const lineBreak = lineBreakOf(text);
  return { start: at, end: at, newText: lineBreak + dash + blockItem(name, value, lineBreak, dash.length) };
}

function blockItem(name: string, value: string, lineBreak: string, column: number): string {
  return `name: ${name}${lineBreak}${' '.repeat(column)}value: ${yamlScalar(value)}`;
}

function flowItem(name: string, value: string): string {
  return `{ name: ${name}, value: ${yamlScalar(value)} }`;
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
