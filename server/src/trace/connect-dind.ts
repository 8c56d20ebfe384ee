/** Follows a client to a dind service: port, TLS, certificates, version. */
import { ABSENT, type Place, settled } from '../model/known.js';
import { missingVolume } from './certificates.js';
import { type StartedDaemon, viewOf } from './daemon.js';
import { daemonArguments } from './daemon-arguments.js';
import type { Endpoint } from './endpoint.js';
import { imageCertDir, type Listener } from './entrypoints.js';
import { type Dial, dialPlace, fault, isChosen, isLoopback } from './run.js';
import { keepsFolder } from './shared-folders.js';
import type { DaemonView } from './types.js';
import { readVariable } from './variables.js';
import { checkVersions } from './versions.js';

type Running = StartedDaemon['outcome'] & { readonly runs: 'dockerd' };

export function connectDind(
  dial: Dial,
  endpoint: Endpoint & { kind: 'tcp' },
  target: StartedDaemon,
): DaemonView {
  const view = viewOf(target);
  const { outcome, dind } = target;
  if (outcome.runs !== 'dockerd') return view;
  dial.because.push({
    message: `${view.image} listens on ${outcome.listens.map(one => one.endpoint).join(' and ')}.`,
    place: dind.service.origin.place,
  });
  const listener = listenerAt(dial, outcome, endpoint.port, target);
  const speaksTls = dial.client.tls !== 'none';
  const folder = outcome.certDir === undefined ? undefined : `${outcome.certDir}/client`;
  const lacks = folder !== undefined && !keepsFolder(dial, dind.service, folder, ownFolder(dial) ?? folder);
  if (folder !== undefined && !speaksTls && lacks && getsTlsByItself(dial)) {
    if (listener || !isChosen(dial)) {
      missingVolume(dial, folder, dial.client.host.place, dind.service);
      return view;
    }
  }
  checkFlags(dial, endpoint.port, target, outcome);
  if (!listener) closedPort(dial, endpoint.port, target, outcome);
  else checkTls(dial, endpoint, listener, target);
  checkVersions(dial, target);
  return view;
}

/** Where the entrypoint of the client's image looks for certificates. */
function ownFolder({ way: { client } }: Dial): string | undefined {
  const dir = client.certDir ?? (client.client && imageCertDir(client.client.version));
  return dir ? `${dir}/client` : undefined;
}

/** Addresses of the daemon's own container are closed to others, but not where they share a network, as in a pod. */
function listenerAt(
  { way }: Dial,
  { listens }: Running,
  port: number,
  { dind }: StartedDaemon,
): Listener | undefined {
  const isShared = way.executor === 'kubernetes' || dind.service.container?.names.includes('localhost');
  return listens.find(({ endpoint }) => {
    const [, host = '', at] = /^tcp:\/\/(.*):(\d+)$/.exec(endpoint) ?? [];
    return Number(at) === port && (isShared || !isLoopback(host));
  });
}

/** The entrypoint of the image turns TLS on where it finds certificates and nobody says otherwise. */
function getsTlsByItself({ way, use, scene }: Dial): boolean {
  const { variables, flags } = use.settings;
  const scripted = ['DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'].some(name => variables.bindings.has(name));
  return (
    way.client.client !== undefined &&
    way.client.entrypointKept &&
    way.runsEntrypoint &&
    !way.client.verify &&
    !way.client.certPath &&
    !scripted &&
    !flags.context &&
    scene.dinds.length > 0
  );
}

/** Flags of the daemon that were meant to let a client in without TLS, and do not. */
function checkFlags(dial: Dial, port: number, target: StartedDaemon, outcome: Running): void {
  const { dind } = target;
  const words = daemonArguments(dind.service) ?? [];
  const isPlain = dial.client.tls === 'none';
  if (outcome.certDir === undefined || (!isPlain && port !== 2375)) return;
  const place = argumentsPlace(dind.service);
  const added = listenerAt(dial, outcome, 2375, target) !== undefined;
  if ((isPlain || !added) && words.some(word => /^--tls=(?:false|0|f|F|FALSE|False)$/.test(word))) {
    const because = 'The dind service makes certificates, and then --tls=false does not turn TLS off.';
    fault(dial, 'tls-flag-has-no-effect', because, { place, related: dialled(dial) });
  }
  if (isPlain && port === 2375 && added) {
    const because = 'The dind service makes certificates, so the port that --host adds speaks TLS as well.';
    fault(dial, 'extra-host-flag-still-tls', because, { place, related: dialled(dial) });
  }
}

function dialled(dial: Dial) {
  return [{ message: 'This is what docker dials.', place: dialPlace(dial) }];
}

function argumentsPlace({ command, entrypoint, origin }: StartedDaemon['dind']['service']): Place {
  if (command.state === 'known') return command.origin.place;
  return entrypoint.state === 'known' ? entrypoint.origin.place : origin.place;
}

function closedPort(dial: Dial, port: number, { dind }: StartedDaemon, outcome: Running): void {
  const tcp = outcome.listens.filter(({ endpoint }) => endpoint.startsWith('tcp:'));
  const tls = outcome.certDir !== undefined;
  const related = [
    { message: `This dind service listens on ${tls ? 2376 : 2375} only.`, place: dind.service.origin.place },
  ];
  if (tcp.some(({ endpoint }) => /^tcp:\/\/[^:]*$/.test(endpoint))) {
    dial.unsure.push('the port of an address of the daemon that names none');
  } else if (outcome.bare && tcp.length === 0) {
    const because =
      'The dind service starts dockerd without its script and without --host, so it listens on no port, only on its own socket.';
    const place = argumentsPlace(dind.service);
    fault(dial, 'dind-entrypoint-replaced', because, { place, related: dialled(dial) });
  } else if (port === 2375 && tls) {
    const because = 'The dind service makes certificates and listens on 2376 only; nothing answers on 2375.';
    fault(dial, 'tls-port-mismatch-2375', because, { related });
  } else if (port === 2376 && !tls && !outcome.bare) {
    const because =
      'The dind service makes no certificates and listens on 2375 only; nothing answers on 2376.';
    fault(dial, 'tls-port-mismatch-2376', because, { related });
  } else {
    const open = tcp.map(({ endpoint }) => endpoint.replace(/^.*:/, '')).join(' and ');
    dial.unsure.push(`what answers on port ${port}: the dind service listens on ${open} only`);
  }
}

function checkTls(
  dial: Dial,
  endpoint: Endpoint & { kind: 'tcp' },
  listener: Listener,
  target: StartedDaemon,
): void {
  const { tls } = dial.client;
  const related = [{ message: 'The dind service.', place: target.dind.service.origin.place }];
  if (listener.tls !== 'none' && tls === 'none') {
    const because = 'The daemon speaks TLS on this port, and nothing turns TLS on for the client.';
    fault(dial, 'tls-client-not-enabled', because, { related });
  } else if (listener.tls === 'none' && tls !== 'none') {
    const because = 'The client asks for TLS, and the daemon speaks plain HTTP on this port.';
    fault(dial, 'tls-against-plain-daemon', because, { related });
  } else if (tls === 'verify') checkName(dial, endpoint.host.toLowerCase(), target);
}

/** Names in the server certificate: docker, localhost, the container's own, and DOCKER_TLS_SAN. */
function checkName(dial: Dial, host: string, { dind }: StartedDaemon): void {
  const san = readVariable(dind.service.variables, 'DOCKER_TLS_SAN');
  if (san.why) {
    dial.unsure.push(`DOCKER_TLS_SAN (${san.why})`);
    return;
  }
  const { hostname } = dind.service.container ?? {};
  if (hostname?.state === 'unknown') {
    dial.unsure.push('the hostname of the dind service');
    return;
  }
  const own = settled(hostname ?? ABSENT);
  const names = [
    ...(san.value ?? '').split(/[\s,]+/).map(name => name.replace(/^(?:DNS|IP):/, '')),
    ...(own === undefined ? [] : [own.toLowerCase(), own.replace(/\..*$/, '').toLowerCase()]),
  ];
  if (host === 'docker' || isLoopback(host) || names.some(name => covers(name, host))) return;
  if (/^[\d.]+$|^\[/.test(host)) dial.unsure.push(`whether the certificate covers ${host}`);
  else {
    const because = `The daemon's certificate is made for docker and localhost, not for ${host}.`;
    const related = [{ message: 'The dind service.', place: dind.service.origin.place }];
    fault(dial, 'tls-san-mismatch', because, { related });
  }
}

function covers(name: string, host: string): boolean {
  return name === host || (name.startsWith('*.') && host.replace(/^[^.]*/, '*') === name);
}
