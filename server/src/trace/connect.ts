/** Follows a client to the daemon that answers at its endpoint. */
import { settled } from '../model/known.js';
import { checkCertificates, missingVolume } from './certificates.js';
import { plainPath } from './completion.js';
import { type StartedDaemon, viewOf } from './daemon.js';
import type { Endpoint } from './endpoint.js';
import type { ClientEnvironment } from './entrypoints.js';
import { serviceNames } from './names.js';
import { fault, type Run } from './run.js';
import { covers, type DindService } from './scene.js';
import { readVariable } from './script-doubts.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };
const UNKNOWN: DaemonView = { kind: 'unknown', listens: [] };

export function connect(
  run: Run,
  endpoint: Endpoint,
  env: ClientEnvironment,
  daemons: readonly StartedDaemon[],
): DaemonView {
  checkCertificates(run, env, daemons);
  if (endpoint.kind === 'bad') {
    fault(run, 'docker-host-bad-syntax', `DOCKER_HOST cannot be read: ${endpoint.why}.`);
    return NOTHING;
  }
  if (endpoint.kind === 'other') {
    run.unsure.push(`the daemon behind ${endpoint.scheme}://`);
    return { kind: 'remote', listens: [] };
  }
  if (endpoint.kind === 'unix') return connectSocket(run, endpoint.path, daemons);
  const target = daemons.find(({ dind }) => answersTo(run, dind, endpoint.host));
  if (target) return connectDind(run, endpoint, env, target);
  return connectName(run, endpoint.host, daemons);
}

function answersTo(run: Run, dind: DindService, host: string): boolean {
  if (run.way.executor === 'kubernetes' && /^(?:localhost|127\.0\.0\.1)$/.test(host)) return true;
  return serviceNames(dind.service).names.includes(host);
}

function connectSocket(run: Run, path: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { scene, way } = run;
  if (way.socket && way.socket !== 'unseen' && plainPath(way.socket.target) === plainPath(path)) {
    run.because.push({
      message: `The runner puts the socket of its host there.`,
      place: way.socket.origin.place,
    });
    return { kind: 'host-socket', listens: [{ endpoint: `unix://${path}`, tls: 'none' }] };
  }
  const shared = daemons.find(
    ({ outcome }) =>
      outcome.runs === 'dockerd' && outcome.listens.some(listener => listener.endpoint === `unix://${path}`),
  );
  const mounts = scene.runner && settled(scene.runner.runner.mounts);
  if (shared && path !== '/var/run/docker.sock') {
    if (!mounts) run.unsure.push(`whether the runner shares the folder of ${path}`);
    else if (!mounts.some(mount => covers(mount, path))) {
      fault(
        run,
        'dind-socket-not-shared',
        `No volume of the runner covers ${path}, so the socket stays in the dind service.`,
      );
    }
    return viewOf(shared);
  }
  if (way.socket === 'unseen' || !scene.runner) {
    run.unsure.push('whether the runner mounts a docker socket into the job');
    return UNKNOWN;
  }
  if (daemons.length === 0 || scene.host.value !== undefined) {
    // The script may start a daemon of its own, or the image bring one.
    run.unsure.push(`which daemon listens on ${path}`);
    return NOTHING;
  }
  fault(run, 'docker-host-unset-no-entrypoint', `Nothing listens on ${path} in the job.`);
  return NOTHING;
}

function connectName(run: Run, host: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { scene, way } = run;
  const [first] = daemons;
  if (way.executor === 'docker' && /^(?:localhost|127\.0\.0\.1)$/.test(host) && first) {
    fault(
      run,
      'docker-host-localhost-docker-executor',
      'On the Docker executor the dind service is another container, so localhost does not lead to it.',
    );
    return NOTHING;
  }
  const named = scene.services.find(service => serviceNames(service).names.includes(host));
  if (named) {
    run.unsure.push(`what ${named.ref.text.text} listens on`);
    return UNKNOWN;
  }
  const open = scene.services.some(service => !serviceNames(service).complete);
  if (first && !open && host === 'docker' && first.dind.service.ref.prefix !== '') {
    const names = serviceNames(first.dind.service).names.join(', ');
    fault(
      run,
      'service-alias-missing-registry-prefix',
      `No service is called "docker": the dind service is called ${names}.`,
    );
    return NOTHING;
  }
  run.unsure.push(first ? `what ${host} stands for` : `which daemon answers to ${host}`);
  return host.includes('.') ? { kind: 'remote', listens: [] } : UNKNOWN;
}

function connectDind(
  run: Run,
  endpoint: Endpoint & { kind: 'tcp' },
  env: ClientEnvironment,
  target: StartedDaemon,
): DaemonView {
  const view = viewOf(target);
  const { outcome, dind } = target;
  if (outcome.runs !== 'dockerd') return view;
  run.because.push({
    message: `${view.image} listens on ${outcome.listens.map(one => one.endpoint).join(' and ')}.`,
    place: dind.service.origin.place,
  });
  const clientTls = (env.DOCKER_TLS_VERIFY ?? '') !== '';
  const listener = outcome.listens.find(
    one => one.endpoint.startsWith('tcp:') && one.endpoint.endsWith(`:${endpoint.port}`),
  );
  if (outcome.certDir !== undefined && !clientTls && !run.way.certificatesShared && usesEntrypoint(run)) {
    if (listener || run.scene.host.value === undefined) {
      missingVolume(run, `${outcome.certDir}/client`);
      return view;
    }
  }
  if (!listener) closedPort(run, endpoint.port, target);
  else if (listener.tls !== 'none' && !clientTls) {
    fault(
      run,
      'tls-client-not-enabled',
      'The daemon speaks TLS on this port, and nothing turns TLS on for the client.',
    );
  } else if (listener.tls === 'none' && clientTls) {
    fault(
      run,
      'tls-against-plain-daemon',
      'The client asks for TLS, and the daemon speaks plain HTTP on this port.',
    );
  } else if (clientTls) checkName(run, endpoint.host, target);
  return view;
}

function usesEntrypoint(run: Run): boolean {
  return (
    run.way.client.client !== undefined &&
    run.way.client.entrypointKept &&
    run.way.executor === 'docker' &&
    !run.way.client.verify &&
    !run.way.client.certPath
  );
}

function closedPort(run: Run, port: number, { dind, outcome }: StartedDaemon): void {
  if (outcome.runs !== 'dockerd') return;
  const tls = outcome.certDir !== undefined;
  const message = `This dind service listens on ${tls ? 2376 : 2375} only.`;
  const related = [{ message, place: dind.service.origin.place }];
  const at = run.scene.host.place ?? dind.service.origin.place;
  if (outcome.listens.some(({ endpoint }) => /^tcp:\/\/[^:]*$/.test(endpoint))) {
    run.unsure.push('the port of an address of the daemon that names none');
  } else if (port === 2375 && tls) {
    const because = 'The dind service makes certificates and listens on 2376 only; nothing answers on 2375.';
    run.faults.push({ id: 'tls-port-mismatch-2375', fatal: true, place: at, because, related });
  } else if (port === 2376 && !tls) {
    const because =
      'The dind service makes no certificates and listens on 2375 only; nothing answers on 2376.';
    run.faults.push({ id: 'tls-port-mismatch-2376', fatal: true, place: at, because, related });
  } else run.unsure.push(`what answers on port ${port}`);
}

/** Names in the server certificate: docker, localhost, the container's own, and DOCKER_TLS_SAN. */
function checkName(run: Run, host: string, { dind }: StartedDaemon): void {
  const san = readVariable(dind.service.variables, 'DOCKER_TLS_SAN');
  if (san.why) {
    run.unsure.push(`DOCKER_TLS_SAN (${san.why})`);
    return;
  }
  const names = (san.value ?? '').split(',').map(name => name.trim().replace(/^(?:DNS|IP):/, ''));
  if (host === 'docker' || host === 'localhost' || names.includes(host)) return;
  if (/^[\d.]+$|^\[/.test(host)) run.unsure.push(`whether the certificate covers ${host}`);
  else
    fault(
      run,
      'tls-san-mismatch',
      `The daemon's certificate is made for docker and localhost, not for ${host}.`,
    );
}
