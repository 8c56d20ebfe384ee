/** Finds the runners that a job may run on: those declared in `.drydock.yml`, or the only one in the project. */
import type {
  BuildSite,
  Environment,
  Mount,
  PairedRunner,
  Runner,
  ScaleSet,
  Unserved,
} from '../model/build-site.js';
import { ABSENT, known, type Origin, type Place, placeKey, type Sourced, settled } from '../model/known.js';
import type { DeclaredRunner, DrydockConfig } from './config.js';

/** The jobs that a runner takes. */
interface Takes {
  /** `undefined` where nothing says which tags it has: it may take any job. */
  readonly tags: readonly string[] | undefined;
  readonly untagged: boolean;
}

/** A runner with the jobs that it takes. */
export interface RunnerOffer extends Takes {
  readonly paired: PairedRunner;
  /** It takes jobs of workflows, which say by themselves what their containers are. */
  readonly workflows?: 'hosted' | 'with-docker' | 'own';
  /** The pods that such jobs run in. */
  readonly scaleSet?: ScaleSet;
}

/** What is known of the runners of a project. */
export interface Available {
  readonly offers: readonly RunnerOffer[];
  /** What declared runners take, also those whose file is not to be found; empty where others may take a job. */
  readonly declared: readonly Takes[];
}

const NOT_DECLARED: Available['declared'] = [];

const ASIDE = /(?:^|\/)(?:examples|docs|test[^/]*)\//;

/** With more runners than this nothing is said about each of them. */
const MAX_CANDIDATES = 8;

/** Runners that count. Where nothing is declared, samples under examples, docs and test folders do not. */
export function availableRunners(
  config: DrydockConfig,
  runners: readonly Runner[],
  scaleSets: readonly ScaleSet[],
): Available {
  if (config.runners.length > 0)
    return {
      offers: config.runners.flatMap(declared => declaredOffer(declared, runners, scaleSets)),
      declared: isComplete(config)
        ? config.runners.filter(one => !workflowsOf(one) && !scaleSetOf(one, scaleSets)).map(takenBy)
        : NOT_DECLARED,
    };
  const counted = runners.filter(runner => !ASIDE.test(runner.path));
  if (counted.length > MAX_CANDIDATES) return { offers: [], declared: NOT_DECLARED };
  const how = counted.length === 1 ? 'only-one' : 'candidate';
  const offers = counted.map(runner => ({
    paired: { runner, how, exposure: undefined } as const,
    tags: undefined,
    untagged: true,
  }));
  return { offers, declared: NOT_DECLARED };
}

/**
 * Whether the declared runners are all that a job may go to: those that others host have tags that nobody lists, and
 * what cannot be read whole may declare another one.
 */
function isComplete({ runners, broken }: DrydockConfig): boolean {
  return !broken && runners.every(({ hosted }) => hosted !== 'gitlab.com');
}

/** What declared runners for jobs of workflows are. They take no job of GitLab. */
function workflowsOf({ hosted, config, engine }: DeclaredRunner): RunnerOffer['workflows'] {
  if (hosted === 'github') return 'hosted';
  if (hosted !== undefined || config !== undefined) return undefined;
  return engine === 'docker' ? 'with-docker' : 'own';
}

function takenBy(declared: DeclaredRunner): Takes {
  const { tags } = declared;
  return { tags, untagged: declared.untagged ?? (tags ?? []).length === 0 };
}

/** The set that a file of values describes; of several the one that `entry` names. */
function scaleSetOf({ config, entry }: DeclaredRunner, scaleSets: readonly ScaleSet[]): ScaleSet | undefined {
  return scaleSets.find(({ path, name }) => path === config && (entry === undefined || name === entry));
}

function declaredOffer(
  declared: DeclaredRunner,
  runners: readonly Runner[],
  scaleSets: readonly ScaleSet[],
): readonly RunnerOffer[] {
  const exposure = declared.exposure ?? (declared.hosted === undefined ? undefined : 'ephemeral');
  const { tags, untagged } = takenBy(declared);
  if (declared.hosted === 'gitlab.com') {
    return [{ paired: { runner: gitlabHosted(declared), how: 'hosted', exposure }, tags, untagged }];
  }
  const scaleSet = scaleSetOf(declared, scaleSets);
  const workflows = scaleSet ? 'own' : workflowsOf(declared);
  if (workflows) {
    const paired = { runner: gitlabHosted(declared), how: 'declared', exposure } as const;
    return [{ paired, tags, untagged, workflows, ...(scaleSet ? { scaleSet } : {}) }];
  }
  return runners
    .filter(
      runner =>
        runner.path === declared.config && (declared.entry === undefined || runner.name === declared.entry),
    )
    .map(runner => ({
      paired: {
        runner: declared.name ? { ...runner, name: declared.name } : runner,
        how: 'declared',
        exposure,
      },
      tags,
      untagged,
    }));
}

/** The runners that a job may run on, or what keeps it from all that are declared. */
export interface JobPairing {
  readonly runners: readonly PairedRunner[];
  readonly unserved: Unserved | undefined;
}

export function pairing(site: BuildSite, available: Available): JobPairing {
  // What is a container of its own needs none, and what says itself where it runs goes nowhere else.
  if (site.self) return { runners: [], unserved: undefined };
  const own = site.runsOn?.paired;
  if (own) return { runners: own.how === 'unseen' ? [] : [own], unserved: undefined };
  return { runners: runnersFor(site, available), unserved: unservedBy(site, available) };
}

/** The runners of `offers` that may take a job. A job whose tags are not known may go to any of them. */
function runnersFor(site: BuildSite, { offers }: Available): readonly PairedRunner[] {
  const tags = tagsOf(site)?.map(({ value }) => value);
  const paired = offers
    .filter(offer => !offer.workflows && takes(offer, tags) && !isOfChart(offer, site))
    .map(offer => offer.paired);
  return tags?.includes('gitlab-org') ? paired.map(unprivilegedHosted) : paired;
}

/**
 * Values of a chart that lie with a pipeline below the root of the project are what the chart brings along, as it brings
 * its pipeline: nobody says that they set up the runner which that one has.
 */
function isOfChart({ paired: { runner, how } }: RunnerOffer, { root }: BuildSite): boolean {
  const folder = root.slice(0, root.lastIndexOf('/') + 1);
  if (how === 'declared' || folder === '') return false;
  return runner.path.startsWith(folder) && /\.ya?ml$/.test(runner.path);
}

/** What a job asks for that no declared runner has; `undefined` where one takes it, or that cannot be told. */
function unservedBy(site: BuildSite, { declared }: Available): Unserved | undefined {
  const tags = tagsOf(site);
  const names = tags?.map(({ value }) => value);
  if (!tags || !names || declared.length === 0 || declared.some(one => takes(one, names))) return undefined;
  return { tags, known: [...new Set(declared.flatMap(one => one.tags ?? []))] };
}

/** The tags of a job, `undefined` when they cannot be told. */
function tagsOf({ tags }: BuildSite): readonly Sourced<string>[] | undefined {
  return tags.state === 'unknown' ? undefined : (settled(tags) ?? []);
}

/** The site with what is declared of the runner that its labels lead to; sites of other formats stay as they are. */
export function placed(site: BuildSite, { offers }: Available): BuildSite {
  const { runsOn, tags } = site;
  const labels = settled(tags)?.map(({ value }) => value);
  if (runsOn?.paired.how !== 'unseen' || !labels) return site;
  const offer = offers.find(one => one.workflows && takes(one, labels));
  if (!offer) return site;
  const { exposure } = offer.paired;
  const { ifHosted } = runsOn;
  // A machine of one's own that has docker does as one of GitHub's, but for whose it is.
  const paired: PairedRunner = {
    hosted: { ...ifHosted, exposure },
    'with-docker': { ...ifHosted, how: 'declared' as const, exposure },
    own: { ...runsOn.paired, how: 'declared' as const, exposure },
  }[offer.workflows ?? 'own'];
  return inPod({ ...site, runsOn: { ...runsOn, paired } }, offer.scaleSet);
}

/** The job in the container of its runner, beside the others of the pod; one with a container of its own is left alone. */
function inPod(site: BuildSite, scaleSet: ScaleSet | undefined): BuildSite {
  const pod = scaleSet?.runner();
  const { runsOn } = site;
  if (!pod?.self || !runsOn || site.image.state !== 'absent' || site.services.state !== 'absent') return site;
  const { image, self, neighbours = [], env, path, place } = pod;
  const { runner } = runsOn.paired;
  const executor = known('kubernetes' as const, self.origin);
  const name = scaleSet?.name ?? runner.name;
  const made: Runner = { ...runner, path, name, place, executor, job: self.container };
  const paired = { ...runsOn.paired, runner: made };
  return { ...site, image, self, neighbours, env: over(site.env, env), runsOn: { ...runsOn, paired } };
}

function over(inner: Environment, outer: Environment): Environment {
  return {
    get(name) {
      const own = inner.get(name);
      return own.state === 'absent' ? outer.get(name) : own;
    },
    names: () => [...new Set([...outer.names(), ...inner.names()])],
  };
}

/** GitLab.com's runners for GitLab's own projects. Source: gitlabhq doc/ci/runners/hosted_runners/linux.md. */
function unprivilegedHosted(paired: PairedRunner): PairedRunner {
  const { runner, how } = paired;
  if (how !== 'hosted') return paired;
  const origin: Origin = { place: runner.place, way: 'hosted' };
  return { ...paired, runner: { ...runner, privileged: known(false, origin) } };
}

function takes(offer: Takes, tags: readonly string[] | undefined): boolean {
  if (tags === undefined || offer.tags === undefined)
    return offer.tags === undefined ? offer.untagged || (tags?.length ?? 1) > 0 : true;
  if (tags.length === 0) return offer.untagged;
  return tags.every(tag => offer.tags?.includes(tag));
}

/** A runner as it is offered; one that is not is a mere candidate. */
export function asPaired(runner: Runner, { offers }: Available): PairedRunner {
  const offer = offers.find(({ paired }) => placeKey(paired.runner.place) === placeKey(runner.place));
  return offer?.paired ?? { runner, how: 'candidate', exposure: undefined };
}

const NO_VARIABLES: Environment = { get: () => ABSENT, names: () => [] };

/**
 * GitLab.com's hosted Linux runners: a fresh machine for each job, privileged, /certs/client shared.
 * Source: gitlabhq doc/ci/runners/hosted_runners/linux.md and doc/ci/docker/using_docker_build.md.
 */
function gitlabHosted(declared: DeclaredRunner): Runner {
  const origin: Origin = { place: declared.place, way: 'hosted' };
  const certificates: Mount = { source: undefined, target: '/certs/client', mode: '', origin };
  return {
    path: declared.place.path,
    name: declared.name ?? "GitLab.com's hosted runner",
    place: declared.place,
    executor: known('docker', origin),
    image: ABSENT,
    privileged: known(true, origin),
    servicesPrivileged: ABSENT,
    runtime: ABSENT,
    mounts: known([certificates], origin),
    services: ABSENT,
    env: NO_VARIABLES,
    preScript: ABSENT,
    setting: () => undefined,
    docker: undefined,
  };
}

/** A text that changes whenever what is known of the runners means something else. */
export function availableKey({ offers, declared }: Available): string {
  const place = ({ block, start }: Place): string => `${block.id}:${start}`;
  const paired = offers.map(({ paired: { runner, how, exposure }, tags, untagged, workflows, scaleSet }) =>
    [
      ...[place(runner.place), runner.name, how, exposure, tags?.join(' '), untagged, workflows],
      scaleSet?.key,
    ].join('/'),
  );
  return [...paired, JSON.stringify(declared)].join(';');
}
