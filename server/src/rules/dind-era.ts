/** Which dind a job works with, for rules on what it cannot do. */

import type { Service } from '../model/build-site.js';
import { type Place, settled } from '../model/known.js';
import { type DockerImage, dindServices, dockerImage } from '../trace/docker-image.js';
import type { SiteContext } from './define.js';
import type { Surety } from './surety.js';

/** The dind service that a job reaches, and how sure that is. */
export interface ReachedDind {
  readonly service: Service;
  readonly image: DockerImage;
  readonly surety: Pick<Surety, 'severity' | 'confidence'>;
}

const SURE = { severity: 'error', confidence: 'high' } as const;
const LIKELY = { severity: 'warning', confidence: 'medium' } as const;

/**
 * The one dind service of the job, if docker goes to it on every runner that the job may run on. Certain when the job
 * dials it by name; where nothing is said, a socket of the runner may be in front of it.
 */
export function reachedDind({ site, blind, paired, runners }: SiteContext): ReachedDind | undefined {
  const own = site.self ? [...new Set(blind.flatMap(({ reached }) => reached?.service ?? []))] : undefined;
  const [service, ...others] = own ?? dindServices(site);
  const image = service && dockerImage(service.ref);
  const traces = paired.length > 0 ? paired : blind;
  if (!service || !image || others.length > 0 || traces.length === 0) return undefined;
  if (!traces.every(({ decided, daemon }) => decided && /^dind/.test(daemon.kind))) return undefined;
  const byName = settled(site.env.get('DOCKER_HOST'))?.text.startsWith('tcp:') === true;
  const dialled = traces.every(({ client }) => client?.endpoint?.startsWith('tcp:'));
  const lonely = runners.some(({ how }) => how === 'only-one');
  const sure = !image.mirrored && dialled && (byName || !lonely);
  return { service, image, surety: sure ? SURE : LIKELY };
}

/** A daemon that cannot do what came with docker 29, in the words of a message. */
export interface OldDaemon {
  readonly name: string;
  readonly place: Place;
  readonly surety: ReachedDind['surety'];
}

/** The daemon that the job reaches, if it is older than 29.0: its dind service, or that of a hosted machine. */
export function daemonBefore29(context: SiteContext): OldDaemon | undefined {
  const dind = dindBefore29(context);
  if (dind) return { name: 'its dind service', place: dind.service.origin.place, surety: dind.surety };
  const traces = context.paired.length > 0 ? context.paired : context.blind;
  const runner = context.site.runsOn?.paired.runner;
  const version = runner?.engine;
  const hosted = traces.length > 0 && traces.every(one => one.decided && one.daemon.kind === 'hosted');
  if (!runner || !version || !hosted || Number.parseInt(version, 10) >= 29) return undefined;
  // Machines are replaced by newer ones without notice.
  return { name: `docker ${version} of ${runner.name}`, place: runner.place, surety: LIKELY };
}

/** The reached dind if it is older than 29.0. Since then its images lie in the containerd store. */
export function dindBefore29(context: SiteContext): ReachedDind | undefined {
  const dind = reachedDind(context);
  if (!dind?.image.version || dind.image.version.major >= 29 || switchesStore(dind.service)) return undefined;
  return dind;
}

/** dockerd --feature containerd-snapshotter=true, or a file of settings of its own. */
function switchesStore({ command, entrypoint }: Service): boolean {
  if (command.state === 'unknown' || entrypoint.state !== 'absent') return true;
  return (settled(command) ?? []).some(word => /containerd|--feature|--config-file/.test(word));
}
