/** Writes changes to the `image:` of a job. */
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import { type Entry, type Node, sourceOf, type Tree } from '../../syntax/tree.js';
import { insertEntries, isInFlow, replaceEntry } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, isExplicit, rootOfBlock } from './find.js';

const CLEARED = '[""]';

/** Sets `entrypoint: [""]` beside the name at `place`; the edit, or why it cannot be written. */
export function clearEntrypoint(tree: Tree, place: Place): TextEdit | string {
  const found = findEntry(rootOfBlock(tree, place.block), place);
  if (!found) return 'the image is not written there';
  const { entry, map } = found;
  if (isExplicit(entry) || hasAnchor(entry.value)) return 'an anchor shares the image';
  const edit = entry.key.text === 'image' ? expandName(tree, entry) : besideName(tree, entry, map);
  return edit ?? 'the image is written in a way that cannot be changed';
}

type MapNode = Node & { readonly kind: 'map' };

/** The entry whose value is the scalar at a place. */
function findEntry(
  node: Node | undefined,
  place: Place,
): { readonly entry: Entry; readonly map: MapNode } | undefined {
  const within = (span: { start: number; end: number }): boolean =>
    span.start <= place.start && span.end >= place.end;
  if (node?.kind === 'seq') return findEntry(node.items.find(within), place);
  if (node?.kind !== 'map') return undefined;
  const entry = node.entries.find(within);
  const value = entry?.value;
  if (!entry || !value) return undefined;
  if (value.kind !== 'scalar') return findEntry(value, place);
  const exact = value.start === place.start && value.end === place.end;
  return exact && /^(?:image|name)$/.test(entry.key.text) ? { entry, map: node } : undefined;
}

/** `image: NAME` becomes a mapping; a comment behind the name stays there. */
function expandName(tree: Tree, { key, value, start }: Entry): TextEdit | undefined {
  const base = tree.startOf(key.block);
  if (!value || base === undefined) return undefined;
  const source = sourceOf(value);
  if (source.includes('\n')) return undefined;
  if (isInFlow(tree, value)) {
    const newText = `{ name: ${source}, entrypoint: ${CLEARED} }`;
    return { start: base + value.start, end: base + value.end, newText };
  }
  const { text } = key.block;
  const stop = lineEnd(text, value.end);
  const lineBreak = `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(columnOf(text, start) + 2)}`;
  const lines = ['', `name: ${source}${text.slice(value.end, stop)}`, `entrypoint: ${CLEARED}`];
  const from = key.end + text.slice(key.end, value.start).indexOf(':') + 1;
  return { start: base + from, end: base + stop, newText: lines.join(lineBreak) };
}

function besideName(tree: Tree, entry: Entry, map: MapNode): TextEdit | undefined {
  const old = findMapEntry(map, 'entrypoint');
  if (old) return replaceEntry(tree, old, 'entrypoint', CLEARED);
  return insertEntries(tree, { map, entry }, [['entrypoint', CLEARED]]);
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}
