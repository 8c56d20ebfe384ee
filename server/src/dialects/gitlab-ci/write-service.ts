/** Writes changes to an entry of `services:`, which may be a name or a mapping. */
import type { Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import {
  type Entry,
  type MapNode,
  type Node,
  type ScalarNode,
  sourceOf,
  type Tree,
} from '../../syntax/tree.js';
import {
  insertEntries,
  isInFlow,
  removeEntry,
  replaceEntry,
  replaceScalar,
  yamlScalar,
} from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, isExplicit, rootOfBlock } from '../../syntax/yaml-find.js';
import { lineBreakIn, lineEndAt } from '../../syntax/yaml-lines.js';

type ServiceIntent = Intent & { readonly kind: 'set-service-key' | 'set-service-variable' };

/** An entry of a list of services: the scalar that names the image, and the mapping around it if there is one. */
interface Found {
  readonly name: ScalarNode;
  readonly map: MapNode | undefined;
}

/** The edit, or why the change cannot be written. */
export function writeService(tree: Tree, intent: ServiceIntent): TextEdit | string {
  const found = findService(tree, intent.service);
  if (!found) return 'the service is not written there';
  if (found.name.anchor !== undefined || hasAnchor(found.map)) return 'an anchor shares the service';
  const edit = found.map
    ? intent.kind === 'set-service-key'
      ? setKey(tree, found.map, intent)
      : setVariable(tree, found.map, intent)
    : expandName(tree, found.name, intent);
  return edit ?? 'the service is written in a way that cannot be changed';
}

function findService(tree: Tree, place: Place): Found | undefined {
  const chain: Node[] = [];
  let at = rootOfBlock(tree, place.block);
  while (at) {
    chain.push(at);
    if (at.kind === 'scalar') break;
    at = childrenOf(at).find(child => child.start <= place.start && child.end >= place.end);
  }
  const [name, parent, list] = chain.toReversed();
  if (name?.kind !== 'scalar' || name.start !== place.start || name.end !== place.end) return undefined;
  if (parent?.kind === 'seq') return { name, map: undefined };
  if (parent?.kind !== 'map' || list?.kind !== 'seq') return undefined;
  return findMapEntry(parent, 'name')?.value === name ? { name, map: parent } : undefined;
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'seq') return node.items;
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(({ value }) => value ?? []);
}

/** `- docker:dind` becomes a mapping with the new key; a comment behind the name stays behind it. */
function expandName(tree: Tree, name: ScalarNode, intent: ServiceIntent): TextEdit | undefined {
  const { text } = name.block;
  const base = tree.startOf(name.block);
  const source = sourceOf(name);
  if (base === undefined || source.includes('\n')) return undefined;
  if (intent.kind === 'set-service-key' && intent.value.length === 0) return undefined;
  const start = base + name.start;
  if (isInFlow(tree, name)) {
    const added = keySource(intent, '', '', true);
    return { start, end: base + name.end, newText: `{ name: ${source}, ${added} }` };
  }
  const stop = lineEndAt(text, name.end);
  const indent = ' '.repeat(name.start - (text.lastIndexOf('\n', name.start - 1) + 1));
  const lineBreak = lineBreakIn(name);
  const added = keySource(intent, indent, lineBreak, false);
  const rest = text.slice(name.end, stop);
  return { start, end: base + stop, newText: `name: ${source}${rest}${lineBreak}${indent}${added}` };
}

/** The new key with its value as YAML. */
function keySource(intent: ServiceIntent, indent: string, lineBreak: string, flow: boolean): string {
  if (intent.kind === 'set-service-key') return `${intent.key}: ${valueSource(intent.value)}`;
  const entry = `${intent.name}: ${yamlScalar(intent.value)}`;
  return flow ? `variables: { ${entry} }` : `variables:${lineBreak}${indent}  ${entry}`;
}

function valueSource(value: string | readonly string[]): string {
  if (typeof value !== 'string') return `[${value.map(word => JSON.stringify(word)).join(', ')}]`;
  return /^[a-z][\w-]*$/.test(value) ? value : JSON.stringify(value);
}

function setKey(
  tree: Tree,
  map: MapNode,
  intent: Intent & { readonly kind: 'set-service-key' },
): TextEdit | undefined {
  const { key, value } = intent;
  const entry = findMapEntry(map, key);
  if (!entry) {
    return value.length === 0 ? undefined : append(tree, map, intent);
  }
  if (isExplicit(entry)) return undefined;
  if (value.length === 0) return leaveOut(tree, map, entry);
  if (typeof value === 'string') {
    return entry.value?.kind === 'scalar' ? replaceScalar(tree, entry.value, value) : undefined;
  }
  const list = entry.value;
  if (list?.kind !== 'seq') return replaceEntry(tree, entry, key, valueSource(value));
  const edit = replaceEntry(tree, entry, key, '');
  const newText = listSource(list, value, entry);
  return edit && newText !== undefined ? { ...edit, newText } : undefined;
}

/** Puts a new key behind the last one. */
function append(tree: Tree, map: MapNode, intent: ServiceIntent): TextEdit | undefined {
  const { text } = map.block;
  const base = tree.startOf(map.block);
  const last = map.entries.at(-1);
  if (base === undefined || !last) return undefined;
  if (map.flow) {
    const at = base + last.end;
    return { start: at, end: at, newText: `, ${keySource(intent, '', '', true)}` };
  }
  const at = base + lineEndAt(text, last.end);
  const indent = ' '.repeat(last.start - (text.lastIndexOf('\n', last.start - 1) + 1));
  const lineBreak = lineBreakIn(map);
  return { start: at, end: at, newText: lineBreak + indent + keySource(intent, indent, lineBreak, false) };
}

/** The first line of a block mapping also holds the dash of the list. */
function leaveOut(tree: Tree, map: MapNode, entry: Entry): TextEdit | undefined {
  return map.flow || map.entries[0] !== entry ? removeEntry(tree, { map, entry }) : undefined;
}

/** The list with other words, in the style in which it is written; `undefined` where a comment would be lost. */
function listSource(
  list: Node & { readonly kind: 'seq' },
  words: readonly string[],
  entry: Entry,
): string | undefined {
  const { text } = list.block;
  const written = text.slice(entry.start, entry.end);
  const [first] = list.items;
  if (!first || /(?:^|\s)#/.test(written)) return undefined;
  const sources = words.map(word => {
    const same = list.items.find(item => item.kind === 'scalar' && item.text === word);
    return same ? sourceOf(same) : JSON.stringify(word);
  });
  const head = text.slice(entry.start, first.start);
  if (list.flow) return `${head}${sources.join(', ')}${text.slice(list.items.at(-1)?.end, entry.end)}`;
  const lineStart = text.lastIndexOf('\n', first.start - 1) + 1;
  const between = `${lineBreakIn(list)}${text.slice(lineStart, first.start)}`;
  return head + sources.join(between);
}

function setVariable(
  tree: Tree,
  map: MapNode,
  intent: Intent & { readonly kind: 'set-service-variable' },
): TextEdit | undefined {
  const own = findMapEntry(map, 'variables');
  if (!own) return append(tree, map, intent);
  if (own.value?.kind !== 'map') return undefined;
  const old = findMapEntry(own.value, intent.name);
  if (old) return old.value?.kind === 'scalar' ? replaceScalar(tree, old.value, intent.value) : undefined;
  const entry = own.value.entries.at(-1);
  const added = [[intent.name, yamlScalar(intent.value)]] as const;
  return entry && insertEntries(tree, { map: own.value, entry }, added);
}
