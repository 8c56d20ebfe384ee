/** Follows a client in a container of its own, such as a Compose service, to a host name or a socket. */
import type { Container, Service } from '../model/build-site.js';
import type { Place } from '../model/known.js';
import { show } from '../model/text.js';
import { type StartedDaemon, viewOf } from './daemon.js';
import { type Dial, fault, isChosen, isLoopback } from './run.js';
import { sharesFolder } from './shared-folders.js';
import { mountAt, plainPath } from './sharing.js';
import { hasGroup } from './socket-mounts.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };
const UNKNOWN: DaemonView = { kind: 'unknown', listens: [] };

/** A host that is none of the daemons and proxies in reach. */
export function connectFromContainer(
  dial: Dial,
  self: Container,
  host: string,
  named: Service | undefined,
  daemons: readonly StartedDaemon[],
): DaemonView {
  if (dial.roll.shared.has(host.toLowerCase())) {
    dial.unsure.push(`which of the services that are called ${host} answers`);
    return UNKNOWN;
  }
  if (named) {
    dial.unsure.push(`what ${named.container?.name ?? show(named.ref.text)} listens on`);
    return UNKNOWN;
  }
  if (self.openNames !== undefined && isLoopback(host)) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return UNKNOWN;
  }
  if (self.openNames !== undefined || /[.:]/.test(host.replace(/^127\..*/, ''))) {
    dial.unsure.push(`which daemon answers to ${host}${self.openNames ? `: ${self.openNames}` : ''}`);
    return { kind: 'remote', listens: [] };
  }
  if (isLoopback(host)) return ownHost(dial, host, daemons);
  return nobody(dial, host, daemons);
}

/** Another container is not on localhost. */
function ownHost(dial: Dial, host: string, daemons: readonly StartedDaemon[]): DaemonView {
  const [first] = inReach(daemons);
  if (!first || dial.scene.ownDaemon || !isChosen(dial)) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return UNKNOWN;
  }
  const related = [{ message: 'The dind service.', place: first.dind.service.origin.place }];
  const because = 'The dind service is another container, so localhost does not lead to it.';
  fault(dial, 'docker-host-localhost-docker-executor', because, { related });
  return NOTHING;
}

function inReach(daemons: readonly StartedDaemon[]): readonly StartedDaemon[] {
  return daemons.filter(({ dind }) => (dind.service.container?.names.length ?? 0) > 0);
}

/** No service in reach has the name. Other files may bring one, unless a daemon shows what was meant. */
function nobody(dial: Dial, host: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { scene, roll } = dial;
  const apart = scene.services.find(({ container }) => container?.namesElsewhere.includes(host));
  const meant = inReach(daemons)[0]?.dind.service ?? scene.proxies.find(one => one.container?.names.length);
  if (!isChosen(dial) || (!apart && !meant)) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return UNKNOWN;
  }
  const names = [...roll.byName.keys()].join(', ');
  const because = apart
    ? `${apart.container?.name} is called ${host} in networks that this service is not in.`
    : `No service is called ${host}: the names are ${names}.`;
  const place = (apart ?? meant)?.origin.place;
  fault(dial, 'docker-host-name-not-a-service', because, {
    related: place ? [{ message: apart ? 'The service.' : 'The daemon.', place }] : [],
  });
  return NOTHING;
}

/** A unix socket: one of the host, or one that a daemon beside it puts on a shared volume. */
export function connectOwnSocket(
  dial: Dial,
  self: Container,
  path: string,
  daemons: readonly StartedDaemon[],
): DaemonView {
  const shared = daemons.find(({ dind, outcome }) =>
    socketsOf(outcome).some(
      socket => !isCovered(dind.service, socket) && sharesFolder(dial, dind.service, socket, path),
    ),
  );
  if (shared) {
    dial.reached = shared.dind.service;
    note(dial, `A volume brings ${path} from the dind service.`, mountAt(self, path)?.origin.place);
    return viewOf(shared);
  }
  const mount = mountAt(self, path);
  if (!mount && isLeftAlone(dial, self, daemons)) return NOTHING;
  if (!mount || mount.source === undefined) {
    dial.unsure.push(`which daemon listens on ${path}`);
    return mount || self.mounts.state === 'unknown' ? UNKNOWN : NOTHING;
  }
  if (!isHostSocket(mount.source, mount.target, path)) {
    dial.unsure.push(`what lies in ${mount.source}`);
    return UNKNOWN;
  }
  note(dial, 'The socket of the host is mounted there.', mount.origin.place);
  if (self.hostDoubt !== undefined) dial.unsure.push(self.hostDoubt);
  if (self.user.state === 'unknown' && !hasGroup(self))
    dial.unsure.push(`whether its user may use the socket: ${self.user.why}`);
  return { kind: 'host-socket', listens: [{ endpoint: `unix://${path}`, tls: 'none' }] };
}

/** Docker's own image in a pod with a dind, whose commands nobody points to it. */
function isLeftAlone(dial: Dial, self: Container, daemons: readonly StartedDaemon[]): boolean {
  const { way, use, scene } = dial;
  const beside = daemons.find(({ dind }) => dind.service.container?.names.includes('localhost'));
  const client = way.client.client;
  if (!beside || !client || client.mirrored || isChosen(dial) || scene.ownDaemon) return false;
  if (self.mounts.state === 'unknown' || use.commands.length === 0) return false;
  const { place } = beside.dind.service.origin;
  const because =
    'DOCKER_HOST is not set, so docker looks for a socket in its own container, and the dind is another one of the pod.';
  fault(dial, 'jenkins-k8s-pod-dind', because, { related: [{ message: 'The dind container.', place }] });
  return true;
}

function note({ because }: Dial, message: string, place: Place | undefined): void {
  because.push({ message, ...(place ? { place } : {}) });
}

/** Another socket is mounted in its place. */
function isCovered({ container }: Service, socket: string): boolean {
  const mount = container && mountAt(container, socket);
  return mount !== undefined && plainPath(mount.target) === plainPath(socket);
}

function socketsOf(outcome: StartedDaemon['outcome']): readonly string[] {
  const listens = outcome.runs === 'dockerd' ? outcome.listens : [];
  return listens.flatMap(({ endpoint }) => /^unix:\/\/(.+)$/.exec(endpoint)?.[1] ?? []);
}

/** The socket itself, under whatever name, or the folder that it lies in on every host. */
export function isHostSocket(source: string, target: string, path: string): boolean {
  if (/^(?:volume|external|anonymous|tmpfs):/.test(source)) return false;
  const rest = plainPath(path).slice(plainPath(target).length);
  if (rest === '') return true;
  return /^\/run\/(?:user\/\d+\/)?(?:docker|podman\/podman)\.sock$/.test(plainPath(`${source}${rest}`));
}
