/** The volumes of a pod, and what of them a container mounts. */
import type { Mount } from '../model/build-site.js';
import { type Known, known, type Origin, placeOf, settled, unknown } from '../model/known.js';
import { HOLE } from '../model/text.js';
import type { MapNode, Node } from '../syntax/tree.js';
import { field, mapsIn, originOf, type PodFile, readFlag, sure, textIn, wordIn } from './pod-values.js';

/** A volume: what it is to those that mount it, and where its path on the node is written. */
export interface PodVolume {
  readonly source: string;
  readonly origin: Origin | undefined;
}

/** Kinds whose content nobody in the pod can put there, or that live on beyond it. */
const KINDS: Readonly<Record<string, string>> = {
  persistentVolumeClaim: 'pvc',
  ephemeral: 'pvc',
  secret: 'secret',
  configMap: 'config_map',
  projected: 'config_map',
  downwardAPI: 'config_map',
  nfs: 'nfs',
};

/** The volumes of a pod by name. Source: the Kubernetes API, Volume v1 core. */
export function readVolumes(file: PodFile, spec: Node | undefined): ReadonlyMap<string, PodVolume> {
  const volumes = new Map<string, PodVolume>();
  for (const map of mapsIn(file, field(file, spec, 'volumes')?.node)) {
    const name = wordIn(file, map, 'name');
    if (name !== undefined) volumes.set(name, volumeOf(file, map, name));
  }
  return volumes;
}

function volumeOf(file: PodFile, map: MapNode, name: string): PodVolume {
  const path = field(file, field(file, map, 'hostPath')?.node, 'path');
  const text = textIn(path?.node);
  if (path && text) return { source: text.text, origin: originOf(file, path) };
  if (field(file, map, 'hostPath')) return { source: HOLE, origin: undefined };
  if (field(file, map, 'emptyDir')) return { source: `volume:${name}`, origin: undefined };
  const kind = map.entries.map(({ key }) => key.text).find(key => key !== 'name');
  // Without a kind it is an emptyDir.
  if (kind === undefined) return { source: `volume:${name}`, origin: undefined };
  return { source: `${KINDS[kind] ?? 'csi'}:${name}`, origin: undefined };
}

/** A folder that whoever starts the pod puts into its containers. */
export interface CommonFolder {
  readonly name: string;
  readonly target: string;
  /** Into sidecars too, and not only into steps. */
  readonly everywhere: boolean;
}

/** `maps`: the container, and before it what it takes over from others; of two mounts in one place the last counts. */
export function readMounts(
  file: PodFile,
  maps: readonly MapNode[],
  volumes: ReadonlyMap<string, PodVolume>,
  common: readonly CommonFolder[],
): Known<readonly Mount[]> {
  const lists = maps.map(map => ({ map, list: field(file, map, 'volumeMounts') }));
  const { map, list } = lists.findLast(one => one.list) ?? (lists.at(-1) as (typeof lists)[number]);
  const origin: Origin = { place: placeOf(file.path, list?.entry ?? map), way: 'own' };
  const mounts = new Map<string, Mount>();
  for (const { name, target } of common)
    mounts.set(target, { source: `volume:${name}`, target, mode: '', origin });
  for (const one of lists) {
    if (one.list?.entry.value && one.list.node?.kind !== 'seq')
      return unknown('its volume mounts cannot be read', origin);
    for (const item of mapsIn(file, one.list?.node)) {
      const mount = mountOf(file, item, volumes);
      if (!mount) return unknown('one of its volume mounts cannot be read', origin);
      mounts.set(mount.target, mount);
    }
  }
  return sure(file, mounts.size > 0 ? known([...mounts.values()], origin) : { state: 'absent' });
}

function mountOf(file: PodFile, item: MapNode, volumes: ReadonlyMap<string, PodVolume>): Mount | undefined {
  const name = wordIn(file, item, 'name');
  const target = wordIn(file, item, 'mountPath');
  if (name === undefined || target === undefined) return undefined;
  const part = field(file, item, 'subPath') ?? field(file, item, 'subPathExpr');
  const below = part ? `/${textIn(part.node)?.text ?? HOLE}` : '';
  const volume = volumes.get(name);
  const whole = placeOf(file.path, item);
  return {
    // A claim of a StatefulSet is none of the pod's own volumes.
    source: `${volume?.source ?? `pvc:${name}`}${below}`,
    target,
    mode: settled(readFlag(file, item, 'readOnly')) ? 'ro' : '',
    origin: volume?.origin ?? { place: whole, way: 'own', entry: whole },
  };
}
