/** Puts the files of a Compose project together: overrides, includes, and services that extend others. */
import { type Place, placeOf } from '../../model/known.js';
import type { Link, Unit } from '../dialect.js';
import { readEnvFile } from './env-file.js';
import { interpolate, type Lookup } from './interpolate.js';
import {
  type ComposeFile,
  field,
  fieldsOf,
  isOpen,
  itemsOf,
  keysOf,
  type Layer,
  type Layers,
  textOf,
  under,
} from './layers.js';
import { includeOf, isLocal, linkTo, overridesOf, topsOf } from './links.js';

/** A service as all files give it. */
export interface WrittenService {
  readonly layers: Layers;
  /** The key that names it. */
  readonly place: Place;
  /** Why keys that it does not have may be written where we cannot see, in words. */
  readonly gaps: readonly string[];
}

export interface ComposeProject {
  readonly services: ReadonlyMap<string, WrittenService>;
  readonly networks: Layers;
  readonly volumes: Layers;
  /** Why further services may be there. */
  readonly gaps: readonly string[];
  /** The key `version` by the path of its file, where Compose ignores it. */
  readonly versions: ReadonlyMap<string, Layer>;
  /** Names every piece of text that the project is made of. */
  readonly key: string;
  /** A part of it cannot be read, so that nothing is sure. */
  readonly broken: boolean;
}

/** What is gathered while files are read. */
interface Gathering {
  readonly unit: Unit;
  readonly services: Map<string, WrittenService>;
  readonly networks: Layer[];
  readonly volumes: Layer[];
  readonly gaps: string[];
  readonly versions: Map<string, Layer>;
  readonly keys: string[];
  readonly seen: Set<string>;
  broken: boolean;
}

const MAX_FILES = 100;

export function readProject(unit: Unit): ComposeProject {
  const gathering: Gathering = {
    unit,
    services: new Map(),
    networks: [],
    volumes: [],
    gaps: [],
    versions: new Map(),
    keys: [unit.variables.key],
    seen: new Set(),
    broken: false,
  };
  const { path, tree } = unit;
  const outside: Lookup = name => unit.variables.values.get(name)?.value;
  const lookup = withEnvFiles(gathering, path, ['.env'], outside);
  const folder = folderOf(path);
  addFile(gathering, { path, folder, tree, lookup, fields: new Map() });
  const override = overridesOf(path)
    .flatMap(link => unit.follow?.(link, path) ?? [])
    .at(0);
  if (override) addFile(gathering, { ...override, folder, lookup, fields: new Map() });
  const { keys, unit: _, seen: __, ...project } = gathering;
  const services = new Map([...project.services].map(([name, service]) => [name, completed(service)]));
  return { ...project, services, key: keys.join('|') };
}

/** A service without an image is a part that another file completes: `docker compose -f … -f …`. */
function completed(service: WrittenService): WrittenService {
  const whole = ['image', 'build'].some(key => under(service.layers, key).length > 0);
  return whole ? service : { ...service, gaps: [...service.gaps, 'another file brings its image'] };
}

function folderOf(path: string): string {
  return path.replace(/\/?[^/]*$/, '');
}

/** Variables of the files win over what lies in them, those from outside over both. */
function withEnvFiles(gathering: Gathering, from: string, files: readonly string[], outer: Lookup): Lookup {
  const values = new Map<string, string | undefined>();
  for (const target of files.filter(isLocal)) {
    const [found] = gathering.unit.follow?.(linkTo('variables', target), from) ?? [];
    if (!found) continue;
    gathering.keys.push(blocksOf(found));
    for (const [name, value] of readEnvFile(found.tree.text, outer)) values.set(name, value);
  }
  return name => outer(name) ?? values.get(name);
}

function blocksOf({ tree }: Pick<ComposeFile, 'tree'>): string {
  return tree.documents.flatMap(({ blocks }) => blocks.map(({ block }) => block.id)).join();
}

function addFile(gathering: Gathering, file: ComposeFile): void {
  if (gathering.seen.has(file.path) || gathering.seen.size > MAX_FILES) return;
  gathering.seen.add(file.path);
  note(gathering, file);
  const tops = topsOf(file);
  for (const layer of under(tops, 'include').flatMap(itemsOf)) addIncluded(gathering, layer);
  gathering.networks.push(...under(tops, 'networks'));
  gathering.volumes.push(...under(tops, 'volumes'));
  const services = under(tops, 'services');
  const version = under(tops, 'version').at(-1);
  if (version && !isStack(services)) gathering.versions.set(file.path, version);
  for (const name of keysOf(services)) {
    const own = extended(gathering, services, name, []);
    const before = gathering.services.get(name);
    const place = before?.place ?? keyPlace(services, name);
    if (!own || !place) continue;
    gathering.services.set(name, {
      layers: [...(before?.layers ?? []), ...own.layers],
      place,
      gaps: [...(before?.gaps ?? []), ...own.gaps],
    });
  }
}

/** Keys of `deploy` that Compose leaves to Swarm. Source: docs.docker.com/reference/compose-file/deploy. */
const SWARM = ['endpoint_mode', 'placement', 'rollback_config', 'update_config'];

/** Whether services are written for `docker stack deploy`, which reads `version`, and before docker 23.0 needs it. */
function isStack(services: Layers): boolean {
  return keysOf(services).some(name =>
    keysOf(under(under(services, name), 'deploy')).some(key => SWARM.includes(key)),
  );
}

function note(gathering: Gathering, file: ComposeFile): void {
  gathering.keys.push(blocksOf(file));
  gathering.broken ||= file.tree.documents.some(({ blocks }) =>
    blocks.some(({ block }) => file.tree.isTainted(block)),
  );
}

function keyPlace(services: Layers, name: string): Place | undefined {
  for (const layer of services) {
    const entry = fieldsOf(layer).get(name)?.entry;
    if (entry) return placeOf(layer.file.path, entry.key);
  }
  return undefined;
}

/** Source: compose-spec/compose-go loader/include.go. */
function addIncluded(gathering: Gathering, layer: Layer): void {
  const { path, lookup, folder } = layer.file;
  const [include] = includeOf(resolvedTexts(layer));
  if (!include || include.paths.length === 0) gathering.gaps.push('an include cannot be read');
  for (const target of include?.paths ?? []) {
    const [found] = isLocal(target) ? (follow(gathering, 'include', target, path, folder) ?? []) : [];
    if (!found) {
      gathering.gaps.push(`${target} is not in view`);
      continue;
    }
    const files = include?.envFiles.length ? include.envFiles : [];
    const inner = files.length > 0 ? withEnvFiles(gathering, path, files, lookup) : lookup;
    const own = withEnvFiles(gathering, found.path, ['.env'], inner);
    addFile(gathering, { ...found, folder: folderOf(found.path), lookup: own, fields: new Map() });
  }
}

/** The same with variables put into its texts. */
function resolvedTexts(layer: Layer): Layer {
  const { node, file } = layer;
  if (node.kind === 'scalar')
    return { ...layer, node: { ...node, text: interpolate(node.text, file.lookup).text } };
  if (node.kind !== 'map') return layer;
  const entries = node.entries.map(entry => {
    const value = entry.value && file.tree.resolve(entry.value);
    if (value?.kind !== 'scalar') return entry;
    return { ...entry, value: { ...value, text: interpolate(value.text, file.lookup).text } };
  });
  return { ...layer, node: { ...node, entries } };
}

/** Paths of an override count from the folder of the project. */
function follow(gathering: Gathering, kind: Link['kind'], target: string, path: string, folder: string) {
  const from = folder === folderOf(path) ? path : `${folder === '' ? '' : `${folder}/`}compose.yaml`;
  return gathering.unit.follow?.(linkTo(kind, target), from);
}

interface Extended {
  readonly layers: Layers;
  readonly gaps: readonly string[];
}

/** A service with those below it that it extends. Source: compose-spec/compose-go loader/extends.go. */
function extended(
  gathering: Gathering,
  services: Layers,
  name: string,
  before: readonly string[],
): Extended | undefined {
  const layers = under(services, name).filter(({ node }) => node.kind === 'map' || node.kind === 'alias');
  const own = layers.at(-1);
  if (!own) return undefined;
  const open = layers.some(isOpen) ? ['an alias leads nowhere'] : [];
  const extension = under(layers, 'extends').at(-1);
  if (!extension) return { layers, gaps: open };
  const base = baseOf(gathering, services, extension, before);
  if (!base) return { layers, gaps: [...open, 'what it extends is not in view'] };
  const below = base.layers.map(layer => ({ ...layer, way: 'extends' as const, from: base.name }));
  return { layers: [...below, ...layers], gaps: [...base.gaps, ...open] };
}

function baseOf(
  gathering: Gathering,
  services: Layers,
  extension: Layer,
  before: readonly string[],
): (Extended & { readonly name: string }) | undefined {
  const named = extension.node.kind === 'scalar' ? extension : field(extension, 'service');
  const name = named && textOf(named)?.text;
  const target = extension.node.kind === 'map' ? field(extension, 'file') : undefined;
  const path = target && textOf(target)?.text;
  const id = `${path ?? extension.file.path} ${name}`;
  if (name === undefined || before.includes(id) || before.length > MAX_FILES) return undefined;
  const found = path === undefined ? services : servicesOf(gathering, extension.file, path);
  const base = found && extended(gathering, found, name, [...before, id]);
  return base && { ...base, name };
}

function servicesOf(gathering: Gathering, from: ComposeFile, target: string): Layers | undefined {
  const [found] = isLocal(target) ? (follow(gathering, 'part', target, from.path, from.folder) ?? []) : [];
  if (!found) return undefined;
  const file: ComposeFile = { ...from, ...found, folder: folderOf(found.path), fields: new Map() };
  note(gathering, file);
  return under(topsOf(file), 'services');
}
