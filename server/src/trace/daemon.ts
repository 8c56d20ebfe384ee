/** Starts the dind services of a job, in thought: what they listen on, and what kills them. */

import { comparable } from '../catalog/docker-tags.js';
import { DRIVER_REMOVED_IN } from '../catalog/storage-drivers.js';
import { kept } from '../model/kept.js';
import { ABSENT, type Place, settled } from '../model/known.js';
import { isLiteral, show } from '../model/text.js';
import { socketMount } from './completion.js';
import { daemonArguments, dropsHost, valuesOf } from './daemon-arguments.js';
import { type DaemonOutcome, eraOf, imageCertDir, startDaemon } from './entrypoints.js';
import { letsDockerdRun, privilegePlace } from './privilege.js';
import type { FoundFault, Run } from './run.js';
import type { DindService } from './scene.js';
import type { DaemonView } from './types.js';

/** Variables that the entrypoint of a dind service looks at. */
const DAEMON_VARIABLES = ['DOCKER_TLS_CERTDIR', 'DOCKER_HOST', 'DOCKER_TLS_SAN', 'XDG_RUNTIME_DIR'] as const;

/** A daemon container and what its start came to. */
export interface StartedDaemon {
  readonly dind: DindService;
  readonly outcome: DaemonOutcome;
}

/** The environment a dind service sees: its own variables, the job's, and what its image sets. */
export const daemonEnvironment = kept((dind: DindService): Readonly<Record<string, string>> => {
  const env: Record<string, string> = {};
  const fallback = imageCertDir(dind.image.version);
  if (fallback !== undefined) env.DOCKER_TLS_CERTDIR = fallback;
  for (const name of DAEMON_VARIABLES) {
    const value = settled(dind.service.variables.get(name));
    if (name === 'DOCKER_HOST' && dropsHost(dind.service)) continue;
    // Of a value that is not known nothing is said; those that decide are asked for elsewhere.
    if (name === 'DOCKER_TLS_SAN' && value && !isLiteral(value)) continue;
    // Two slashes are one to the system; one at the end is none.
    if (value) env[name] = name === 'DOCKER_TLS_CERTDIR' ? value.text.replace(/(?<=.)\/+$/, '') : value.text;
  }
  return env;
});

/** The dind services that start, in their order. On a shell there are none. */
export function startDaemons(run: Run): readonly StartedDaemon[] {
  const daemons = run.scene.dinds
    .filter(({ service }) => run.roll.started.has(service))
    .map(dind => ({ dind, outcome: startDind(run, dind) }));
  const together = daemons.filter(({ dind }) => isInPod(run, dind.service));
  if (together.length > 1) checkPorts(run, together);
  return daemons;
}

/** It shares the network, and so the ports, with all others. */
function isInPod({ way }: Run, { container }: DindService['service']): boolean {
  return container ? container.names.includes('localhost') : way.executor === 'kubernetes';
}

function startDind(run: Run, dind: DindService): DaemonOutcome {
  const { service, image } = dind;
  const args = daemonArguments(service);
  const user = userOf(dind);
  const outcome: DaemonOutcome =
    args && user !== undefined
      ? startDaemon({ era: eraOf(image.version), env: daemonEnvironment(dind), args, uid: user })
      : { runs: 'other', why: 'its entrypoint, command or user is not known' };
  const faults = [
    outcome.badName
      ? badName(dind, outcome)
      : notStarted(dind, outcome, args !== undefined && user !== undefined),
    ...(outcome.runs === 'other' ? [] : [unprivileged(run, dind), busySocket(run, dind, outcome)]),
  ];
  if (outcome.runs === 'dockerd') checkDriver(run, dind, args ?? []);
  const { self } = run.scene.site;
  const apart = self !== undefined && self.origin.place !== service.origin.place;
  const whose = { of: service, ...(apart ? { neighbours: true as const } : {}) };
  for (const fault of faults) if (fault) run.faults.push({ ...fault, part: 'daemon', ...whose });
  return outcome;
}

function notStarted(
  { service }: DindService,
  outcome: DaemonOutcome,
  known: boolean,
): FoundFault | undefined {
  if (outcome.runs !== 'other' || !known) return undefined;
  const { user } = service.container ?? {};
  if (outcome.user && user?.state === 'known') {
    const because = `The rootless dind service runs as ${user.value}: ${outcome.why}.`;
    const base = { fatal: true, place: user.origin.place, because, related: [] };
    return { ...base, id: 'rootless-uid-without-subuid' };
  }
  const because = `The dind service does not start dockerd: ${outcome.why}.`;
  return { id: 'dind-command-not-flag', fatal: true, place: service.origin.place, because, related: [] };
}

/** A daemon that is told to use a storage driver that it may no longer have is not sure to start. */
function checkDriver(run: Run, { service, image }: DindService, args: readonly string[]): void {
  const variable = settled(service.variables.get('DOCKER_DRIVER'));
  const told = [...valuesOf(args, '--storage-driver'), ...valuesOf(args, '-s')];
  const driver = variable && isLiteral(variable) && variable.text !== '' ? variable.text : told.at(-1);
  const removed = driver === undefined ? undefined : DRIVER_REMOVED_IN[driver];
  if (!removed || (image.version && comparable(image.version, removed) < 0)) return;
  run.unsure.push(`whether dockerd starts, as ${removed.major}.0 removed the storage driver ${driver}`);
}

/** The user id that the daemon runs as; a name other than those of the image may be any. */
function userOf({ service, image }: DindService): number | undefined {
  const usual = image.variant === 'dind-rootless' ? 1000 : 0;
  const { user } = service.container ?? {};
  if (!user || user.state === 'absent') return usual;
  if (user.state === 'unknown') return undefined;
  const [name = ''] = user.value.split(':');
  if (/^\d+$/.test(name)) return Number(name);
  return name === 'root' ? 0 : name === 'rootless' ? 1000 : undefined;
}

function badName({ service }: DindService, outcome: DaemonOutcome): FoundFault {
  const san = service.variables.get('DOCKER_TLS_SAN');
  const exits = outcome.runs === 'other';
  const end = exits ? 'and the daemon exits' : 'and this old version goes on without TLS';
  return {
    id: 'tls-san-no-prefix',
    fatal: exits,
    ...(exits ? { endsDaemon: true } : {}),
    place: san.state === 'known' ? san.origin.place : service.origin.place,
    because: `DOCKER_TLS_SAN has a name without DNS: or IP: in front of it, so no certificate can be made, ${end}.`,
    related: [{ message: 'The dind service that reads it.', place: service.origin.place }],
  };
}

function unprivileged(run: Run, { service, image }: DindService): FoundFault | undefined {
  const runner = run.scene.runner?.runner;
  const { container } = service;
  if (!(runner || container) || letsDockerdRun(runner, service) !== false) return undefined;
  const related = runner ? [{ message: 'The runner is set up here.', place: privilegePlace(runner) }] : [];
  const written = container?.privileged.state === 'known' ? container.privileged.origin.place : undefined;
  const base = {
    fatal: true,
    plainly: true,
    endsDaemon: true,
    place: written ?? service.origin.place,
    related,
  } as const;
  if (image.variant !== 'dind-rootless') {
    const because =
      'The dind service does not run privileged, so dockerd may neither mount nor set up its network.';
    return { ...base, id: 'dind-without-privileged', because };
  }
  // Profiles that are switched off may do as well.
  const options = ['docker.services_security_opt', 'docker.security_opt'];
  const relaxed = container
    ? container.securityOptions.state !== 'absent'
    : options.some(path => runner?.setting(path));
  if (relaxed || run.way.executor !== 'docker') {
    run.unsure.push('whether the security profiles let rootless dind make user namespaces');
    return undefined;
  }
  const because =
    'The rootless dind service runs neither privileged nor without seccomp, so it may not make the user namespace that it needs.';
  return { ...base, id: 'rootless-dind-still-privileged', because };
}

/** A bind-mounted socket where dockerd wants to put its own: "device or resource busy". */
function busySocket(
  { scene }: Run,
  { service }: DindService,
  outcome: DaemonOutcome & { runs: 'dockerd' },
): FoundFault | undefined {
  const { container } = service;
  const mounts = container?.mounts ?? scene.runner?.runner.mounts ?? ABSENT;
  for (const { endpoint } of outcome.listens) {
    if (!endpoint.startsWith('unix://')) continue;
    const mount = socketMount(mounts, endpoint.slice('unix://'.length));
    if (!mount) continue;
    const dying = container ? [service] : scene.dinds.map(dind => dind.service);
    return {
      id: 'socket-mount-and-dind',
      fatal: true,
      endsDaemon: true,
      place: mount.origin.place,
      because: `${mount.source} is mounted over the place where the dind service puts its own socket.`,
      related: dying.map(({ origin: { place } }) => ({
        message: 'The dind service that dies of it.',
        place,
      })),
    };
  }
  return undefined;
}

/** The containers of a pod share their ports, so of two daemons on one port the second exits. */
function checkPorts(run: Run, daemons: readonly StartedDaemon[]): void {
  const taken = new Map<string, Place>();
  for (const { dind, outcome } of daemons) {
    const { place } = dind.service.origin;
    for (const { endpoint } of outcome.runs === 'dockerd' ? outcome.listens : []) {
      const port = /^tcp:.*:(\d+)$/.exec(endpoint)?.[1];
      const first = port === undefined ? undefined : taken.get(port);
      if (port !== undefined && !first) taken.set(port, place);
      if (!first) continue;
      run.faults.push({
        id: 'service-port-conflict-k8s',
        fatal: false,
        part: 'daemon',
        place,
        because: `In a pod all containers share their ports, and an earlier dind service listens on ${port} already.`,
        related: [{ message: 'This service has the port.', place: first }],
      });
    }
  }
}

/** The view of a dind service for reports. */
export function viewOf({ dind, outcome }: StartedDaemon): DaemonView {
  return {
    kind: dind.image.variant === 'dind-rootless' ? 'dind-rootless' : 'dind',
    image: show(dind.service.ref.text),
    listens: outcome.runs === 'dockerd' ? outcome.listens : [],
  };
}
