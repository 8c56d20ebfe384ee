/** Lowers a Jenkinsfile into build sites: for each stage, what its scripts find on its agent. */
import type { BuildSite, Container, Environment, ImageUse, ScriptText } from '../../model/build-site.js';
import { ABSENT, type Known, known, type Origin, type Place, settled, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import type { Text } from '../../model/text.js';
import type { GroovyString } from '../../syntax/groovy.js';
import type { Lowered, SiteSource, Unit } from '../dialect.js';
import { environmentOf, laidOver, machine } from '../machine.js';
import type { Agent, DockerAgent } from './agents.js';
import { containerOf, linked, serviceOf, withVolumes } from './containers.js';
import { environmentIn } from './environment.js';
import type { JenkinsTree } from './read.js';
import { type JenkinsFile, placeAt, scriptOf } from './strings.js';
import { type Scope, type Walked, walk } from './walk.js';

const walks = new WeakMap<JenkinsTree, Walked>();

/** What the tree comes to, worked out once. */
export function walked(tree: JenkinsTree): Walked {
  const made = walks.get(tree) ?? walk(tree.script.calls);
  walks.set(tree, made);
  return made;
}

export function fileOf({ path, tree }: Pick<Unit, 'path' | 'tree'>): JenkinsFile | undefined {
  const block = tree.documents[0]?.blocks[0]?.block;
  return block && !tree.isTainted(block) ? { path, block } : undefined;
}

/** More stages than this are written by no person. */
const MAX_SITES = 500;

export function lowerJenkins(unit: Unit): Lowered {
  const file = fileOf(unit);
  if (!file) return { sites: [], runners: [] };
  const groups = groupsOf(walked(unit.tree as JenkinsTree));
  const lowers = [
    ...groups.map(group => () => siteOf(file, group)),
    ...besideIn(groups).map(one => () => besideSite(file, one)),
  ];
  const sites: SiteSource[] = lowers.slice(0, MAX_SITES).map((lower, i) => ({
    name: String(i),
    key: String(i),
    shared: String(file.block.id),
    lower: () => [lower()],
  }));
  return { sites, runners: [] };
}

/** The scripts of one stage on one agent. */
interface Group {
  readonly scope: Scope;
  readonly scripts: { readonly string: GroovyString; readonly part: ScriptText['part'] }[];
}

/** Pods are read by themselves, with the scripts that run in them. */
function groupsOf({ steps, scopes }: Walked): readonly Group[] {
  const groups: Group[] = [];
  const byPlace = new Map<number, Group[]>();
  const groupFor = (scope: Scope): Group => {
    const near = byPlace.get(scope.nameSpan.start) ?? [];
    const known = near.find(({ scope: one }) => isSame(one, scope));
    const group = known ?? { scope, scripts: [] };
    if (!known) {
      byPlace.set(scope.nameSpan.start, [...near, group]);
      groups.push(group);
    }
    return group;
  };
  const counts = ({ agent }: Scope): boolean => agent.kind !== 'pod';
  for (const { scope, script } of steps.filter(step => counts(step.scope)))
    groupFor(scope).scripts.push({ string: script, part: scope.part });
  // An agent is set up whether or not its steps can be read.
  const seen = new Set<Agent>(groups.flatMap(({ scope }) => [scope.agent, ...scope.beside]));
  for (const scope of scopes)
    if (scope.agent.kind === 'docker' && !seen.has(scope.agent)) {
      seen.add(scope.agent);
      groupFor(scope);
    }
  return groups;
}

function isSame(one: Scope, other: Scope): boolean {
  return (
    one.agent === other.agent &&
    one.beside.length === other.beside.length &&
    one.settings.length === other.settings.length &&
    one.settings.every((setting, i) => setting === other.settings[i])
  );
}

function siteOf(file: JenkinsFile, { scope, scripts }: Group): BuildSite {
  const { agent, nameSpan, beside } = scope;
  const named = nameOf(scope);
  const place = placeAt(file, nameSpan.start, nameSpan.end);
  const own: Origin = { place, way: 'own' };
  const texts = scripts.map(({ string, part }) => scriptOf(file, string, part));
  const outer = shellsApart(environmentIn(file, scope.settings), texts);
  const self = agent.kind === 'docker' ? containerOf(file, named.name, agent) : undefined;
  // docker exec hands the variables of the step on, over those of docker run.
  const handed = self ? laidOver(outer, environmentOf(self.run.env)) : outer;
  const neighbours = beside.map(one => {
    const read = containerOf(file, besideName(one), one);
    return serviceOf(read, linked(read, self), own, environmentOf(read.run.env));
  });
  const [only, more] = neighbours;
  const names = neighbours.flatMap(one => one.container.names);
  const env = isSetAround(scope) ? withoutNames(handed, names) : handed;
  return {
    ...frame(file, named, place),
    image: self ? withoutEntrypoint(self.image) : unknown('it runs on an agent that is not in view'),
    self: self
      ? {
          ...serviceOf(self, entered(withVolumes(self.run, more ? undefined : only?.container)), own, env),
          command: known(['cat'], own),
        }
      : serviceOf(undefined, { ...machine(named.name), entered: 'machine' }, own, env),
    neighbours,
    env,
    scripts: texts,
    commands: commandsOf(texts),
  };
}

/** What starts the container of a step finds the same address. */
function isSetAround({ agent, settings }: Scope): boolean {
  const host = settings.findLast(({ name }) => name === 'DOCKER_HOST');
  return agent.kind === 'docker' && host !== undefined && agent.settings.includes(host);
}

/** No docker that starts a container can be sent to what is beside it, so that nobody can tell what is meant. */
function withoutNames(env: Environment, names: readonly string[]): Environment {
  const isBeside = (host: Known<Text>): boolean =>
    names.includes(/^tcp:\/\/([\w.-]+)/.exec(settled(host)?.text ?? '')?.[1] ?? '');
  return {
    ...env,
    get(name) {
      const value = env.get(name);
      return name === 'DOCKER_HOST' && isBeside(value)
        ? unknown('docker that starts the container is sent there too')
        : value;
    },
  };
}

/** Steps come into a container later, and see nothing of what its entrypoint does. */
function withoutEntrypoint(image: Known<ImageUse>): Known<ImageUse> {
  if (image.state !== 'known') return image;
  const { value, origin } = image;
  return known({ ...value, entrypoint: known([], origin) }, origin);
}

/** The containers that `withRun` starts, each once. */
function besideIn(groups: readonly Group[]): readonly Beside[] {
  const names = new Map<DockerAgent, Named>();
  for (const { scope } of groups)
    for (const agent of scope.beside) if (!names.has(agent)) names.set(agent, nameOf(scope));
  return [...names].map(([agent, named]) => ({ agent, named }));
}

/** What a container that `withRun` starts is called, for whoever looks at it. */
function besideName({ image }: DockerAgent): string {
  return image?.text ?? 'withRun';
}

interface Beside {
  readonly agent: DockerAgent;
  /** The stage that it stands in. */
  readonly named: Named;
}

function besideSite(file: JenkinsFile, { agent, named }: Beside): BuildSite {
  const read = containerOf(file, besideName(agent), agent);
  const place = placeAt(file, agent.span.start, agent.span.end);
  const env = environmentOf(read.run.env);
  return {
    ...frame(file, named, place),
    image: read.image,
    self: serviceOf(read, read.run.container, { place, way: 'own' }, env),
    neighbours: [],
    env,
    scripts: [],
    commands: [],
  };
}

type Named = Pick<BuildSite, 'name' | 'called'>;

function nameOf({ path }: Scope): Named {
  return path.length > 0 ? { name: path.join('/') } : { name: 'pipeline', called: 'the pipeline' };
}

/** What all sites of a Jenkinsfile have in common. */
function frame({ path }: JenkinsFile, named: Named, place: Place) {
  return {
    dialect: 'jenkinsfile',
    path,
    root: path,
    ...named,
    place,
    hidden: false,
    everyRef: false,
    services: ABSENT,
    tags: ABSENT,
    gaps: [],
  } as const;
}

/** Jenkins gives it the user of the agent, whoever that is. Source: docker-workflow-plugin, WithContainerStep. */
function entered(container: Container): Container {
  const { user } = container;
  const given = user.state === 'absent' ? unknown('Jenkins runs it as the user of the agent') : user;
  return { ...container, user: given, entered: 'later' };
}

/** Each step has a shell of its own, so what one sets of docker's variables is lost to the others. */
function shellsApart(env: Environment, texts: readonly ScriptText[]): Environment {
  if (texts.length < 2 || !texts.some(({ text }) => /\bDOCKER_\w+=|\bdocker context\b/.test(text)))
    return env;
  return {
    ...env,
    get: name => (/^DOCKER_/.test(name) ? unknown('one of the steps sets it for itself') : env.get(name)),
  };
}
