/** The ways in which what is unknown about a runner could turn out. */
import type { Mount, Runner } from '../model/build-site.js';
import { type Known, settled } from '../model/known.js';
import { type ClientVariant, covers, type Scene } from './scene.js';

/** One way: everything about the runner decided. */
export interface Completion {
  readonly executor: 'docker' | 'kubernetes';
  /** The client's certificates reach the job. */
  readonly certificatesShared: boolean;
  readonly privileged: boolean;
  /** The host's socket is put into the containers. */
  readonly socket: Mount | undefined | 'unseen';
  readonly client: ClientVariant;
}

/** What decides between the ways, in words, for those dimensions that are open. */
export interface Completions {
  readonly ways: readonly Completion[];
  readonly open: Readonly<Record<'executor' | 'certificates' | 'privileged', boolean>>;
}

const SOCKET = '/var/run/docker.sock';

/** All completions, the friendliest first. An unseen runner is taken to support what the job asks for. */
export function completionsOf(scene: Scene, certDir: string): Completions {
  const runner = scene.runner?.runner;
  const executors = executorsOf(runner);
  const certificates = answers(runner && sharesFolder(runner, `${certDir}/client`));
  // Privilege decides one fault and nothing else, so the open question is played through on the friendly side only.
  const privileged = runner && runsPrivileged(runner);
  const sockets = socketsOf(runner);
  const ways = executors.flatMap(executor =>
    certificates.flatMap(certificatesShared =>
      sockets.flatMap(socket =>
        scene.variants.map(client => ({
          executor,
          certificatesShared,
          privileged: privileged ?? true,
          socket,
          client,
        })),
      ),
    ),
  );
  return {
    ways,
    open: {
      executor: executors.length > 1,
      certificates: certificates.length > 1,
      privileged: privileged === undefined,
    },
  };
}

function executorsOf(runner: Runner | undefined): readonly Completion['executor'][] {
  const executor = runner && settled(runner.executor);
  return executor === undefined || executor === 'other' || executor === 'shell'
    ? ['docker', 'kubernetes']
    : [executor];
}

function answers(answer: boolean | undefined): readonly boolean[] {
  return answer === undefined ? [true, false] : [answer];
}

/** Whether the runner puts one folder into job and services alike; `undefined` when that cannot be told. */
export function sharesFolder(runner: Runner, path: string): boolean | undefined {
  if (settled(runner.executor) !== 'docker') return undefined;
  // Services see /builds as the job does. Source: gitlab-runner docs/executors/docker.md.
  if (/^\/builds(?:\/|$)/.test(path)) return true;
  if (runner.mounts.state === 'unknown') return undefined;
  return (settled(runner.mounts) ?? []).some(mount => covers(mount, path));
}

const OTHER_RUNTIME = /sysbox|kata|gvisor|runsc/;

/** Whether services may do what dockerd needs; `undefined` when that cannot be told. */
export function runsPrivileged(runner: Runner): boolean | undefined {
  const executor = settled(runner.executor);
  if (executor !== 'docker') return undefined;
  const runtime = runner.runtime;
  if (runtime.state === 'unknown' || OTHER_RUNTIME.test(settled(runtime) ?? '')) return undefined;
  const own = runner.servicesPrivileged.state === 'absent' ? runner.privileged : runner.servicesPrivileged;
  if (own.state === 'unknown') return undefined;
  return settled(own) ?? false;
}

/** `/var/run` leads to `/run` on every distribution whose images matter here. */
export function plainPath(path: string): string {
  return path.replace(/\/+$/, '').replace(/^\/var\/run(?=\/|$)/, '/run') || '/';
}

/** The mount that puts a socket of the host exactly where dockerd wants to listen. */
export function socketMount(mounts: Known<readonly Mount[]>, path = SOCKET): Mount | undefined {
  return settled(mounts)?.find(
    mount => mount.source !== undefined && plainPath(mount.target) === plainPath(path),
  );
}

/** Whether the runner brings a socket of its host to the place where docker looks. */
export function bindsSocket(mounts: Known<readonly Mount[]>): boolean {
  return mounts.state === 'unknown' || socketMount(mounts) !== undefined || bindsFolder(mounts);
}

/** Whether a bind from the host covers the folder of the socket: what lies there then is the host's. */
function bindsFolder(mounts: Known<readonly Mount[]>): boolean {
  const folder = plainPath(SOCKET.replace(/\/[^/]*$/, ''));
  return (settled(mounts) ?? []).some(mount => {
    const target = plainPath(mount.target);
    return mount.source !== undefined && (target === folder || target === '/');
  });
}

function socketsOf(runner: Runner | undefined): readonly Completion['socket'][] {
  if (!runner || runner.mounts.state === 'unknown') return ['unseen'];
  if (settled(runner.executor) !== 'docker') return ['unseen'];
  return bindsFolder(runner.mounts) ? ['unseen'] : [socketMount(runner.mounts)];
}
