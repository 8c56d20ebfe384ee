/** Decides which rule speaks about the privilege of a runner, so that no two speak about one value. */
import { type Known, type Place, settled } from '../model/known.js';
import { audienceOf } from './audience.js';
import type { RunnerContext } from './define.js';
import { bringsSocket, containersOf, ordinaryRuntime, rootlessEngine } from './runner-facts.js';
import { ownDind, servesDind } from './serves-dind.js';

/** What is to be said: nobody needs it, only services do, or others become root by it. */
type Verdict = 'not-needed' | 'too-wide' | 'shared';

export interface Privilege {
  readonly place: Place;
  /** What is privileged, and where that makes root, in words. */
  readonly what: string;
  readonly host: string;
}

/** The value that grants privilege, if `wanted` is what is to be said about it. */
export function privilegeOf({ paired, profile }: RunnerContext, wanted: Verdict): Privilege | undefined {
  const { runner } = paired;
  const containers = containersOf(runner);
  if (!containers || !ordinaryRuntime(runner) || rootlessEngine(runner) || isNarrowed(paired))
    return undefined;
  const jobs = trueAt(runner.privileged);
  const place = jobs ?? trueAt(runner.servicesPrivileged);
  if (!place || verdictOf({ paired, profile }, jobs !== undefined) !== wanted) return undefined;
  return {
    place,
    what: jobs ? 'every job' : 'any service that a job names',
    host: containers === 'docker' ? 'the host' : 'the node',
  };
}

function verdictOf({ paired, profile }: RunnerContext, jobs: boolean): Verdict | undefined {
  const { runner, exposure } = paired;
  const docker = containersOf(runner) === 'docker';
  // What the socket hands out is said at the socket.
  if (docker && bringsSocket(runner)) return jobs && !ownDind(runner) ? 'not-needed' : undefined;
  if (exposure === 'shared') return 'shared';
  // What GitLab's own recipe for dind says is told only to those who ask for more.
  if (profile === 'default' || !jobs) return undefined;
  if (docker && runner.servicesPrivileged.state === 'absent' && servesDind(runner)) return 'too-wide';
  return audienceOf(paired).trusted ? undefined : 'shared';
}

/** Somebody has thought about which images may run here, or be privileged. */
const LISTS = ['allowed_images', 'allowed_privileged_images', 'allowed_privileged_services'];

function isNarrowed({ runner }: RunnerContext['paired']): boolean {
  return LISTS.some(list => runner.setting(`docker.${list}`) ?? runner.setting(`kubernetes.${list}`));
}

function trueAt(value: Known<boolean>): Place | undefined {
  return value.state === 'known' && settled(value) ? value.origin.place : undefined;
}
