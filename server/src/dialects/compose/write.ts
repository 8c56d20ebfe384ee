/** Writes changes into Compose files. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import type { Node, ScalarNode, Tree } from '../../syntax/tree.js';
import {
  entryAt,
  isInFlow,
  removeEntry,
  replaceEntry,
  replaceInScalar,
  replaceScalar,
  yamlScalar,
} from '../../syntax/yaml-edit.js';
import {
  entryAround,
  findMapEntry,
  hasAnchor,
  isExplicit,
  nodeAt,
  rootOfBlock,
} from '../../syntax/yaml-find.js';
import { insertItem, itemAt, listAt, removeItem } from '../../syntax/yaml-list.js';
import type { Unit } from '../dialect.js';
import { inPlaceOf, joined } from '../write-edits.js';
import { interpolate } from './interpolate.js';
import { putBetween } from './write-between.js';
import {
  addVariable,
  declareVolume,
  putKey,
  serviceAround,
  serviceAt,
  writeAlias,
  writeVolume,
} from './write-service.js';
import { addHealthCheck, setWait } from './write-wait.js';

type Edit = TextEdit | string | undefined;

export function writeProject(intents: readonly Intent[], { tree, path }: Unit): Written {
  const edits: TextEdit[] = [];
  for (const intent of withoutEmpty(intents, tree)) {
    const edit = intent.kind === 'put-between' ? putBetween(tree, intent) : writeOne(tree, intent);
    if (edit === undefined) return { refused: 'the place cannot be found in the file any more' };
    if (typeof edit === 'string') return { refused: edit };
    edits.push(...(Array.isArray(edit) ? edit : [edit]));
  }
  const volumes = intents.flatMap(intent => (intent.kind === 'add-mount' ? [intent.volume] : []));
  for (const volume of new Map(volumes.map(one => [one.split(':')[0], one])).values()) {
    const edit = declareVolume(tree, volume);
    if (typeof edit === 'string') return { refused: edit };
    if (edit) edits.push(edit);
  }
  return { edits: [{ path, edits: inPlaceOf(joined(edits), tree.text) }] };
}

const EXPLICIT = 'the key is written with a question mark';
const TWICE = 'the variable is set there already';
const SHARED = 'an anchor shares the value with other places';

function writeOne(tree: Tree, intent: Intent): Edit {
  switch (intent.kind) {
    case 'replace-value':
      return replaceAt(tree, intent.at, escaped(intent.value));
    case 'set-value': {
      const node = nodeAt(tree, intent.at);
      const start = node && tree.startOf(node.block);
      if (!node || start === undefined || Array.isArray(intent.value)) return undefined;
      return { start: start + node.start, end: start + node.end, newText: String(intent.value) };
    }
    case 'replace-words':
      return replaceWords(tree, intent);
    case 'replace-entry':
      return replaceSetting(tree, intent);
    case 'remove-entry':
      return removeSetting(tree, intent.entry);
    case 'set-variable': {
      const service = serviceAt(tree, intent.site);
      return service && addVariable(tree, service, intent.near, intent.name, escaped(intent.value));
    }
    case 'set-service-variable': {
      const service = serviceAround(tree, intent.service);
      return service && addVariable(tree, service, undefined, intent.name, escaped(intent.value));
    }
    case 'set-service-key': {
      const service = serviceAround(tree, intent.service);
      if (intent.key === 'alias') return service && writeAlias(tree, service, String(intent.value));
      const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
      return service && putKey(tree, service, intent.key, words.length > 0 ? words.map(escaped) : undefined);
    }
    case 'clear-entrypoint': {
      const service = serviceAround(tree, intent.image);
      return service && putKey(tree, service, 'entrypoint', []);
    }
    case 'set-runner-key': {
      const service = serviceAt(tree, intent.runner);
      return service && putKey(tree, service, intent.key, intent.value);
    }
    case 'add-item': {
      const list = listAt(rootOfBlock(tree, intent.at.block), intent.at);
      const last = list?.items.at(-1);
      if (hasAnchor(list)) return SHARED;
      return list && last
        ? insertItem(tree, list, last, escaped(intent.value))
        : 'what it is to be added to is no list';
    }
    case 'add-mount': {
      const service = serviceAt(tree, intent.runner);
      return service && writeVolume(tree, service, intent.volume);
    }
    case 'set-health-check': {
      const service = serviceAround(tree, intent.service);
      return service && addHealthCheck(tree, service, intent.command);
    }
    case 'set-key':
      return setWait(tree, intent.at, intent.key, intent.value);
    default:
      return 'a Compose file has no tables to move keys between';
  }
}

/** A dollar that is meant for the container, or for nobody. */
function escaped(value: string): string {
  return value.replaceAll('$', '$$$$');
}

/** A whole scalar, or the part of one that a place names: what stands behind `NAME=`, the mode of a volume. */
function replaceAt(tree: Tree, at: Place, value: string): Edit {
  const whole = nodeAt(tree, at);
  if (namesFile(rootOfBlock(tree, at.block), at)) return 'the value stands in another file';
  const node = whole ?? scalarAround(rootOfBlock(tree, at.block), at);
  if (node?.kind !== 'scalar') return undefined;
  if (node.anchor !== undefined) return SHARED;
  const setting = itemAt(rootOfBlock(tree, at.block), node) && /^[\w.-]+=$/.test(node.text);
  if (whole && !setting) return replaceScalar(tree, node, value);
  const shift = node.start + (node.style === 'plain' ? 0 : 1);
  const from = setting ? node.text.length : at.start - shift;
  const to = setting ? node.text.length : at.end - shift;
  const source = scalarMap(node).toSource(from, to);
  if (!setting && (source?.start !== at.start || source.end !== at.end)) return SPLIT;
  if (from === to) return inserted(tree, node, value);
  return replaceInScalar(tree, node, { start: from, end: to }, value) ?? SPLIT;
}

/** What a file of `env_file` sets is told where that is named. */
function namesFile(root: Node | undefined, { start, end }: Place): boolean {
  const holds = (node: Node | undefined): boolean =>
    node !== undefined && node.start <= start && node.end >= end;
  let at = root;
  while (at?.kind === 'map' || at?.kind === 'seq') {
    if (at.kind === 'seq') at = at.items.find(holds);
    else {
      const entry = at.entries.find(({ value }) => holds(value));
      if (entry?.key.text === 'env_file') return true;
      at = entry?.value;
    }
  }
  return false;
}

const SPLIT = 'the value is written in a way that cannot be changed in part';

/** Behind the sign of an empty setting. */
function inserted(tree: Tree, node: ScalarNode, value: string): Edit {
  const start = tree.startOf(node.block);
  if (start === undefined) return undefined;
  const newText = yamlScalar(node.text + value, node, isInFlow(tree, node));
  return { start: start + node.start, end: start + node.end, newText };
}

function scalarAround(root: Node | undefined, { start, end }: Place): Node | undefined {
  let at = root;
  while (at && at.kind !== 'scalar' && at.kind !== 'alias') {
    const children: readonly Node[] =
      at.kind === 'seq' ? at.items : at.entries.flatMap(({ value }) => value ?? []);
    at = children.find(child => child.start <= start && child.end >= end);
  }
  return at;
}

/** Offsets count in the text that the container gets, in which `$$` is one dollar. */
function replaceWords(tree: Tree, intent: Intent & { readonly kind: 'replace-words' }): Edit {
  const node = nodeAt(tree, intent.script);
  if (node?.kind !== 'scalar') return 'the command is a list of words, which no shell reads';
  if (node.anchor !== undefined) return SHARED;
  const text = interpolate(node.text, () => undefined);
  if (text.holes.length > 0) return 'the command holds variables of Compose';
  const part = text.toRaw(intent.start, intent.end);
  return (
    replaceInScalar(tree, node, part, escaped(intent.text)) ??
    'the command is written in a way that cannot hold the new words'
  );
}

function replaceSetting(tree: Tree, intent: Intent & { readonly kind: 'replace-entry' }): Edit {
  const { entry, name } = intent;
  const value = escaped(intent.value);
  const root = rootOfBlock(tree, entry.block);
  const found = itemAt(root, entry);
  if (found) {
    if (found.item.kind !== 'scalar') return undefined;
    if (found.list.items.some(one => one.kind === 'scalar' && one.text.startsWith(`${name}=`))) return TWICE;
    return found.item.anchor === undefined ? replaceScalar(tree, found.item, `${name}=${value}`) : SHARED;
  }
  const at = entryAt(root, entry.start);
  if (!at) return undefined;
  if (isExplicit(at.entry)) return EXPLICIT;
  if (hasAnchor(at.entry.value)) return SHARED;
  if (findMapEntry(at.map, name)) return TWICE;
  return replaceEntry(tree, at.entry, name, yamlScalar(value));
}

/** The last entry of a list or a map goes with the key above it. */
function removeSetting(tree: Tree, entry: Place): Edit {
  const root = rootOfBlock(tree, entry.block);
  const found = itemAt(root, entry);
  if (found) {
    if (hasAnchor(found.item)) return SHARED;
    if (found.list.items.length > 1) return removeItem(tree, found.list, found.item);
    const above = entryOf(root, found.list);
    return above && removeSetting(tree, { ...entry, start: above.start, end: above.end });
  }
  const at = entryAt(root, entry.start);
  if (!at) return undefined;
  if (isExplicit(at.entry)) return EXPLICIT;
  if (hasAnchor(at.entry.value)) return SHARED;
  // A key at the top has a block of its own, which holds nothing else.
  if (at.map.entries.length > 1 || at.map === root) return removeEntry(tree, at);
  const above = entryAround(root, at.map);
  return above && removeSetting(tree, { ...entry, start: above.start, end: above.end });
}

function entryOf(
  root: Node | undefined,
  value: Node,
): { readonly start: number; readonly end: number } | undefined {
  if (root?.kind === 'seq') return root.items.map(item => entryOf(item, value)).find(Boolean);
  if (root?.kind !== 'map') return undefined;
  const own = root.entries.find(entry => entry.value === value);
  return own ?? root.entries.map(entry => entryOf(entry.value, value)).find(Boolean);
}

/** Where every entry of a list or a map goes, the key above it goes in their stead. */
function withoutEmpty(intents: readonly Intent[], tree: Tree): readonly Intent[] {
  const removed = intents.filter(intent => intent.kind === 'remove-entry');
  const done = new Set<number>();
  return intents.flatMap((intent): readonly Intent[] => {
    if (intent.kind !== 'remove-entry' || removed.length < 2) return [intent];
    const root = rootOfBlock(tree, intent.entry.block);
    const found = itemAt(root, intent.entry);
    const map = found ? undefined : entryAt(root, intent.entry.start)?.map;
    const starts = (found?.list.items ?? map?.entries ?? []).map(one => one.start);
    const gone = removed
      .filter(({ entry }) => entry.block === intent.entry.block)
      .map(({ entry }) => entry.start);
    const holder = found?.list ?? map;
    const keeps = intents.some(other => other.kind === 'set-variable' || other.kind === 'replace-entry');
    const above = holder && entryOf(root, holder);
    if (keeps || !above || !starts.every(start => gone.includes(start))) return [intent];
    if (done.has(above.start)) return [];
    done.add(above.start);
    return [{ kind: 'remove-entry', entry: { ...intent.entry, start: above.start, end: above.end } }];
  });
}
