/** Writes changes into the containers of pods. */
import type { Intent, Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Entry, MapNode, Node, Tree } from '../syntax/tree.js';
import { entryAt, insertEntries, removeEntry, replaceScalar, yamlScalar } from '../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, inherits, nodeAt, rootOfBlock } from '../syntax/yaml-find.js';
import { columnAt, lineBreakIn } from '../syntax/yaml-lines.js';
import { itemAt, removeItem } from '../syntax/yaml-list.js';
import { around, containerAt, putVariables } from './pod-write-env.js';
import { fill, isEmpty, SHARED } from './pod-write-lists.js';
import { declareVolume, putMount } from './pod-write-mounts.js';
import { replaceWords } from './pod-write-words.js';
import { inPlaceOf, joined } from './write-edits.js';
import { grouped, nested } from './write-yaml.js';

type Edit = TextEdit | string | undefined;

/** The tree may be that of a document with pods in it. */
export function writePods(intents: readonly Intent[], { tree, path }: { tree: Tree; path: string }): Written {
  const edits: TextEdit[] = [];
  for (const group of grouped(intents)) {
    for (const edit of writeGroup(tree, group)) {
      if (typeof edit !== 'object') return { refused: edit ?? GONE };
      edits.push(edit);
    }
  }
  const mounts = intents.filter(intent => intent.kind === 'add-mount');
  for (const { runner, volume } of new Map(mounts.map(one => [one.volume.split(/[:/]/)[0], one])).values()) {
    const edit = declareVolume(tree, runner, volume);
    if (typeof edit === 'string') return { refused: edit };
    if (edit) edits.push(edit);
  }
  return { edits: [{ path, edits: inPlaceOf(joined(edits), tree.text) }] };
}

const GONE = 'the place cannot be found in the file any more';

/** Variables that one container gets in one place are written together. */
function writeGroup(tree: Tree, group: readonly Intent[]): readonly Edit[] {
  const [first] = group;
  if (first?.kind !== 'set-variable') return group.map(intent => writeOne(tree, intent));
  const variables = new Map(
    group.flatMap(one => (one.kind === 'set-variable' ? [[one.name, one.value] as const] : [])),
  );
  const container = ownContainer(tree, first.site);
  return typeof container === 'string' ? [container] : putVariables(tree, container, first.near, variables);
}

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
    case 'set-service-variable': {
      const variables = new Map([[intent.name, intent.value]]);
      return inContainer(
        tree,
        intent.service,
        container => putVariables(tree, container, undefined, variables)[0],
      );
    }
    case 'set-service-key': {
      if (intent.key === 'alias') return 'the containers of a pod have no names for each other but localhost';
      const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
      const key = intent.key === 'command' ? 'args' : 'command';
      return inContainer(tree, intent.service, container => putList(tree, container, key, words));
    }
    case 'clear-entrypoint':
      return 'an empty command leaves the entrypoint of the image in force';
    case 'set-runner-key':
      if (intent.key !== 'privileged') return 'a container of a pod has no such key';
      return inContainer(tree, intent.runner, container =>
        putPrivileged(tree, intent.runner, container, intent.value),
      );
    case 'add-mount':
      return inContainer(tree, intent.runner, container => putMount(tree, container, intent.volume));
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

/** What a container gets is for it alone: not where an anchor names it, or what it stands in. */
function ownContainer(tree: Tree, place: Place): MapNode | string | undefined {
  const nodes = [...around(tree, place), nodeAt(tree, place)];
  return nodes.some(node => node?.anchor !== undefined) ? SHARED : containerAt(tree, place);
}

function inContainer(tree: Tree, place: Place, write: (container: MapNode) => Edit): Edit {
  const container = ownContainer(tree, place);
  return typeof container === 'object' ? write(container) : container;
}

function replaceVariable(tree: Tree, item: MapNode, name: string, value: string): Edit {
  const start = tree.startOf(item.block);
  const [first] = item.entries;
  const key = findMapEntry(item, 'name');
  if (!first || !key || start === undefined || item.flow || hasAnchor(item)) return SHARED;
  const indent = ' '.repeat(columnAt(item.block.text, item.start));
  const newText = `name: ${name}${lineBreakIn(item)}${indent}value: ${yamlScalar(value)}`;
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

function putList(tree: Tree, container: MapNode, key: string, words: readonly string[]): Edit {
  const last = container.entries.at(-1);
  if (!last) return undefined;
  const old = findMapEntry(container, key);
  if (!old && inherits(tree, container, key)) return SHARED;
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

function putPrivileged(tree: Tree, place: Place, container: MapNode, value: string | boolean): Edit {
  const last = container.entries.at(-1);
  const context = findMapEntry(container, 'securityContext');
  const maps = around(tree, place).filter(node => node.kind === 'map');
  const contexts = maps.flatMap(map => findMapEntry(map, 'securityContext')?.value ?? []);
  if (value === true && contexts.some(forbidsRoot))
    return 'another key of the security context stands against privilege';
  if (!last || (!context && inherits(tree, container, 'securityContext'))) return SHARED;
  if (!context) {
    const added = nested(container, last, [['privileged', String(value)]]);
    return insertEntries(tree, { map: container, entry: last }, [['securityContext', added]]);
  }
  const map = context.value;
  if (map && isEmpty(map)) return fill(tree, map, `{ privileged: ${value} }`);
  if (map?.kind !== 'map' || hasAnchor(map) || inherits(tree, map, 'privileged')) return SHARED;
  const old = findMapEntry(map, 'privileged');
  if (old?.value) return setValue(tree, placeIn(old.value), value);
  const entry = map.entries.at(-1);
  return entry && insertEntries(tree, { map, entry }, [['privileged', String(value)]]);
}

/** Kubernetes refuses privilege without escalation, and root where only others may run. Source: ValidateSecurityContext. */
function forbidsRoot(context: Node): boolean {
  const word = (key: string): string => {
    const value = context.kind === 'map' ? findMapEntry(context, key)?.value : undefined;
    return value?.kind === 'scalar' ? value.text : '';
  };
  return /^false$/i.test(word('allowPrivilegeEscalation')) || /^true$/i.test(word('runAsNonRoot'));
}

function placeIn(node: Node): Place {
  return { path: '', block: node.block, start: node.start, end: node.end };
}
