/** Writes mounts into containers of a pod, and the volumes that they are of into the pod. */
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { MapNode, Node, SeqNode, Tree } from '../syntax/tree.js';
import { replaceScalar } from '../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor } from '../syntax/yaml-find.js';
import { around, containerAt } from './pod-write-env.js';
import { addItem, addList, isEmpty, type Pairs, SHARED } from './pod-write-lists.js';

type Edit = TextEdit | string | undefined;

const ODD = 'the volumes are written in a way that cannot be changed';

interface MountText {
  readonly name: string;
  readonly path: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
}

/** `name[/path]:target[:ro]` */
function partsOf(volume: string): MountText {
  const [source = '', target = '', mode] = volume.split(':');
  const [, name = source, path] = /^([^/]+)\/(.+)$/.exec(source) ?? [];
  return { name, path, target, readOnly: mode === 'ro' };
}

/** Mounts a volume into a container, in place of what is mounted there now. */
export function putMount(tree: Tree, container: MapNode | undefined, volume: string): Edit {
  if (!container) return undefined;
  const mount = partsOf(volume);
  const own = findMapEntry(container, 'volumeMounts');
  if (hasAnchor(own?.value)) return SHARED;
  if (!own?.value || isEmpty(own.value)) return addList(tree, container, 'volumeMounts', [pairsOf(mount)]);
  const last = own.value.kind === 'seq' ? own.value.items.at(-1) : undefined;
  if (own.value.kind !== 'seq' || !last) return ODD;
  const old = itemWith(own.value, 'mountPath', mount.target);
  return old ? renameMount(tree, old, mount) : addItem(tree, own.value, last, pairsOf(mount));
}

function pairsOf({ name, path, target, readOnly }: MountText): Pairs {
  return [
    ['name', name],
    ['mountPath', target],
    ...(path === undefined ? [] : [['subPath', path] as const]),
    ...(readOnly ? [['readOnly', 'true'] as const] : []),
  ];
}

function renameMount(tree: Tree, item: MapNode, { name, path }: MountText): Edit {
  const value = findMapEntry(item, 'name')?.value;
  const isPart = ['subPath', 'subPathExpr'].some(key => findMapEntry(item, key));
  return value?.kind === 'scalar' && path === undefined && !isPart ? replaceScalar(tree, value, name) : ODD;
}

/** Gives the pod of a container an empty volume of that name, where it has none; `undefined` where it has one. */
export function declareVolume(tree: Tree, place: Place, volume: string): Edit {
  const { name } = partsOf(volume);
  const container = containerAt(tree, place);
  const spec = container && specOf(around(tree, place), container);
  if (!spec) return 'the pod of the container is written in a way that cannot be changed';
  const own = findMapEntry(spec, 'volumes');
  const pairs: Pairs = [
    ['name', name],
    ['emptyDir', '{}'],
  ];
  if (!own?.value || isEmpty(own.value)) return addList(tree, spec, 'volumes', [pairs]);
  const last = own.value.kind === 'seq' ? own.value.items.at(-1) : undefined;
  if (own.value.kind !== 'seq' || !last || hasAnchor(own.value)) return ODD;
  const old = itemWith(own.value, 'name', name);
  if (!old) return addItem(tree, own.value, last, pairs);
  const empty = old.entries.every(({ key }) => key.text === 'name' || key.text === 'emptyDir');
  return empty ? undefined : `a volume of another kind is called ${name}`;
}

/** The map that has the container in one of its lists. */
function specOf(nodes: readonly Node[], container: MapNode): MapNode | undefined {
  return nodes.find(
    (node): node is MapNode =>
      node.kind === 'map' &&
      node.entries.some(({ value }) => value?.kind === 'seq' && value.items.includes(container)),
  );
}

function itemWith({ items }: SeqNode, key: string, text: string): MapNode | undefined {
  return items.find((item): item is MapNode => {
    const value = item.kind === 'map' ? findMapEntry(item, key)?.value : undefined;
    return value?.kind === 'scalar' && value.text.replace(/(?<=.)\/+$/, '') === text;
  });
}
