/** Follows a client to a host that is no daemon we see: a name of no service, another machine, nothing at all. */
import type { Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { show } from '../model/text.js';
import type { StartedDaemon } from './daemon.js';
import { serviceNames } from './names.js';
import { type Dial, dialPlace, fault, isChosen, isLoopback } from './run.js';
import { namesHosts, ownNetwork, runsOnPodman } from './runner-facts.js';
import type { DaemonView, Step } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };
const UNKNOWN: DaemonView = { kind: 'unknown', listens: [] };

export function connectName(
  dial: Dial,
  host: string,
  named: Service | undefined,
  daemons: readonly StartedDaemon[],
): DaemonView {
  const { way } = dial;
  if (named && way.executor !== 'shell') {
    dial.unsure.push(`what ${show(named.ref.text)} listens on`);
    return UNKNOWN;
  }
  if (way.executor === 'shell') return fromHost(dial, host);
  if (way.executor === 'docker' && isLoopback(host)) return fromContainer(dial, host, daemons);
  if (host.includes('.') || host.includes(':')) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return { kind: 'remote', listens: [] };
  }
  return isNobody(dial, host, daemons) ? NOTHING : open(dial, host, daemons);
}

/** The shell executor starts no services, so their names are not there. */
function fromHost(dial: Dial, host: string): DaemonView {
  const declared = settled(dial.scene.site.services) ?? [];
  const meant = declared.find(service => serviceNames(service).names.includes(host));
  if (host === 'docker' || meant) {
    const because = `The shell executor runs no services, so nothing is called ${host} there.`;
    const related = meant ? [{ message: 'This service is not started.', place: meant.origin.place }] : [];
    fault(dial, 'docker-host-name-not-a-service', because, { related });
    return NOTHING;
  }
  dial.unsure.push(`which daemon answers to ${host}`);
  return isLoopback(host) ? UNKNOWN : { kind: 'remote', listens: [] };
}

function fromContainer(dial: Dial, host: string, daemons: readonly StartedDaemon[]): DaemonView {
  const network = ownNetwork(dial.scene.runner?.runner);
  const [first] = daemons;
  if (!first || dial.scene.ownDaemon || network !== undefined) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return UNKNOWN;
  }
  const related = [{ message: 'The dind service.', place: first.dind.service.origin.place }];
  const because = 'The dind service is another container than the job, so localhost does not lead to it.';
  fault(dial, 'docker-host-localhost-docker-executor', because, { related });
  return NOTHING;
}

/** Notes the fault if it is sure that nobody has the name. */
function isNobody(dial: Dial, host: string, daemons: readonly StartedDaemon[]): boolean {
  const { scene, roll } = dial;
  const runner = scene.runner?.runner;
  if (roll.mayHave(host) || (runner && namesHosts(runner)) || runsOnPodman(runner)) return false;
  const [first] = daemons;
  if (first && host === 'docker' && first.dind.service.ref.prefix !== '') {
    const names = serviceNames(first.dind.service).names.join(', ') || 'after its whole path';
    const because = `No service is called "docker": the dind service is called ${names}.`;
    const related = [{ message: 'The dind service.', place: first.dind.service.origin.place }];
    fault(dial, 'service-alias-missing-registry-prefix', because, { related });
    return true;
  }
  // Without the variable it is the image that chose the name.
  if (!isChosen(dial)) return false;
  const { services } = scene.site;
  if (host === 'docker' && services.state === 'known' && scene.services.length === 0) {
    const because = 'The services of the job are empty, so none is called docker.';
    const related = [{ message: 'No services.', place: services.origin.place }];
    fault(dial, 'services-empty-with-docker', because, { related });
    return true;
  }
  // Any other single word may be a machine of the network, unless a dind service shows what was meant.
  const isMeant = first !== undefined || (host === 'docker' && dial.way.executor === 'docker' && runner);
  if (!isMeant) return false;
  const names = [...roll.byName.keys()].join(', ');
  const because = `No service is called ${host}${names === '' ? '' : `: the names are ${names}`}.`;
  const related = first ? [{ message: 'The dind service.', place: first.dind.service.origin.place }] : [];
  fault(dial, 'docker-host-name-not-a-service', because, { related });
  return true;
}

function open(dial: Dial, host: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { scene } = dial;
  if (daemons.length > 0) {
    dial.unsure.push(`what ${host} stands for`);
    return UNKNOWN;
  }
  if (!isChosen(dial) && bringsNothing(dial)) {
    const because =
      'The job has no dind service, DOCKER_HOST is not set, and the runner brings neither a daemon nor a socket.';
    const related = scene.runner ? [{ message: 'The runner.', place: scene.runner.runner.place }] : [];
    fault(dial, 'no-daemon-at-all', because, { related: [...related, ...contextOf(dial)] });
    return NOTHING;
  }
  dial.unsure.push(
    scene.runner && dial.way.socket !== 'unseen'
      ? `which daemon answers to ${host}: neither the job nor the runner has a dind service, or mounts a socket`
      : `which daemon answers to ${host}: the job has no dind service, and the runner may bring one or mount a socket`,
  );
  if (!isChosen(dial)) {
    const because = 'The job has no dind service, DOCKER_HOST is not set, and no socket is in view.';
    const id = 'no-daemon-at-all';
    const place = dialPlace(dial);
    dial.faults.push({ id, fatal: true, doubtful: true, place, because, related: [] });
  }
  return UNKNOWN;
}

function contextOf({ client: { passedOver } }: Dial): readonly Step[] {
  const message = 'This choice does not count, for the docker image sets DOCKER_HOST.';
  return passedOver ? [{ message, place: passedOver.place }] : [];
}

/** All is known of the runner, and there is nothing in it that a client could reach. */
function bringsNothing({ scene, way, roll }: Dial): boolean {
  const runner = scene.runner?.runner;
  return (
    runner !== undefined &&
    way.executor === 'docker' &&
    way.socket === undefined &&
    runner.mounts.state !== 'unknown' &&
    runner.services.state !== 'unknown' &&
    scene.site.services.state !== 'unknown' &&
    roll.byName.size === 0 &&
    roll.complete &&
    !scene.ownDaemon &&
    !namesHosts(runner) &&
    !runsOnPodman(runner)
  );
}
