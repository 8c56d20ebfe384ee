/** Reads `container:` and `services:` of a job. */
import type {
  Container,
  Environment,
  ImageUse,
  Mount,
  PublishedPort,
  Service,
} from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, type Origin, type Place, unknown } from '../../model/known.js';
import { readShell } from '../../syntax/shell.js';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree.js';
import { environmentOf, layered, NO_ENVIRONMENT } from './environment.js';
import { expandExpressions, holdsExpression, type Resolve } from './expressions.js';
import { type Options, readOptions } from './options.js';
import {
  entryOf,
  itemsOf,
  mapOf,
  nodeAt,
  place,
  placeOfEntry,
  type Source,
  scalarAt,
  textOf,
} from './values.js';
import { parsePort, parseVolume } from './volumes.js';

/** The container that the steps of a job run in. */
export interface JobContainer {
  readonly image: Known<ImageUse>;
  readonly container: Container;
  /** Its `env:`, which the steps find in it. */
  readonly env: Environment;
}

/** `undefined` for a job that runs on the machine itself; an image that is empty means the same. */
export function readContainer(source: Source, job: MapNode, resolve: Resolve): JobContainer | undefined {
  const entry = entryOf(job, 'container');
  const node = nodeAt(source, job, 'container');
  if (!entry || !node) return undefined;
  const map = node.kind === 'map' ? node : undefined;
  const name = map ? scalarAt(source, map, 'image') : node.kind === 'scalar' ? node : undefined;
  const image = readImage(source, name, placeOfEntry(source, entry), resolve);
  if (image.state === 'known' && image.value.ref.text.text === '') return undefined;
  const { container, env } = readParts(source, map, resolve, {
    name: 'container',
    names: [],
    namesElsewhere: [],
  });
  return { image, container, env };
}

function readImage(
  source: Source,
  node: ScalarNode | undefined,
  entry: Place,
  resolve: Resolve,
): Known<ImageUse> {
  if (!node) return unknown('its image cannot be read');
  const origin: Origin = { place: place(source, node), way: 'own', entry };
  const text = expandExpressions(textOf(node), resolve);
  const whole = !holdsExpression(node.text);
  return known({ ref: parseImage(text), origin, whole, entrypoint: ABSENT }, origin);
}

/**
 * The services of a job. Their names lead to them from containers only; `onHost` is for a job that runs in none.
 * A service whose image is empty is not started.
 */
export function readServices(
  source: Source,
  job: MapNode,
  resolve: Resolve,
  onHost: boolean,
): Known<readonly Service[]> {
  const entry = entryOf(job, 'services');
  const node = nodeAt(source, job, 'services');
  if (!entry || !node) return ABSENT;
  const origin: Origin = { place: place(source, node), way: 'own', entry: placeOfEntry(source, entry) };
  if (node.kind !== 'map') return unknown('an expression makes the services', origin);
  const services: Service[] = [];
  for (const one of node.entries) {
    const service = readService(source, one, resolve, onHost);
    if (service === 'unclear') return unknown(`the service ${one.key.text} cannot be read`, origin);
    if (service) services.push(service);
  }
  return known(services, origin);
}

function readService(
  source: Source,
  entry: Entry,
  resolve: Resolve,
  onHost: boolean,
): Service | 'unclear' | undefined {
  const node = entry.value && source.tree.resolve(entry.value);
  const map = mapOf(source, node);
  const image = map ? scalarAt(source, map, 'image') : node?.kind === 'scalar' ? node : undefined;
  if (!image) return 'unclear';
  const text = expandExpressions(textOf(image), resolve);
  if (text.text === '') return undefined;
  const names = [entry.key.text];
  const called = onHost ? { names: [], namesElsewhere: names } : { names, namesElsewhere: [] };
  const { options, container, env } = readParts(source, map, resolve, { name: entry.key.text, ...called });
  return {
    ref: parseImage(text),
    origin: { place: place(source, image), way: 'own', entry: placeOfEntry(source, entry) },
    whole: !holdsExpression(image.text),
    aliases: known(names, { place: place(source, entry.key), way: 'own' }),
    entrypoint: wordsAt(source, map, 'entrypoint', options?.entrypoint),
    command: wordsAt(source, map, 'command', undefined),
    variables: env,
    container,
  };
}

interface Parts {
  readonly options: Options | undefined;
  readonly container: Container;
  readonly env: Environment;
}

type Called = Pick<Container, 'name' | 'names' | 'namesElsewhere'>;

function readParts(source: Source, map: MapNode | undefined, resolve: Resolve, called: Called): Parts {
  const node = scalarAt(source, map, 'options');
  const options = node && readOptions(source, node);
  const written = environmentOf([{ source, node: entryOf(map, 'env')?.value, way: 'own' }], resolve);
  const { names, namesElsewhere } = called;
  const more = options?.names ?? [];
  const onHost = namesElsewhere.length > 0;
  return {
    options,
    container: {
      name: called.name,
      names: onHost ? names : [...names, ...more],
      namesElsewhere: onHost ? [...namesElsewhere, ...more] : namesElsewhere,
      hostname: options?.hostname ?? ABSENT,
      openNames: options?.openNames,
      privileged: options?.privileged ?? ABSENT,
      runtime: options?.runtime ?? ABSENT,
      user: options?.user ?? ABSENT,
      mounts: mountsAt(source, map, options),
      securityOptions: options?.securityOptions ?? ABSENT,
      capabilities: options?.capabilities ?? ABSENT,
      hostNamespaces: [],
      ports: portsAt(source, map, options),
      probe: options?.probe ?? ABSENT,
      waits: new Map(),
    },
    env: layered(options && fromOptions(options), written),
  };
}

function fromOptions({ variables, unclear }: Options): Environment {
  if (variables.size === 0 && unclear === undefined) return NO_ENVIRONMENT;
  return {
    names: () => [...variables.keys()],
    get(name) {
      const found = variables.get(name);
      if (found) return known({ text: found.text, holes: [] }, { place: found.place, way: 'own' });
      return unclear === undefined ? ABSENT : unknown(`its options may set it (${unclear})`);
    },
  };
}

function mountsAt(
  source: Source,
  map: MapNode | undefined,
  options: Options | undefined,
): Known<readonly Mount[]> {
  if (options?.unclear !== undefined) return unknown(`its options may hold more (${options.unclear})`);
  const node = nodeAt(source, map, 'volumes');
  const mounts = [
    ...scalarsAt(source, node).map(one => parseVolume(textOf(one), from(source, one))),
    ...(options?.mounts ?? []),
  ];
  const [first] = mounts;
  return first ? known(mounts, node ? from(source, node) : first.origin) : ABSENT;
}

function portsAt(
  source: Source,
  map: MapNode | undefined,
  options: Options | undefined,
): readonly PublishedPort[] {
  const written = scalarsAt(source, nodeAt(source, map, 'ports'));
  return [...written.map(one => parsePort(textOf(one), from(source, one))), ...(options?.ports ?? [])];
}

function scalarsAt(source: Source, node: Node | undefined): readonly ScalarNode[] {
  return itemsOf(source, node).flatMap(item => (item.kind === 'scalar' ? [item] : []));
}

function from(source: Source, node: Node): Origin {
  return { place: place(source, node), way: 'own' };
}

/** One text, split as the command line that the runner puts it into. */
function wordsAt(
  source: Source,
  map: MapNode | undefined,
  key: string,
  option: string | undefined,
): Known<readonly string[]> {
  const node = scalarAt(source, map, key);
  const at = node ?? map;
  const text = node ? textOf(node) : (option ?? '');
  if (!at || text === '') return ABSENT;
  const origin = from(source, at);
  if (holdsExpression(text)) return unknown('an expression stands in it', origin);
  const words = readShell(text).commands.flatMap(({ words: all }) => all.map(word => word.text));
  return known(words, origin);
}
