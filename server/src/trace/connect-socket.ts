/** Follows a client to a unix socket: of the host, of a dind service on a shared volume, or of nobody. */
import { settled } from '../model/known.js';
import { type StartedDaemon, viewOf } from './daemon.js';
import { type Dial, fault, SOCKET_UNSEEN } from './run.js';
import { covers, finds, plainPath } from './sharing.js';
import type { DaemonView } from './types.js';

const NOTHING: DaemonView = { kind: 'none', listens: [] };
const UNKNOWN: DaemonView = { kind: 'unknown', listens: [] };
const SOCKET = '/run/docker.sock';

export function connectSocket(dial: Dial, path: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { way } = dial;
  if (way.executor === 'shell') return onHost(dial, path);
  if (way.socket && way.socket !== 'unseen' && plainPath(way.socket.target) === plainPath(path)) {
    const { place } = way.socket.origin;
    dial.because.push({ message: 'The runner puts the socket of its host there.', place });
    if (way.executor === 'kubernetes') dial.unsure.push('whether the nodes run docker');
    return ofHost(dial, path);
  }
  const shared = daemons.find(
    ({ outcome }) =>
      outcome.runs === 'dockerd' && outcome.listens.some(({ endpoint }) => endpoint === `unix://${path}`),
  );
  if (shared && plainPath(path) !== SOCKET) return onSharedVolume(dial, path, shared);
  return nobody(dial, path, daemons);
}

/** Without containers the docker of the host is the job's own. */
function onHost(dial: Dial, path: string): DaemonView {
  const { runner } = dial.scene;
  const place = runner?.runner.executor.state === 'known' ? runner.runner.executor.origin.place : undefined;
  dial.because.push({
    message: runner?.runner.servicesOnHost
      ? 'The job runs on the machine itself, so it has the docker of that machine.'
      : 'The shell executor runs the job on the host itself, without services and without an image.',
    ...(place ? { place } : {}),
  });
  if (plainPath(path) !== SOCKET) dial.unsure.push(`which daemon listens on ${path} of the host`);
  return ofHost(dial, path);
}

/** A hosted machine is made for the job and goes with it, its daemon too. */
function ofHost({ scene }: Dial, path: string): DaemonView {
  const kind = scene.runner?.how === 'hosted' ? 'hosted' : 'host-socket';
  return { kind, listens: [{ endpoint: `unix://${path}`, tls: 'none' }] };
}

function onSharedVolume(dial: Dial, path: string, daemon: StartedDaemon): DaemonView {
  const { runner } = dial.scene;
  const job = runner?.runner.job;
  const { container } = daemon.dind.service;
  if (job && container) {
    const same = finds(job, path, container, path, []);
    if (same === undefined) dial.unsure.push(`whether job and dind service share the folder of ${path}`);
    if (same === false)
      fault(dial, 'dind-socket-not-shared', `No volume brings ${path} of the dind service to the job.`);
    return viewOf(daemon);
  }
  const mounts = runner?.runner.mounts;
  const covering = (mounts ? (settled(mounts) ?? []) : []).find(mount => covers(mount, path));
  if (!mounts || mounts.state === 'unknown') {
    dial.unsure.push(`whether the runner shares the folder of ${path}`);
  } else if (covering) {
    const { place } = covering.origin;
    dial.because.push({ message: `A volume of the runner brings ${path} to the job.`, place });
  } else if (!/^\/builds\//.test(path)) {
    const because = `No volume of the runner covers ${path}, so the socket stays in the dind service.`;
    fault(dial, 'dind-socket-not-shared', because);
  }
  return viewOf(daemon);
}

function nobody(dial: Dial, path: string, daemons: readonly StartedDaemon[]): DaemonView {
  const { scene, way, client } = dial;
  if (way.socket === 'unseen' || !scene.runner) {
    dial.unsure.push(SOCKET_UNSEEN);
    return UNKNOWN;
  }
  if (scene.ownDaemon || daemons.length === 0 || client.host.value) {
    // The script may start a daemon of its own, or the image bring one.
    dial.unsure.push(`which daemon listens on ${path}`);
    return NOTHING;
  }
  fault(dial, 'docker-host-unset-no-entrypoint', `Nothing listens on ${path} in the job.`);
  return NOTHING;
}
