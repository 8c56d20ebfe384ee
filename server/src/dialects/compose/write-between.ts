/** Puts a new service of a Compose file between another one and what that has mounted. */
import type { Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Entry, MapNode, Node, SeqNode, Tree } from '../../syntax/tree.js';
import { entryAt, insertEntries, removeEntry, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, isExplicit, rootOfBlock } from '../../syntax/yaml-find.js';
import { columnAt, lineBreakIn, lineEndAt } from '../../syntax/yaml-lines.js';
import { insertItem, removeItem } from '../../syntax/yaml-list.js';
import { addVariable } from './write-service.js';

type PutBetween = Intent & { readonly kind: 'put-between' };

const SHARED = 'an anchor shares the value with other places';
const ODD = 'the service is written in a way that cannot be changed';

/** Keys that get a name or a variable more. */
const KEYS = ['environment', 'depends_on', 'networks'] as const;
const FROM_ELSEWHERE = ['<<', 'extends'] as const;
const TAKEN_OVER = 'the service takes keys over from elsewhere, and its own would stand in place of them';

/** The edits, or why they cannot be written. */
export function putBetween(tree: Tree, intent: PutBetween): TextEdit[] | string {
  const own = entryAt(rootOfBlock(tree, intent.site.block), intent.site.start);
  const service = own?.entry.value;
  if (!own || service?.kind !== 'map' || service.flow || own.map.flow) return ODD;
  if (hasAnchor(service) || service.entries.some(isExplicit)) return SHARED;
  const lacks = KEYS.some(key => !findMapEntry(service, key));
  if (lacks && FROM_ELSEWHERE.some(key => findMapEntry(service, key))) return TAKEN_OVER;
  const { name } = intent.container;
  const added: [string, string][] = [];
  const mount = mountIn(service, intent.mount);
  if (!mount) return 'the volume is written in a way that cannot be changed';
  if (hasAnchor(mount.list) || hasAnchor(mount.item)) return SHARED;
  const around = [
    ...Object.entries(intent.variables).map(([key, value]) => variable(tree, service, key, value, added)),
    into(tree, service, 'depends_on', name, [], '{ condition: service_started }', added),
    into(tree, service, 'networks', name, ['default'], '{}', added),
  ];
  // What stands at the end of the service comes before what stands behind it.
  const edits = [
    ...around,
    ...withKeys(tree, service, mount, added),
    newService(tree, own, intent),
    newNetwork(tree, own.map, name),
  ];
  const wrong = edits.find(edit => typeof edit === 'string');
  return wrong ?? edits.filter(edit => typeof edit === 'object');
}

interface Mounted {
  readonly list: SeqNode;
  readonly item: Node;
}

/** The item of the volumes that a place is part of. */
function mountIn(service: MapNode, mount: Place): Mounted | undefined {
  const list = findMapEntry(service, 'volumes')?.value;
  if (list?.kind !== 'seq' || mount.block !== service.block) return undefined;
  const item = list.items.find(({ start, end }) => start <= mount.start && end >= mount.end);
  return item && { list, item };
}

function variable(
  tree: Tree,
  service: MapNode,
  name: string,
  value: string,
  added: [string, string][],
): TextEdit | string | undefined {
  const own = findMapEntry(service, 'environment');
  if (own) return addVariable(tree, service, undefined, name, value) ?? ODD;
  const indent = `${lineBreakIn(service)}${' '.repeat(columnOf(service) + 2)}`;
  added.push(['environment', `${indent}${name}: ${yamlScalar(value)}`]);
  return undefined;
}

/** Puts a name into a list or a map of the service, which is made with what it stands for when it is missing. */
function into(
  tree: Tree,
  service: MapNode,
  key: 'depends_on' | 'networks',
  name: string,
  byDefault: readonly string[],
  details: string,
  added: [string, string][],
): TextEdit | string | undefined {
  const own = findMapEntry(service, key);
  if (!own) {
    added.push([key, `[${[...byDefault, name].join(', ')}]`]);
    return undefined;
  }
  const { value } = own;
  if (hasAnchor(value)) return SHARED;
  if (value?.kind === 'seq') {
    const last = value.items.at(-1);
    return (last && insertItem(tree, value, last, name)) ?? ODD;
  }
  const last = value?.kind === 'map' ? value.entries.at(-1) : undefined;
  return (
    (last && value?.kind === 'map'
      ? insertEntries(tree, { map: value, entry: last }, [[name, details]])
      : undefined) ?? ODD
  );
}

/** Takes the volume away, and puts new keys in: in place of the volumes where these go, else behind the last key that stays. */
function withKeys(
  tree: Tree,
  service: MapNode,
  { list, item }: Mounted,
  added: readonly (readonly [string, string])[],
): readonly (TextEdit | string)[] {
  const volumes = findMapEntry(service, 'volumes');
  const base = tree.startOf(service.block);
  if (!volumes || base === undefined) return [ODD];
  if (list.items.length > 1) {
    const last = service.entries.findLast(entry => entry !== volumes);
    const keys =
      last && added.length > 0 ? insertEntries(tree, { map: service, entry: last }, added) : undefined;
    return [withoutItem(tree, list, item) ?? ODD, ...(keys ? [keys] : [])];
  }
  const { text } = service.block;
  if (text.slice(volumes.start, lineEndAt(text, volumes.end)).includes('#')) return [ODD];
  if (added.length === 0) return [removeEntry(tree, { map: service, entry: volumes }) ?? ODD];
  const indent = ' '.repeat(columnOf(service));
  const written = added.map(([key, value]) => `${key}:${/^[\r\n]/.test(value) ? '' : ' '}${value}`);
  const newText = written.join(`${lineBreakIn(service)}${indent}`);
  return [{ start: base + volumes.start, end: base + volumes.end, newText }];
}

/** The last item goes up to the end of its line, where the service may go on. */
function withoutItem(tree: Tree, list: SeqNode, item: Node): TextEdit | undefined {
  const at = list.items.indexOf(item);
  const before = list.items[at - 1];
  const base = tree.startOf(list.block);
  if (list.flow || !before || base === undefined || at < list.items.length - 1)
    return removeItem(tree, list, item);
  const { text } = list.block;
  const [start, end] = [lineEndAt(text, before.end), lineEndAt(text, item.end)];
  const isPlain = /^\s*-\s*$/.test(text.slice(start, item.start));
  return isPlain ? { start: base + start, end: base + end, newText: '' } : undefined;
}

function columnOf(map: MapNode): number {
  const [first] = map.entries;
  return first ? columnAt(map.block.text, first.start) : 0;
}

function newService(
  tree: Tree,
  { map, entry }: { readonly map: MapNode; readonly entry: Entry },
  { container }: PutBetween,
): TextEdit | string {
  const { name, image, variables, mounts } = container;
  const service = entry.value?.kind === 'map' ? entry.value : map;
  const [own, step] = [columnAt(map.block.text, entry.start), columnOf(service)];
  const deep = ' '.repeat(step);
  const deeper = ' '.repeat(step + Math.max(1, step - own));
  const lines = [
    `${deep}image: ${image}`,
    `${deep}environment:`,
    ...Object.entries(variables).map(([key, value]) => `${deeper}${key}: ${yamlScalar(value)}`),
    `${deep}volumes:`,
    ...mounts.map(mount => `${deeper}- ${mount}`),
    `${deep}networks: [${name}]`,
  ];
  const lineBreak = lineBreakIn(map);
  const edit = insertEntries(tree, { map, entry }, [[name, lines.map(line => lineBreak + line).join('')]]);
  return edit ? { ...edit, newText: lineBreak + edit.newText } : ODD;
}

/** Nothing outside is reached from it. */
function newNetwork(tree: Tree, services: MapNode, name: string): TextEdit | string {
  const own = tree.documents.flatMap(({ entries }) => entries).find(({ key }) => key.text === 'networks');
  const lineBreak = lineBreakIn(services);
  if (!own) {
    const { length } = tree.text.trimEnd();
    const newText = `${lineBreak}${lineBreak}networks:${lineBreak}  ${name}:${lineBreak}    internal: true`;
    return { start: length, end: length, newText };
  }
  const { value } = own;
  const last = value?.kind === 'map' ? value.entries.at(-1) : undefined;
  if (value?.kind !== 'map' || !last || hasAnchor(value)) return ODD;
  const source = value.flow
    ? '{ internal: true }'
    : `${lineBreak}${' '.repeat(columnOf(value) + 2)}internal: true`;
  return insertEntries(tree, { map: value, entry: last }, [[name, source]]) ?? ODD;
}
