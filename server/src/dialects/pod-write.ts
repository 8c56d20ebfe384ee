/** Writes changes into the containers of pods. */
import type { Intent, Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Entry, MapNode, Node, Tree } from '../syntax/tree.js';
import {
  entryAt,
  insertEntries,
  removeEntry,
  replaceInScalar,
  replaceScalar,
  yamlScalar,
} from '../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, nodeAt, rootOfBlock } from '../syntax/yaml-find.js';
import { itemAt, removeItem } from '../syntax/yaml-list.js';
import { containerAt, putVariable } from './pod-write-env.js';

type Edit = TextEdit | string | undefined;

/** The tree may be that of a document with pods in it. */
export function writePods(intents: readonly Intent[], { tree, path }: { tree: Tree; path: string }): Written {
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    const edit = writeOne(tree, intent) ?? 'the place cannot be found in the file any more';
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path, edits }] };
}

const SHARED = 'an anchor shares the value with other places';

function writeOne(tree: Tree, intent: Intent): Edit {
  switch (intent.kind) {
    case 'replace-value': {
      const node = nodeAt(tree, intent.at);
      if (node?.kind !== 'scalar') return 'there is no value that could be replaced';
      return node.anchor === undefined ? replaceScalar(tree, node, intent.value) : SHARED;
    }
    case 'set-value':
      return setValue(tree, intent.at, intent.value);
    case 'replace-words':
      return replaceWords(tree, intent);
    case 'replace-entry': {
      const item = itemAt(rootOfBlock(tree, intent.entry.block), intent.entry)?.item;
      return item?.kind === 'map' ? replaceVariable(tree, item, intent.name, intent.value) : undefined;
    }
    case 'remove-entry':
      return remove(tree, intent.entry);
    case 'set-variable':
      return putVariable(tree, containerAt(tree, intent.site), intent.near, intent.name, intent.value);
    case 'set-service-variable':
      return putVariable(tree, containerAt(tree, intent.service), undefined, intent.name, intent.value);
    case 'set-service-key': {
      if (intent.key === 'alias') return 'the containers of a pod have no names for each other but localhost';
      const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
      const key = intent.key === 'command' ? 'args' : 'command';
      return putList(tree, containerAt(tree, intent.service), key, words);
    }
    case 'clear-entrypoint':
      return 'an empty command leaves the entrypoint of the image in force';
    case 'set-runner-key':
      return intent.key === 'privileged'
        ? putPrivileged(tree, containerAt(tree, intent.runner), intent.value)
        : 'a container of a pod has no such key';
    case 'add-mount':
      return 'a volume of a pod is written in several places';
    default:
      return 'a manifest has no tables to move keys between';
  }
}

function setValue(tree: Tree, at: Place, value: unknown): Edit {
  const node = nodeAt(tree, at);
  const start = node && tree.startOf(node.block);
  if (!node || start === undefined || typeof value === 'object') return undefined;
  if (hasAnchor(node)) return SHARED;
  return { start: start + node.start, end: start + node.end, newText: String(value) };
}

/** Only a script in one value; words of a list are no shell text. */
function replaceWords(tree: Tree, intent: Intent & { readonly kind: 'replace-words' }): Edit {
  const node = nodeAt(tree, intent.script);
  if (node?.kind !== 'scalar') return 'the command is a list of words, which no shell reads';
  if (node.anchor !== undefined) return SHARED;
  return (
    replaceInScalar(tree, node, { start: intent.start, end: intent.end }, intent.text) ??
    'the script is written in a way that cannot hold the new words'
  );
}

function replaceVariable(tree: Tree, item: MapNode, name: string, value: string): Edit {
  const start = tree.startOf(item.block);
  const [first] = item.entries;
  const key = findMapEntry(item, 'name');
  if (!first || !key || start === undefined || item.flow || hasAnchor(item)) return SHARED;
  const { text } = item.block;
  const column = item.start - (text.lastIndexOf('\n', item.start - 1) + 1);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const newText = `name: ${name}${lineBreak}${' '.repeat(column)}value: ${yamlScalar(value)}`;
  const end = item.entries.at(-1)?.end ?? item.end;
  return { start: start + item.start, end: start + end, newText };
}

/** The last item of a list goes with the key above it. */
function remove(tree: Tree, place: Place): Edit {
  const root = rootOfBlock(tree, place.block);
  const found = itemAt(root, place);
  if (found) {
    if (hasAnchor(found.item)) return SHARED;
    if (found.list.items.length > 1) return removeItem(tree, found.list, found.item);
    return above(tree, root, found.list, place);
  }
  const at = entryAt(root, place.start);
  if (!at) return undefined;
  if (hasAnchor(at.entry.value)) return SHARED;
  return at.map.entries.length > 1 ? removeEntry(tree, at) : above(tree, root, at.map, place);
}

function above(tree: Tree, root: Node | undefined, value: Node, place: Place): Edit {
  const entry = entryOf(root, value);
  return entry ? remove(tree, { ...place, start: entry.start, end: entry.end }) : 'nothing would be left';
}

function entryOf(root: Node | undefined, value: Node): Entry | undefined {
  if (root?.kind === 'seq') return root.items.map(item => entryOf(item, value)).find(Boolean);
  if (root?.kind !== 'map') return undefined;
  const own = root.entries.find(entry => entry.value === value);
  return own ?? root.entries.map(entry => entryOf(entry.value, value)).find(Boolean);
}

function putList(tree: Tree, container: MapNode | undefined, key: string, words: readonly string[]): Edit {
  const last = container?.entries.at(-1);
  if (!container || !last) return undefined;
  const old = findMapEntry(container, key);
  if (words.length === 0) return old && removeEntry(tree, { map: container, entry: old });
  const list = `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
  if (!old) return insertEntries(tree, { map: container, entry: last }, [[key, list]]);
  return hasAnchor(old.value) ? SHARED : put(tree, container, old, `${key}: ${list}`);
}

function put(tree: Tree, { block }: MapNode, { start, end }: Entry, newText: string): Edit {
  const base = tree.startOf(block);
  const written = block.text.slice(start, end);
  if (base === undefined || /(?:^|\s)#/.test(written)) return 'a comment stands in what would be replaced';
  return { start: base + start, end: base + end, newText };
}

function putPrivileged(tree: Tree, container: MapNode | undefined, value: string | boolean): Edit {
  const last = container?.entries.at(-1);
  if (!container || !last) return undefined;
  const context = findMapEntry(container, 'securityContext');
  if (!context) {
    const added = container.flow
      ? `{ privileged: ${value} }`
      : below(container, last, `privileged: ${value}`);
    return insertEntries(tree, { map: container, entry: last }, [['securityContext', added]]);
  }
  const map = context.value;
  if (map?.kind !== 'map' || hasAnchor(map)) return SHARED;
  const old = findMapEntry(map, 'privileged');
  if (old?.value) return setValue(tree, placeIn(old.value), value);
  const entry = map.entries.at(-1);
  return entry && insertEntries(tree, { map, entry }, [['privileged', String(value)]]);
}

function placeIn(node: Node): Place {
  return { path: '', block: node.block, start: node.start, end: node.end };
}

function below(map: MapNode, beside: Entry, line: string): string {
  const { text } = map.block;
  const column = beside.start - (text.lastIndexOf('\n', beside.start - 1) + 1);
  return `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(column + 2)}${line}`;
}
