/** Finds the runners that a job may run on: those declared in `.drydock.yml`, or the only one in the project. */
import type { BuildSite, Environment, Mount, PairedRunner, Runner } from '../model/build-site.js';
import { ABSENT, known, type Origin, type Place, placeKey, settled } from '../model/known.js';
import type { DeclaredRunner, DrydockConfig } from './config.js';

/** A runner with the jobs that it takes. */
export interface RunnerOffer {
  readonly paired: PairedRunner;
  /** `undefined` where nothing says which tags it has: it may take any job. */
  readonly tags: readonly string[] | undefined;
  readonly untagged: boolean;
}

const ASIDE = /(?:^|\/)(?:examples|docs|test[^/]*)\//;

/** With more runners than this nothing is said about each of them. */
const MAX_CANDIDATES = 8;

/** Runners that count. Where nothing is declared, samples under examples, docs and test folders do not. */
export function offers(config: DrydockConfig, runners: readonly Runner[]): readonly RunnerOffer[] {
  if (config.runners.length > 0) return config.runners.flatMap(declared => declaredOffer(declared, runners));
  const counted = runners.filter(runner => !ASIDE.test(runner.path));
  if (counted.length > MAX_CANDIDATES) return [];
  const how = counted.length === 1 ? 'only-one' : 'candidate';
  return counted.map(runner => ({
    paired: { runner, how, exposure: undefined },
    tags: undefined,
    untagged: true,
  }));
}

function declaredOffer(declared: DeclaredRunner, runners: readonly Runner[]): readonly RunnerOffer[] {
  const exposure = declared.exposure ?? (declared.hosted === undefined ? undefined : 'ephemeral');
  const tags = declared.tags.length > 0 ? declared.tags : undefined;
  const untagged = declared.untagged ?? tags === undefined;
  if (declared.hosted === 'gitlab.com') {
    return [{ paired: { runner: gitlabHosted(declared), how: 'hosted', exposure }, tags, untagged }];
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

/** The runners of `offers` that may take a job. A job whose tags are not known may go to any of them; what is a container of its own needs none. */
export function runnersFor(site: BuildSite, available: readonly RunnerOffer[]): readonly PairedRunner[] {
  if (site.self) return [];
  const tags = site.tags.state === 'unknown' ? undefined : (settled(site.tags) ?? []);
  const paired = available.filter(offer => takes(offer, tags)).map(offer => offer.paired);
  return tags?.includes('gitlab-org') ? paired.map(unprivilegedHosted) : paired;
}

/** GitLab.com's runners for GitLab's own projects. Source: gitlabhq doc/ci/runners/hosted_runners/linux.md. */
function unprivilegedHosted(paired: PairedRunner): PairedRunner {
  const { runner, how } = paired;
  if (how !== 'hosted') return paired;
  const origin: Origin = { place: runner.place, way: 'hosted' };
  return { ...paired, runner: { ...runner, privileged: known(false, origin) } };
}

function takes(offer: RunnerOffer, tags: readonly string[] | undefined): boolean {
  if (tags === undefined || offer.tags === undefined)
    return offer.tags === undefined ? offer.untagged || (tags?.length ?? 1) > 0 : true;
  if (tags.length === 0) return offer.untagged;
  return tags.every(tag => offer.tags?.includes(tag));
}

/** A runner as it is offered; one that is not is a mere candidate. */
export function asPaired(runner: Runner, available: readonly RunnerOffer[]): PairedRunner {
  const offer = available.find(({ paired }) => placeKey(paired.runner.place) === placeKey(runner.place));
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

/** A text that changes whenever the set of offers means something else. */
export function offersKey(available: readonly RunnerOffer[]): string {
  const place = ({ block, start }: Place): string => `${block.id}:${start}`;
  return available
    .map(({ paired, tags, untagged }) =>
      [
        place(paired.runner.place),
        paired.runner.name,
        paired.how,
        paired.exposure,
        tags?.join(' '),
        untagged,
      ].join('/'),
    )
    .join(';');
}
