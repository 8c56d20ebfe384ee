/** Follows a client to whatever answers at its endpoint. */
import type { Service } from '../model/build-site.js';
import { show } from '../model/text.js';
import { checkCertificates } from './certificates.js';
import { connectDind } from './connect-dind.js';
import { connectName } from './connect-name.js';
import { connectSocket } from './connect-socket.js';
import type { StartedDaemon } from './daemon.js';
import type { Endpoint } from './endpoint.js';
import { checkHttpProxy } from './http-proxy.js';
import { type Dial, fault, isLoopback } from './run.js';
import { letsWrite } from './socket-proxy.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };

export function connect(dial: Dial, endpoint: Endpoint, daemons: readonly StartedDaemon[]): DaemonView {
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
  if (endpoint.kind === 'unix') return connectSocket(dial, endpoint.path, daemons);
  if (target) {
    checkHttpProxy(dial, endpoint.host, endpoint.port);
    return connectDind(dial, endpoint, target);
  }
  if (service && dial.scene.proxies.includes(service)) return connectProxy(dial, endpoint, service);
  return connectName(dial, endpoint.host, service, daemons);
}

/** The service that a name leads to; in a pod the one that has the port, whatever its name. */
function serviceAt(
  { roll, way, scene }: Dial,
  { host, port }: Endpoint & { kind: 'tcp' },
  daemons: readonly StartedDaemon[],
): Service | undefined {
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
  if (dial.way.socket === 'unseen')
    dial.unsure.push('whether the runner gives the socket of its host to services');
  else if (!dial.way.socket) dial.unsure.push('how the socket of the host comes to the socket proxy');
  if (letsWrite(service) !== true) dial.unsure.push(`which commands ${image} lets through`);
  return { kind: 'socket-proxy', image, listens: [{ endpoint: 'tcp://0.0.0.0:2375', tls: 'none' }] };
}
