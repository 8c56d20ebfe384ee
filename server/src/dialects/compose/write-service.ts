/** Writes keys, variables, volumes and names into a service of a Compose file. */
import type { PlainValue } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import { type Entry, type MapNode, type Node, type SeqNode, sourceOf, type Tree } from '../../syntax/tree.js';
import { entryAt, insertEntries, removeEntry, replaceScalar, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, inherits, isExplicit, rootOfBlock } from '../../syntax/yaml-find.js';
import { insertItem, itemAt } from '../../syntax/yaml-list.js';

type Edit = TextEdit | string | undefined;

const SHARED = 'an anchor shares the value with other places';
const ODD = 'the service is written in a way that cannot be changed';
const INHERITED = 'the service takes the list from elsewhere';

/** The map of the service that a key names. */
export function serviceAt(tree: Tree, key: Place): MapNode | undefined {
  const value = entryAt(rootOfBlock(tree, key.block), key.start)?.entry.value;
  return value?.kind === 'map' ? value : undefined;
}

/** The map of the service whose image, or key, stands at a place. */
export function serviceAround(tree: Tree, image: Place): MapNode | undefined {
  let at = rootOfBlock(tree, image.block);
  while (at && at.kind !== 'scalar' && at.kind !== 'alias') {
    const entries = at.kind === 'map' ? at.entries : [];
    if (entries.some(({ key }) => key.start === image.start && key.end === image.end))
      return serviceAt(tree, image);
    const own = entries.find(({ value }) => value?.start === image.start && value.end === image.end);
    if (own && at.kind === 'map') return at;
    const children: readonly Node[] =
      at.kind === 'seq' ? at.items : entries.flatMap(({ value }) => value ?? []);
    at = children.find(child => child.start <= image.start && child.end >= image.end);
  }
  return undefined;
}

/** Beside another variable, else into the `environment` of the service, which is made when there is none. */
export function addVariable(
  tree: Tree,
  service: MapNode,
  near: Place | undefined,
  name: string,
  value: string,
): Edit {
  if (near) {
    const root = rootOfBlock(tree, near.block);
    const found = itemAt(root, near);
    if (found) return intoList(tree, found.list, found.item, name, value);
    const beside = entryAt(root, near.start);
    if (beside && isExplicit(beside.entry)) return 'the key is written with a question mark';
    return beside && intoMap(tree, beside.map, beside.entry, name, value);
  }
  const own = findMapEntry(service, 'environment');
  if (hasAnchor(own?.value)) return SHARED;
  if (!own && inherits(tree, service, 'environment')) return INHERITED;
  if (!own) return append(tree, service, 'environment', [[name, yamlScalar(value)]]);
  if (own.value?.kind === 'seq') {
    const last = own.value.items.at(-1);
    return last ? intoList(tree, own.value, last, name, value) : ODD;
  }
  const last = own.value?.kind === 'map' ? own.value.entries.at(-1) : undefined;
  return last && own.value?.kind === 'map' ? intoMap(tree, own.value, last, name, value) : ODD;
}

function intoMap(tree: Tree, map: MapNode, beside: Entry, name: string, value: string): Edit {
  const old = findMapEntry(map, name);
  if (!old) return insertEntries(tree, { map, entry: beside }, [[name, yamlScalar(value)]]);
  return old.value?.kind === 'scalar' ? replaceScalar(tree, old.value, value) : ODD;
}

function intoList(tree: Tree, list: SeqNode, beside: Node, name: string, value: string): Edit {
  const old = list.items.find(item => item.kind === 'scalar' && item.text.split('=')[0] === name);
  if (!old) return insertItem(tree, list, beside, `${name}=${value}`);
  return old.kind === 'scalar' ? replaceScalar(tree, old, `${name}=${value}`) : ODD;
}

/** Sets a key of the service; without a value it goes. A list is written in one line. */
export function putKey(tree: Tree, service: MapNode, key: string, value: PlainValue | undefined): Edit {
  const old = findMapEntry(service, key);
  if (value === undefined) return old && removeEntry(tree, { map: service, entry: old });
  const source =
    typeof value === 'object' ? `[${value.map(word => JSON.stringify(word)).join(', ')}]` : plain(value);
  if (!old) return append(tree, service, key, source);
  if (hasAnchor(old.value)) return SHARED;
  const start = tree.startOf(service.block);
  if (start === undefined || /(?:^|\s)#/.test(service.block.text.slice(old.start, old.end))) return ODD;
  return { start: start + old.start, end: start + old.end, newText: `${key}: ${source}` };
}

function plain(value: string | number | boolean): string {
  return typeof value === 'string' ? yamlScalar(value) : String(value);
}

/** A new key behind the last one, with entries below it or a value in its line. */
export function append(
  tree: Tree,
  service: MapNode,
  key: string,
  value: string | readonly (readonly [string, string])[],
): Edit {
  const last = service.entries.at(-1);
  if (!last) return ODD;
  const source = typeof value === 'string' ? value : below(service, last, value);
  return insertEntries(tree, { map: service, entry: last }, [[key, source]]);
}

export function below(map: MapNode, last: Entry, added: readonly (readonly [string, string])[]): string {
  const lines = added.map(([key, value]) => (key === '' ? `- ${value}` : `${key}: ${value}`));
  if (map.flow)
    return added[0]?.[0] === ''
      ? `[${added.map(([, value]) => value).join(', ')}]`
      : `{ ${lines.join(', ')} }`;
  const { text } = map.block;
  const column = last.start - (text.lastIndexOf('\n', last.start - 1) + 1);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(column + stepOf(text));
  return lines.map(line => `${lineBreak}${indent}${line}`).join('');
}

/** Mounts `source:target[:mode]` into the service, in place of what is mounted there now. */
export function writeVolume(tree: Tree, service: MapNode, volume: string): Edit {
  if (/^\w[^:]*\//.test(volume)) return 'a service mounts whole volumes';
  const own = findMapEntry(service, 'volumes');
  if (!own && inherits(tree, service, 'volumes')) return INHERITED;
  if (!own) return append(tree, service, 'volumes', [['', yamlScalar(volume, undefined)]]);
  if (hasAnchor(own.value)) return SHARED;
  const items = own.value?.kind === 'seq' ? own.value.items : [];
  const last = items.at(-1);
  if (!last || own.value?.kind !== 'seq' || !items.every(isSound)) return ODD;
  const old = items.find(item => item.kind === 'scalar' && targetOf(item.text) === targetOf(volume));
  return old?.kind === 'scalar'
    ? replaceScalar(tree, old, volume)
    : insertItem(tree, own.value, last, volume);
}

/** A plain text without an anchor, or a map that holds no variable for its target. */
function isSound(item: Node): boolean {
  return item.kind === 'map' || (item.kind === 'scalar' && item.anchor === undefined);
}

function targetOf(volume: string): string | undefined {
  const [first, second] = volume.split(':');
  return (second ?? first)?.replace(/(?<=.)\/+$/, '');
}

/** Names a volume at the top of the file, where it is not named yet; `undefined` when there is nothing to do. */
export function declareVolume(tree: Tree, volume: string): Edit {
  const [name = '', target] = volume.split(':');
  if (target === undefined || /^[./~\\]/.test(name)) return undefined;
  const [document, more] = tree.documents;
  const entry = document?.entries.find(({ key }) => key.text === 'volumes');
  if (!document || more) return ODD;
  if (!entry) return { start: tree.text.length, end: tree.text.length, newText: ownBlock(tree.text, name) };
  const { value } = entry;
  const last = value?.kind === 'map' ? value.entries.at(-1) : undefined;
  if (value?.kind !== 'map' || !last)
    return 'the volumes of the file are written in a way that cannot be changed';
  if (findMapEntry(value, name)) return undefined;
  return insertEntries(tree, { map: value, entry: last }, [[name, '{}']]);
}

function ownBlock(text: string, name: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? '' : lineBreak;
  return `${before}volumes:${lineBreak}${' '.repeat(stepOf(text))}${name}: {}${before === '' ? lineBreak : ''}`;
}

/** By how much the file indents, as its first line that is indented tells. */
function stepOf(text: string): number {
  const first = /^( +)[^\s#-]/m.exec(text)?.[1]?.length;
  return first !== undefined && first <= 8 ? first : 2;
}

/** A further name in the networks of the service. */
export function writeAlias(tree: Tree, service: MapNode, names: string): Edit {
  const name = names.split(',').at(-1) ?? names;
  const own = findMapEntry(service, 'networks');
  if (findMapEntry(service, 'network_mode')) return 'the service is in no network that could give it a name';
  if (!own && inherits(tree, service, 'networks')) return INHERITED;
  if (!own) return append(tree, service, 'networks', [['default', `{ aliases: [${name}] }`]]);
  if (hasAnchor(own.value)) return SHARED;
  const { value } = own;
  if (value?.kind === 'seq') return listToMap(tree, service, own, value, name);
  const first = value?.kind === 'map' ? value.entries[0] : undefined;
  if (!first || value?.kind !== 'map') return ODD;
  const aliases = first.value?.kind === 'map' ? findMapEntry(first.value, 'aliases') : undefined;
  if (aliases?.value?.kind === 'seq') {
    const last = aliases.value.items.at(-1);
    return last && insertItem(tree, aliases.value, last, name);
  }
  if (first.value?.kind === 'map') {
    const last = first.value.entries.at(-1);
    return last && insertEntries(tree, { map: first.value, entry: last }, [['aliases', `[${name}]`]]);
  }
  return first.value ? ODD : fillIn(tree, first, `{ aliases: [${name}] }`);
}

/** Gives a key that has no value one, in its line. */
export function fillIn(tree: Tree, { key }: Entry, value: string): TextEdit | undefined {
  const start = tree.startOf(key.block);
  const colon = /^\s*:/.exec(key.block.text.slice(key.end))?.[0];
  if (start === undefined || colon === undefined) return undefined;
  const at = start + key.end + colon.length;
  return { start: at, end: at, newText: ` ${value}` };
}

/** `networks: [a, b]` as a map, in which the first gets the name. */
function listToMap(tree: Tree, service: MapNode, entry: Entry, list: SeqNode, name: string): Edit {
  const start = tree.startOf(service.block);
  const { text } = service.block;
  const written = text.slice(entry.start, entry.end);
  if (start === undefined || /(?:^|\s)#/.test(written) || list.items.some(({ kind }) => kind !== 'scalar'))
    return ODD;
  const values = list.items.map((item, i): readonly [string, string] => [
    sourceOf(item),
    i === 0 ? `{ aliases: [${name}] }` : '{}',
  ]);
  return {
    start: start + entry.start,
    end: start + entry.end,
    newText: `networks:${below(service, entry, values)}`,
  };
}
