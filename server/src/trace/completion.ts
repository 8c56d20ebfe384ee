/** The ways in which what is unknown about a runner could turn out. */
import type { Container, Mount, Runner } from '../model/build-site.js';
import { type Known, settled } from '../model/known.js';
import { letsDockerdRun } from './privilege.js';
import { flagOf, textOf } from './runner-facts.js';
import type { ClientVariant, Scene } from './scene.js';
import { covers, finds, mountAt, plainPath } from './sharing.js';

/** One way: everything about the runner decided. */
export interface Completion {
  readonly executor: 'docker' | 'kubernetes' | 'shell';
  /** The entrypoint of the job's image is run. */
  readonly runsEntrypoint: boolean;
  /** The client's certificates reach the job; of containers that say what is shared, only where that cannot be told. */
  readonly certificatesShared: boolean;
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
  const { self } = scene.site;
  const runner = scene.runner?.runner;
  const executors = self ? (['docker'] as const) : executorsOf(runner);
  const folder = `${certDir}/client`;
  const client = self?.container ?? runner?.job;
  const certificates = answers(
    client ? certificatesIn(scene, client, folder) : runner && sharesFolder(runner, folder),
  );
  const socket = self ? ownSocket(self.container) : socketOf(runner);
  const ways = executors.flatMap(executor =>
    entrypointsOf(scene, executor).flatMap(runsEntrypoint =>
      certificates.flatMap(certificatesShared =>
        scene.variants.map(client => ({ executor, runsEntrypoint, certificatesShared, socket, client })),
      ),
    ),
  );
  return {
    ways,
    open: {
      executor: executors.length > 1,
      certificates: certificates.length > 1,
      // Privilege decides one fault and nothing else, so only the friendly side of it is played through.
      privileged: scene.dinds.some(({ service }) => letsDockerdRun(runner, service) === undefined),
    },
  };
}

/** Whether it is known of every daemon if the client finds its certificates; then one way is enough. */
function certificatesIn(
  { dinds, certPath, neighbours }: Scene,
  client: Container,
  folder: string,
): boolean | undefined {
  const ours = certPath.value || folder;
  const open = dinds.some(
    ({ service: { container } }) =>
      container && finds(client, ours, container, folder, neighbours) === undefined,
  );
  return open ? undefined : true;
}

/** The socket of the host in a container that says itself what is mounted. */
export function ownSocket(container: Container): Completion['socket'] {
  if (container.mounts.state === 'unknown') return 'unseen';
  const mount = mountAt(container, SOCKET);
  return mount && isFromHost(mount) ? mount : undefined;
}

function executorsOf(runner: Runner | undefined): readonly Completion['executor'][] {
  const executor = runner && settled(runner.executor);
  return executor === undefined || executor === 'other' ? ['docker', 'kubernetes'] : [executor];
}

/** Source: gitlab-runner executors/kubernetes/kubernetes.go, FF_KUBERNETES_HONOR_ENTRYPOINT. */
function entrypointsOf({ site, runner }: Scene, executor: Completion['executor']): readonly boolean[] {
  const said = runner?.runner.runsEntrypoint;
  if (said !== undefined) return [said];
  if (executor !== 'kubernetes') return [executor === 'docker'];
  return answers(flagOf(site, runner?.runner, 'FF_KUBERNETES_HONOR_ENTRYPOINT'));
}

function answers(answer: boolean | undefined): readonly boolean[] {
  return answer === undefined ? [true, false] : [answer];
}

/** Whether the runner puts one folder into job and services alike; `undefined` when that cannot be told. */
export function sharesFolder(runner: Runner, path: string): boolean | undefined {
  const executor = settled(runner.executor);
  if (executor !== 'docker' && executor !== 'kubernetes') return undefined;
  // Services see /builds as the job does. Source: gitlab-runner docs/executors/docker.md; getVolumeMounts in
  // executors/kubernetes/kubernetes.go.
  if (/^\/builds(?:\/|$)/.test(path) && textOf(runner, 'builds_dir') === undefined) return true;
  if (runner.mounts.state === 'unknown') return undefined;
  const covering = (settled(runner.mounts) ?? []).filter(mount => covers(mount, path));
  // The daemon cannot write into these, so what lies there is somebody else's.
  const foreign = covering.some(
    ({ source, mode }) => /^(?:secret|config_map):/.test(source ?? '') || mode === 'ro',
  );
  return foreign ? undefined : covering.length > 0;
}

/** The mount that puts a socket of the host exactly where dockerd wants to listen. */
export function socketMount(mounts: Known<readonly Mount[]>, path = SOCKET): Mount | undefined {
  return settled(mounts)?.find(mount => isFromHost(mount) && plainPath(mount.target) === plainPath(path));
}

/** Whether the runner brings a socket of its host to the place where docker looks. */
export function bindsSocket(mounts: Known<readonly Mount[]>): boolean {
  return mounts.state === 'unknown' || socketMount(mounts) !== undefined || bindsFolder(mounts);
}

function isFromHost({ source }: Mount): boolean {
  return (
    source !== undefined &&
    !/^(?:pvc|secret|config_map|csi|nfs|volume|external|anonymous|tmpfs):/.test(source)
  );
}

/** Whether a volume covers the folder of the socket: what lies there then is not the container's alone. */
function bindsFolder(mounts: Known<readonly Mount[]>): boolean {
  const folder = plainPath(SOCKET.replace(/\/[^/]*$/, ''));
  return (settled(mounts) ?? []).some(mount => {
    const target = plainPath(mount.target);
    return mount.source !== undefined && (target === folder || target === '/');
  });
}

function socketOf(runner: Runner | undefined): Completion['socket'] {
  const executor = runner && settled(runner.executor);
  if (!runner || runner.mounts.state === 'unknown') return 'unseen';
  if (executor !== 'docker' && executor !== 'kubernetes') return 'unseen';
  return bindsFolder(runner.mounts) ? 'unseen' : socketMount(runner.mounts);
}
