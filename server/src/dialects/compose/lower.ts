/** Lowers a Compose project into build sites: each service as a container beside its neighbours. */
import type { BuildSite, Environment, ImageUse, Service } from '../../model/build-site.js';
import { type ImageRef, parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, type Origin, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import { isLiteral, literal } from '../../model/text.js';
import type { Lowered, Unit } from '../dialect.js';
import { readCommand, readScripts } from './commands.js';
import { type OwnContainer, readContainer } from './container.js';
import { readEnvironment } from './environment.js';
import { withHostFlag } from './host-flag.js';
import { originOf, textOf } from './layers.js';
import { hostsOf, isNextTo, namesBetween, openNames, spotOf } from './networks.js';
import { type ComposeProject, readProject, type WrittenService } from './project.js';
import { last, missing } from './values.js';

/** More services than this are no project that people write by hand, and each looks at all others. */
const MAX_SERVICES = 300;

export function lowerProject(unit: Unit): Lowered {
  const project = readProject(unit);
  if (project.broken || project.services.size > MAX_SERVICES) return { sites: [], runners: [] };
  const read = new Map<string, ReadService>();
  const keys: string[] = [];
  for (const [name, written] of project.services) {
    const one = readService(project, unit, name, written);
    read.set(name, one);
    keys.push(one.key);
  }
  const view: View = { unit, read, hosts: hostsOf(project), versions: project.versions, faces: new Map() };
  const shared = `${project.key}|${keys.join(';')}`;
  const sites = [...read.keys()].map(name => ({
    name,
    key: name,
    shared,
    lower: () => [siteOf(view, name)],
  }));
  return { sites, runners: [] };
}

interface View {
  readonly unit: Unit;
  readonly read: ReadonlyMap<string, ReadService>;
  readonly hosts: ReturnType<typeof hostsOf>;
  readonly versions: ComposeProject['versions'];
  /** How each service looks to those in the same networks. */
  readonly faces: Map<string, Map<string, Neighbour>>;
}

type Neighbour = NonNullable<BuildSite['neighbours']>[number];

/** A service without what depends on who looks at it. */
interface ReadService {
  readonly name: string;
  readonly written: WrittenService;
  readonly image: Known<ImageUse>;
  readonly service: Service;
  readonly container: OwnContainer;
  readonly env: Environment;
  readonly key: string;
}

function readService(
  project: ComposeProject,
  unit: Unit,
  name: string,
  written: WrittenService,
): ReadService {
  const { env, key } = readEnvironment(written, unit);
  const image = readImage(written);
  const use = image.state === 'known' ? image.value : undefined;
  const service: Service = {
    ref: use?.ref ?? UNKNOWN_IMAGE,
    origin: use?.origin ?? { place: written.place, way: 'own' },
    whole: use?.whole ?? false,
    aliases: ABSENT,
    entrypoint: readCommand(written, 'entrypoint'),
    command: readCommand(written, 'command'),
    variables: env,
  };
  return { name, written, image, service, container: readContainer(project, name, written), env, key };
}

const UNKNOWN_IMAGE: ImageRef = parseImage(literal(''));

/** An image that is built from a Dockerfile of the project is whatever that makes of it. */
function readImage(written: WrittenService): Known<ImageUse> {
  const layer = last(written, 'image');
  const build = last(written, 'build');
  if (build) return unknown('it is built from a Dockerfile', originOf(build));
  if (!layer) return written.gaps.length > 0 ? missing(written) : unknown('no file in view names it');
  const text = textOf(layer);
  const origin: Origin = originOf(layer);
  if (!text) return unknown('its image cannot be read', origin);
  const ref = parseImage({ text: text.text, holes: text.holes });
  const entrypoint = readCommand(written, 'entrypoint');
  return known({ ref, origin, whole: text.verbatim && isLiteral(text), entrypoint }, origin);
}

function siteOf(view: View, name: string): BuildSite {
  const own = view.read.get(name) as ReadService;
  const { written, image, env } = own;
  const others = [...view.read.keys()].filter(other => other !== name);
  const scripts = readScripts(written);
  const version = view.versions.get(written.place.path);
  return {
    dialect: 'compose',
    path: written.place.path,
    root: view.unit.path,
    name,
    place: written.place,
    hidden: false,
    everyRef: false,
    image,
    services: ABSENT,
    self: lookedAt(view, name, name),
    neighbours: neighboursOf(view, name, others),
    env: withHostFlag(env, written, image.state === 'known' ? image.value : undefined),
    scripts,
    commands: commandsOf(scripts),
    tags: ABSENT,
    gaps: written.gaps,
    obsoleteKeys: version ? [{ value: 'version', origin: originOf(version) }] : [],
  };
}

/** Services in the same networks see the others alike, so that this is worked out once for all of them. */
function neighboursOf(view: View, name: string, others: readonly string[]): readonly Neighbour[] {
  const spot = spotOf(view.hosts, name);
  const faces = view.faces.get(spot) ?? new Map<string, Neighbour>();
  view.faces.set(spot, faces);
  return others.map(other => {
    if (isNextTo(view.hosts, name, other)) return lookedAt(view, name, other);
    const face = faces.get(other) ?? lookedAt(view, name, other);
    faces.set(other, face);
    return face;
  });
}

/** A service as the service `from` sees it. */
function lookedAt({ hosts, read }: View, from: string, name: string): Neighbour {
  const { service, container } = read.get(name) as ReadService;
  const { names, elsewhere } = namesBetween(hosts, from, name);
  return {
    ...service,
    container: { ...container, names, namesElsewhere: elsewhere, openNames: openNames(hosts, name) },
  };
}
