/** Lowers a pod into build sites: each container beside those that share its network. */
import { findBuilderImage } from '../catalog/builder-images.js';
import type {
  BuildSite,
  Container,
  DialectId,
  Environment,
  ImageUse,
  ScriptText,
  Service,
} from '../model/build-site.js';
import { type ImageRef, parseImage } from '../model/image-ref.js';
import { ABSENT, type Known, known, type Origin, type Place, placeOf, unknown } from '../model/known.js';
import { commandsOf } from '../model/script.js';
import { isLiteral, literal } from '../model/text.js';
import type { MapNode, Node } from '../syntax/tree.js';
import type { PodUse } from './dialect.js';
import { laidOver } from './machine.js';
import { type PodSettings, readContainer } from './pod-container.js';
import { readEnvironment } from './pod-environment.js';
import { type CommonFolder, type PodVolume, readMounts, readVolumes } from './pod-mounts.js';
import { KANIKO, readScripts, readWords } from './pod-scripts.js';
import {
  type Field,
  field,
  itemsOf,
  mapsIn,
  originOf,
  type PodFile,
  sure,
  textIn,
  wordIn,
} from './pod-values.js';

/** A pod as a file describes it. */
export interface Pod extends PodSettings {
  /** Its own name and that of what makes it, for telling pods of one file apart. */
  readonly name: string;
  /** Its containers, in the order in which they start; steps of a task among them. */
  readonly containers: readonly PodContainer[];
  /** Keys that all steps take over. */
  readonly template?: MapNode;
  /** Folders that Tekton puts into its containers. */
  readonly common: readonly CommonFolder[];
}

export interface PodContainer {
  readonly map: MapNode;
  /** It ends before those behind it start. */
  readonly before: boolean;
  readonly name: string;
  /** The list that it stands in. */
  readonly key: string;
}

/** The lists of containers of a pod. An init container that is restarted always runs beside the others. */
export function containersIn(file: PodFile, spec: Node | undefined): readonly PodContainer[] {
  const list = (key: string, before: (map: MapNode) => boolean): readonly PodContainer[] =>
    mapsIn(file, field(file, spec, key)?.node).map((map, i) => ({
      map,
      before: before(map),
      name: wordIn(file, map, 'name') ?? `${key}[${i}]`,
      key,
    }));
  return [
    ...list('initContainers', map => wordIn(file, map, 'restartPolicy') !== 'Always'),
    ...list('sidecars', () => false),
    ...list('steps', () => true),
    ...list('containers', () => false),
  ];
}

export function lowerPod(
  file: PodFile,
  pod: Pod,
  dialect: DialectId,
  use: PodUse | undefined,
): readonly BuildSite[] {
  const volumes = readVolumes(file, pod.spec);
  const read = pod.containers.map(one => readOne(file, pod, one, volumes, use));
  return read.map(own => siteOf(file, dialect, read, own));
}

interface ReadContainer {
  readonly place: Place;
  readonly before: boolean;
  readonly image: Known<ImageUse>;
  readonly service: Service & { readonly container: Container };
  readonly env: Environment;
  readonly scripts: readonly ScriptText[];
}

function readOne(
  file: PodFile,
  pod: Pod,
  { map, before, name, key }: PodContainer,
  volumes: ReadonlyMap<string, PodVolume>,
  use: PodUse | undefined,
): ReadContainer {
  const given = use?.scripts.get(name) ?? [];
  const maps = pod.template && key === 'steps' ? [pod.template, map] : [map];
  const common = pod.common.filter(folder => folder.everywhere || key === 'steps');
  const own = readEnvironment(file, maps);
  const env = use && given.length > 0 ? laidOver(use.env, own) : own;
  const image = readImage(file, map, given.length > 0);
  const written =
    image.state === 'known' ? image.value : image.state === 'unknown' ? image.likely : undefined;
  const named = field(file, map, 'name');
  const place = placeOf(file.path, named?.node ?? map);
  const program = written && findBuilderImage(written.ref.repository)?.tool === 'kaniko' ? KANIKO : undefined;
  return {
    place,
    before,
    image,
    env,
    scripts: [...readScripts(file, map, program), ...given],
    service: {
      ref: written?.ref ?? NO_IMAGE,
      origin: written?.origin ?? { place, way: 'own' },
      whole: written?.whole ?? false,
      aliases: ABSENT,
      entrypoint: readWords(file, map, 'command'),
      command: readWords(file, map, 'args'),
      variables: own,
      container: {
        ...readContainer(file, pod, map, name),
        mounts: readMounts(file, maps, volumes, common),
        names: ['localhost', '127.0.0.1', ...hostAliases(file, pod.spec)],
        namesElsewhere: [],
        openNames: OPEN,
        hostDoubt: 'whether the node runs docker',
        ...(given.length > 0 ? { entered: 'later' } : {}),
      },
    },
  };
}

const NO_IMAGE: ImageRef = parseImage(literal(''));
const OPEN = 'a Service of the cluster may be called so';

/** What runs in a container later is not started by its entrypoint. */
function readImage(file: PodFile, map: MapNode, entered: boolean): Known<ImageUse> {
  const found = field(file, map, 'image');
  const text = textIn(found?.node);
  if (!found || !text || text.text === '') return unknown('no file in view names it');
  const origin: Origin = originOf(file, found);
  const entrypoint = entered ? known([], origin) : readWords(file, map, 'command');
  return sure(file, known({ ref: parseImage(text), origin, whole: isLiteral(text), entrypoint }, origin));
}

/** Names that the hosts file of the pod gives to itself. */
function hostAliases(file: PodFile, spec: Node): readonly string[] {
  return mapsIn(file, field(file, spec, 'hostAliases')?.node).flatMap(map => {
    if (!/^127\./.test(wordIn(file, map, 'ip') ?? '')) return [];
    const names: Field | undefined = field(file, map, 'hostnames');
    return itemsOf(file, names?.node).flatMap(item => textIn(item)?.text ?? []);
  });
}

function siteOf(
  file: PodFile,
  dialect: DialectId,
  all: readonly ReadContainer[],
  own: ReadContainer,
): BuildSite {
  const at = all.indexOf(own);
  // Those that have ended are no neighbours any more; those that come later are none yet.
  const beside = all.filter((other, i) => other !== own && !other.before && !(own.before && i > at));
  return {
    dialect,
    path: file.path,
    root: file.path,
    name: own.service.container.name,
    place: own.place,
    hidden: false,
    everyRef: false,
    image: own.image,
    services: ABSENT,
    self: own.service,
    neighbours: beside.map(({ service }) => service),
    env: own.env,
    scripts: own.scripts,
    commands: commandsOf(own.scripts),
    tags: ABSENT,
    gaps: file.doubt === undefined ? [] : [file.doubt],
  };
}
