/** Follows a client to whatever answers at its endpoint. */
import type { Service } from '../model/build-site.js';
import { show } from '../model/text.js';
import { checkCertificates } from './certificates.js';
import { ownSocket } from './completion.js';
import { connectFromContainer, connectOwnSocket } from './connect-container.js';
import { connectDind } from './connect-dind.js';
import { connectName } from './connect-name.js';
import { connectPublished } from './connect-published.js';
import { connectSocket } from './connect-socket.js';
import type { StartedDaemon } from './daemon.js';
import type { Endpoint } from './endpoint.js';
import { checkHttpProxy } from './http-proxy.js';
import { letsWrite, listensToOthers, proxyLets } from './proxy-switches.js';
import { type Dial, fault, isLoopback } from './run.js';
import { dockerWords } from './tools.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };

export function connect(dial: Dial, endpoint: Endpoint, daemons: readonly StartedDaemon[]): DaemonView {
  if (endpoint.kind === 'tcp' && dial.way.executor === 'shell' && dial.scene.runner?.runner.servicesOnHost)
    return connectPublished(dial, endpoint, daemons);
  const service = endpoint.kind === 'tcp' ? serviceAt(dial, endpoint, daemons) : undefined;
  const target = daemons.find(({ dind }) => dind.service === service);
  checkCertificates(dial, daemons, target);
  if (endpoint.kind === 'bad') {
    fault(dial, 'docker-host-bad-syntax', `DOCKER_HOST cannot be read: ${endpoint.why}.`);
    return NOTHING;
  }
  if (endpoint.kind === 'other') {
    dial.unsure.push(`the daemon behind ${endpoint.scheme}://`);
    return { kind: 'remote', listens: [] };
  }
  const self = dial.scene.site.self?.container;
  if (endpoint.kind === 'unix')
    return self
      ? connectOwnSocket(dial, self, endpoint.path, daemons)
      : connectSocket(dial, endpoint.path, daemons);
  if (service) dial.reached = service;
  if (target) {
    checkHttpProxy(dial, endpoint.host, endpoint.port);
    return connectDind(dial, endpoint, target);
  }
  if (service && dial.scene.proxies.includes(service)) return connectProxy(dial, endpoint, service);
  return self
    ? connectFromContainer(dial, self, endpoint.host, service, daemons)
    : connectName(dial, endpoint.host, service, daemons);
}

/** The service that a name leads to; in a pod the one that has the port, whatever its name. */
function serviceAt(
  { roll, way, scene }: Dial,
  { host, port }: Endpoint & { kind: 'tcp' },
  daemons: readonly StartedDaemon[],
): Service | undefined {
  const several = roll.shared.get(host.toLowerCase());
  if (several) return oneOf(several, port, daemons, scene.proxies);
  const named = roll.byName.get(host.toLowerCase());
  if (way.executor !== 'kubernetes' || (!named && !isLoopback(host))) return named;
  const listening = daemons.find(
    ({ outcome }) =>
      outcome.runs === 'dockerd' &&
      outcome.listens.some(one => one.endpoint.startsWith('tcp:') && one.endpoint.endsWith(`:${port}`)),
  );
  const known = named && [...daemons.map(({ dind }) => dind.service), ...scene.proxies].includes(named);
  return listening?.dind.service ?? (known ? named : (daemons[0]?.dind.service ?? scene.proxies[0] ?? named));
}

/**
 * Of containers that share a network namespace, and so all their names, the one that has the port. Of others that share
 * a name, any may answer.
 */
function oneOf(
  services: readonly Service[],
  port: number,
  daemons: readonly StartedDaemon[],
  proxies: readonly Service[],
): Service | undefined {
  if (new Set(services.map(({ container }) => container?.names.join())).size > 1) return undefined;
  const serving = services.filter(
    one => proxies.includes(one) || daemons.some(({ dind }) => dind.service === one),
  );
  const listening = serving.filter(one => {
    const outcome = daemons.find(({ dind }) => dind.service === one)?.outcome;
    const listens = outcome?.runs === 'dockerd' ? outcome.listens : [];
    return listens.some(({ endpoint }) => endpoint.startsWith('tcp:') && endpoint.endsWith(`:${port}`));
  });
  const [one, more] = listening.length > 0 ? listening : serving;
  return more ? undefined : one;
}

/** A proxy needs the socket of the host, which reaches services as it reaches jobs. */
function connectProxy(dial: Dial, endpoint: Endpoint & { kind: 'tcp' }, service: Service): DaemonView {
  const image = show(service.ref.text);
  const { place } = service.origin;
  dial.because.push({ message: `${image} leads to the socket of the host, without TLS.`, place });
  if (dial.client.tls !== 'none') {
    const because = 'The client asks for TLS, and the socket proxy speaks plain HTTP.';
    fault(dial, 'tls-against-plain-daemon', because, { related: [{ message: 'The socket proxy.', place }] });
  }
  checkHttpProxy(dial, endpoint.host, endpoint.port);
  if (endpoint.port !== 2375) dial.unsure.push(`what listens on port ${endpoint.port} of ${image}`);
  if (!listensToOthers(service)) dial.unsure.push(`whether ${image} listens to other containers`);
  const socket = service.container ? ownSocket(service.container) : dial.way.socket;
  if (socket === 'unseen') dial.unsure.push('whether the socket of the host is given to services');
  else if (!socket) dial.unsure.push('how the socket of the host comes to the socket proxy');
  const reads = service.container !== undefined && dial.use.commands.length === 0;
  const lets = dial.use.commands.map(command => proxyLets(service, dockerWords(command)));
  if (reads || (lets.length === 0 ? letsWrite(service) : lets.every(Boolean))) return proxied(image);
  dial.unsure.push(
    lets.includes(false)
      ? `how this gets past ${image}, which refuses it`
      : `which commands ${image} lets through`,
  );
  return proxied(image);
}

function proxied(image: string): DaemonView {
  return { kind: 'socket-proxy', image, listens: [{ endpoint: 'tcp://0.0.0.0:2375', tls: 'none' }] };
}
