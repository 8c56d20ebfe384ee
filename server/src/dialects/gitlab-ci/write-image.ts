/** Writes changes to `image:`, which may be a name or a mapping. */
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import { type MapNode, type Node, type ScalarNode, sourceOf, type Tree } from '../../syntax/tree.js';
import { isInFlow, replaceEntry } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, rootOfBlock } from '../../syntax/yaml-find.js';
import { lineBreakIn, lineEndAt } from '../../syntax/yaml-lines.js';

/** Gives the image whose name stands at `place` an empty entrypoint: the edit, or why it cannot be written. */
export function clearEntrypoint(tree: Tree, place: Place): TextEdit | string {
  const chain = chainTo(rootOfBlock(tree, place.block), place);
  const [name, parent] = chain.toReversed();
  if (name?.kind !== 'scalar' || name.start !== place.start || name.end !== place.end) return ELSEWHERE;
  if (parent?.kind !== 'map') return ELSEWHERE;
  const key = parent.entries.find(({ value }) => value === name)?.key.text;
  if (name.anchor !== undefined || hasAnchor(parent)) return 'an anchor shares the image';
  const edit =
    key === 'name'
      ? intoMap(tree, parent, name)
      : key === 'image'
        ? expandName(tree, parent, name)
        : undefined;
  return edit ?? ELSEWHERE;
}

const ELSEWHERE = 'the image is written in a way that cannot be changed';

/** The nodes around a place, from the outermost one in. */
function chainTo(root: Node | undefined, place: Place): readonly Node[] {
  const chain: Node[] = [];
  let at = root;
  while (at) {
    chain.push(at);
    const children =
      at.kind === 'map' ? at.entries.flatMap(({ value }) => value ?? []) : at.kind === 'seq' ? at.items : [];
    at = children.find(child => child.start <= place.start && child.end >= place.end);
  }
  return chain;
}

/** Behind the name, in the style of the mapping. */
function intoMap(tree: Tree, map: MapNode, name: ScalarNode): TextEdit | undefined {
  const base = tree.startOf(map.block);
  const entry = map.entries.find(({ value }) => value === name);
  if (base === undefined || !entry) return undefined;
  const own = findMapEntry(map, 'entrypoint');
  if (own) return own.value?.kind === 'scalar' ? replaceEntry(tree, own, 'entrypoint', '[""]') : undefined;
  if (map.flow) return { start: base + name.end, end: base + name.end, newText: ', entrypoint: [""]' };
  const { text } = map.block;
  const at = base + lineEndAt(text, name.end);
  const indent = ' '.repeat(entry.start - (text.lastIndexOf('\n', entry.start - 1) + 1));
  return { start: at, end: at, newText: `${lineBreakIn(map)}${indent}entrypoint: [""]` };
}

/** `image: x` becomes a mapping; a comment behind the name stays behind it. */
function expandName(tree: Tree, holder: MapNode, name: ScalarNode): TextEdit | undefined {
  const base = tree.startOf(name.block);
  const entry = holder.entries.find(({ value }) => value === name);
  const source = sourceOf(name);
  if (base === undefined || !entry || source.includes('\n')) return undefined;
  if (isInFlow(tree, name)) {
    return {
      start: base + name.start,
      end: base + name.end,
      newText: `{ name: ${source}, entrypoint: [""] }`,
    };
  }
  const { text } = name.block;
  const column = entry.start - (text.lastIndexOf('\n', entry.start - 1) + 1);
  const gap = text.slice(entry.key.end, name.start);
  if (!/^:[ \t]+$/.test(gap)) return undefined;
  const lineBreak = `${lineBreakIn(name)}${' '.repeat(column + 2)}`;
  const rest = text.slice(name.end, lineEndAt(text, name.end));
  const newText = `:${lineBreak}name: ${source}${rest}${lineBreak}entrypoint: [""]`;
  return { start: base + entry.key.end, end: base + name.end + rest.length, newText };
}
