/** Follows a client that runs on the host itself to services in containers beside it, by the ports that they publish. */
import type { Service } from '../model/build-site.js';
import { show } from '../model/text.js';
import { checkCertificates } from './certificates.js';
import { connectDind } from './connect-dind.js';
import type { StartedDaemon } from './daemon.js';
import type { Endpoint } from './endpoint.js';
import { type Dial, fault, isLoopback } from './run.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };
const UNKNOWN: DaemonView = { kind: 'unknown', listens: [] };

/** Names of services lead nowhere there: they are those of a network that only containers are in. */
export function connectPublished(
  dial: Dial,
  endpoint: Endpoint & { kind: 'tcp' },
  daemons: readonly StartedDaemon[],
): DaemonView {
  const { host, port } = endpoint;
  if (!isLoopback(host)) return byName(dial, endpoint);
  const { services, servicesKnown } = dial.scene;
  const found = services.flatMap(service => {
    const open = service.container?.ports.find(one => one.published === port);
    return open ? [{ service, target: open.target }] : [];
  })[0];
  const target = daemons.find(({ dind }) => dind.service === found?.service);
  checkCertificates(dial, daemons, target);
  if (found?.target !== undefined && target) {
    dial.reached = target.dind.service;
    return connectDind(dial, { ...endpoint, port: found.target }, target);
  }
  if (found) {
    dial.unsure.push(`what ${show(found.service.ref.text)} listens on`);
    return UNKNOWN;
  }
  const [first] = daemons;
  const settledPorts = services.every(({ container }) =>
    container?.ports.every(one => one.published !== undefined),
  );
  if (!first || !servicesKnown || !settledPorts || dial.scene.ownDaemon) {
    dial.unsure.push(`which daemon answers to ${host}:${port} of the machine`);
    return UNKNOWN;
  }
  const because = `No service publishes port ${port} on the machine that the job runs on.`;
  notReachable(dial, because, first.dind.service);
  return NOTHING;
}

function byName(dial: Dial, { host }: Endpoint & { kind: 'tcp' }): DaemonView {
  const meant = dial.scene.services.find(({ container }) => container?.namesElsewhere.includes(host));
  if (!meant) {
    dial.unsure.push(`which daemon answers to ${host}`);
    return { kind: 'remote', listens: [] };
  }
  const because = `The job runs on the machine itself, where nothing is called ${host}: only containers find services by their names.`;
  notReachable(dial, because, meant);
  return NOTHING;
}

function notReachable(dial: Dial, because: string, service: Service): void {
  const related = [{ message: 'The service that is meant.', place: service.origin.place }];
  fault(dial, 'gh-dind-hostname', because, { related });
}
