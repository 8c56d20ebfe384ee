/** Writes health checks into Compose services, and what a service waits for. */
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Entry, MapNode, SeqNode, Tree } from '../../syntax/tree.js';
import { entryAt, insertEntries, replaceScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, inherits, nodeAt, rootOfBlock } from '../../syntax/yaml-find.js';
import { itemAt } from '../../syntax/yaml-list.js';
import { append, below, fillIn } from './write-service.js';

type Edit = TextEdit | string | undefined;

const SHARED = 'an anchor shares the value with other places';
const ODD = 'what the service waits for is written in a way that cannot be changed';

/** A command that is run every five seconds, for a minute, as dind needs to make keys. */
export function addHealthCheck(tree: Tree, service: MapNode, command: string): Edit {
  if (findMapEntry(service, 'healthcheck') || inherits(tree, service, 'healthcheck'))
    return 'the service has a health check';
  const words = ['CMD', ...command.split(' ')].map(word => JSON.stringify(word)).join(', ');
  return append(tree, service, 'healthcheck', [
    ['test', `[${words}]`],
    ['interval', '5s'],
    ['retries', '12'],
  ]);
}

/** Sets a key of what stands at a place of `depends_on`: the name of a service, or a value of that key. */
export function setWait(tree: Tree, at: Place, key: string, value: string): Edit {
  const root = rootOfBlock(tree, at.block);
  const found = itemAt(root, at);
  if (found) return listToMap(tree, found.list, at, `{ ${key}: ${value} }`);
  const named = entryAt(root, at.start);
  if (named && named.entry.key.end === at.end) return intoEntry(tree, named.entry, key, value);
  const node = nodeAt(tree, at);
  if (node?.kind !== 'scalar') return undefined;
  return node.anchor === undefined ? replaceScalar(tree, node, value) : SHARED;
}

function intoEntry(tree: Tree, entry: Entry, key: string, value: string): Edit {
  const inner = entry.value;
  if (hasAnchor(inner)) return SHARED;
  const last = inner?.kind === 'map' ? inner.entries.at(-1) : undefined;
  if (inner?.kind === 'map' && last) return insertEntries(tree, { map: inner, entry: last }, [[key, value]]);
  return inner ? ODD : fillIn(tree, entry, `{ ${key}: ${value} }`);
}

/** A list of names as a map; all but the one at `at` go on waiting until the other has started. */
function listToMap(tree: Tree, list: SeqNode, at: Place, value: string): Edit {
  const start = tree.startOf(list.block);
  const { text } = list.block;
  const root = rootOfBlock(tree, list.block);
  const holder = holderOf(root, list);
  const plain = list.items.every(item => item.kind === 'scalar' && item.anchor === undefined);
  if (!holder || start === undefined || !plain || hasAnchor(list)) return ODD;
  if (/(?:^|\s)#/.test(text.slice(holder.entry.start, holder.entry.end))) return ODD;
  const lines = list.items.map((item): readonly [string, string] => [
    text.slice(item.start, item.end),
    item.start === at.start ? value : '{ condition: service_started }',
  ]);
  const newText = `${holder.entry.key.text}:${holder.map.flow ? ' ' : ''}${below(holder.map, holder.entry, lines)}`;
  return { start: start + holder.entry.start, end: start + holder.entry.end, newText };
}

/** The entry whose value is exactly this list, and the map that it stands in. */
function holderOf(
  node: ReturnType<typeof rootOfBlock>,
  list: SeqNode,
): { readonly map: MapNode; readonly entry: Entry } | undefined {
  if (node?.kind === 'seq') return node.items.map(item => holderOf(item, list)).find(Boolean);
  if (node?.kind !== 'map') return undefined;
  const entry = node.entries.find(({ value }) => value === list);
  return entry ? { map: node, entry } : node.entries.map(one => holderOf(one.value, list)).find(Boolean);
}
