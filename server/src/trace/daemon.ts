/** Starts the dind services of a job, in thought: what they listen on, and what kills them. */
import { type Place, settled } from '../model/known.js';
import { show } from '../model/text.js';
import { socketMount } from './completion.js';
import { type DaemonOutcome, eraOf, imageCertDir, startDaemon } from './entrypoints.js';
import type { Run } from './run.js';
import { type DindService, daemonArguments } from './scene.js';
import type { DaemonView, Fault } from './types.js';

/** Variables that the entrypoint of a dind service looks at. */
const DAEMON_VARIABLES = ['DOCKER_TLS_CERTDIR', 'DOCKER_HOST', 'DOCKER_TLS_SAN', 'XDG_RUNTIME_DIR'] as const;

/** A daemon container and what its start came to. */
export interface StartedDaemon {
  readonly dind: DindService;
  readonly outcome: DaemonOutcome;
}

/** The environment a dind service sees: its own variables, the job's, and what its image sets. */
export function daemonEnvironment(dind: DindService): Record<string, string> {
  const env: Record<string, string> = {};
  const fallback = imageCertDir(dind.image.version);
  if (fallback !== undefined) env.DOCKER_TLS_CERTDIR = fallback;
  for (const name of DAEMON_VARIABLES) {
    const value = settled(dind.service.variables.get(name));
    // Two slashes are one to the system; one at the end is none.
    if (value) env[name] = name === 'DOCKER_TLS_CERTDIR' ? value.text.replace(/(?<=.)\/+$/, '') : value.text;
  }
  return env;
}

export function startDind(run: Run, dind: DindService): DaemonOutcome {
  const { service, image } = dind;
  const place = service.origin.place;
  const uid = image.variant === 'dind-rootless' ? 1000 : 0;
  const env = daemonEnvironment(dind);
  const args = daemonArguments(service);
  const outcome: DaemonOutcome = args
    ? startDaemon({ era: eraOf(image.version), env, args, uid })
    : { runs: 'other', why: 'its entrypoint or command is not known' };
  if (outcome.runs === 'other') {
    if (!args) return outcome;
    run.faults.push({
      id: 'dind-command-not-flag',
      fatal: true,
      place,
      because: `The dind service does not start dockerd: ${outcome.why}.`,
      related: [],
    });
    return outcome;
  }
  if (!run.way.privileged && uid === 0) run.faults.push(unprivileged(run, place));
  const busy = busySocket(run, outcome);
  if (busy) run.faults.push(busy);
  return outcome;
}

function unprivileged(run: Run, place: Place): Omit<Fault, 'certain'> {
  const runner = run.scene.runner?.runner;
  const key =
    runner && (runner.servicesPrivileged.state === 'known' ? runner.servicesPrivileged : runner.privileged);
  const at = key?.state === 'known' ? key.origin.place : runner?.place;
  return {
    id: 'dind-without-privileged',
    fatal: true,
    plainly: true,
    place,
    because: 'The dind service does not run privileged, so dockerd may neither mount nor set up its network.',
    related: at ? [{ message: 'The runner is set up here.', place: at }] : [],
  };
}

/** A bind-mounted socket where dockerd wants to put its own: "device or resource busy". */
function busySocket(
  run: Run,
  outcome: DaemonOutcome & { runs: 'dockerd' },
): Omit<Fault, 'certain'> | undefined {
  const runner = run.scene.runner?.runner;
  if (!runner) return undefined;
  for (const { endpoint } of outcome.listens) {
    if (!endpoint.startsWith('unix://')) continue;
    const mount = socketMount(runner.mounts, endpoint.slice('unix://'.length));
    if (!mount) continue;
    return {
      id: 'socket-mount-and-dind',
      fatal: true,
      place: mount.origin.place,
      because: `The runner mounts ${mount.source} over the place where the dind service puts its own socket.`,
      related: run.scene.dinds.map(dind => ({
        message: 'The dind service that dies of it.',
        place: dind.service.origin.place,
      })),
    };
  }
  return undefined;
}

/** The view of a dind service for reports. */
export function viewOf({ dind, outcome }: StartedDaemon): DaemonView {
  return {
    kind: dind.image.variant === 'dind-rootless' ? 'dind-rootless' : 'dind',
    image: show(dind.service.ref.text),
    listens: outcome.runs === 'dockerd' ? outcome.listens : [],
  };
}
