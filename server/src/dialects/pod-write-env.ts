/** Finds containers of a pod by a place in them, and writes variables into them. */
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { MapNode, Node, SeqNode, Tree } from '../syntax/tree.js';
import { replaceScalar, yamlScalar } from '../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, rootOfBlock } from '../syntax/yaml-find.js';
import { itemAt } from '../syntax/yaml-list.js';
import { addItem, addList, isEmpty, SHARED } from './pod-write-lists.js';

/** The container whose name or image stands at a place, or that has it itself. */
export function containerAt(tree: Tree, place: Place): MapNode | undefined {
  return around(tree, place).find(
    (node): node is MapNode =>
      node.kind === 'map' &&
      ((node.start === place.start && node.end === place.end) ||
        node.entries.some(({ value }) => value?.start === place.start && value.end === place.end)),
  );
}

/** The maps and lists around a place, outermost first. */
export function around(tree: Tree, { block, start, end }: Place): readonly Node[] {
  const nodes: Node[] = [];
  let at = rootOfBlock(tree, block);
  while (at && at.kind !== 'scalar' && at.kind !== 'alias') {
    nodes.push(at);
    const children: readonly Node[] =
      at.kind === 'seq' ? at.items : at.entries.flatMap(({ value }) => value ?? []);
    at = children.find(child => child.start <= start && child.end >= end);
  }
  return nodes;
}

type Edit = TextEdit | string | undefined;

const ODD = 'the variables are written in a way that cannot be changed';

/** Variables by name. */
export type Variables = ReadonlyMap<string, string>;

/** Sets variables: behind the one at `near`, else behind the last; where there are none, the list is made. */
export function putVariables(
  tree: Tree,
  container: MapNode | undefined,
  near: Place | undefined,
  variables: Variables,
): readonly Edit[] {
  const found = near && itemAt(rootOfBlock(tree, near.block), near);
  const env = container && findMapEntry(container, 'env');
  const list = found?.list ?? (env?.value?.kind === 'seq' ? env.value : undefined);
  if (near && around(tree, near).some(({ anchor }) => anchor !== undefined)) return [SHARED];
  if (hasAnchor(list)) return [SHARED];
  const all = [...variables];
  if (list && !isEmpty(list))
    return all.map(([name, value]) => intoList(tree, list, found?.item ?? list.items.at(-1), name, value));
  if (env?.value && !isEmpty(env.value)) return [ODD];
  const items = all.map(([name, value]) => variable(name, value));
  return [container && addList(tree, container, 'env', items)];
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
  return beside ? addItem(tree, list, beside, variable(name, value)) : ODD;
}

function variable(name: string, value: string) {
  return [
    ['name', name],
    ['value', yamlScalar(value)],
  ] as const;
}
