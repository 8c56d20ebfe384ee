/** What `runs-on:` and `container:` say of where a job runs: on a machine of GitHub's, or on one that nobody sees. */
import { type HostedMachine, hostedMachine } from '../../catalog/hosted-machines.js';
import type {
  Container,
  Executor,
  Mount,
  PairedRunner,
  Runner,
  RunsOn,
  Service,
} from '../../model/build-site.js';
import {
  ABSENT,
  type Known,
  known,
  type Origin,
  type Place,
  type Sourced,
  settled,
  unknown,
} from '../../model/known.js';
import { isLiteral, show } from '../../model/text.js';
import type { MapNode } from '../../syntax/tree.js';
import type { JobContainer } from './containers.js';
import { NO_ENVIRONMENT } from './environment.js';
import { expandExpressions, type Resolve } from './expressions.js';
import { itemsOf, mapOf, nodeAt, place, type Source, textOf } from './values.js';

type Labels = Known<readonly Sourced<string>[]>;

/** The labels that a runner needs; unknown where an expression or a group has a say. */
export function labelsOf(source: Source, job: MapNode, resolve: Resolve): Labels {
  const node = nodeAt(source, job, 'runs-on');
  if (!node) return ABSENT;
  const origin: Origin = { place: place(source, node), way: 'own' };
  const map = mapOf(source, node);
  if (map && nodeAt(source, map, 'group')) return unknown('a group of runners takes it', origin);
  const items = itemsOf(source, map ? nodeAt(source, map, 'labels') : node);
  const texts = items.map(item =>
    item.kind === 'scalar' ? expandExpressions(textOf(item), resolve) : undefined,
  );
  const labels = texts.flatMap((text, index) => {
    const item = items[index];
    if (!text || !item || !isLiteral(text)) return [];
    return { value: text.text, origin: { place: place(source, item), way: 'own' } as const };
  });
  if (texts.length === 0 || labels.length < texts.length)
    return unknown(`runs-on is ${texts[0] ? show(texts[0]) : 'not a label'}`, origin);
  return known(labels, origin);
}

/** What decides where a job runs. */
export interface Whereabouts {
  readonly labels: Labels;
  /** Where that is written; the name of the job where it is not. */
  readonly place: Place;
  readonly container: JobContainer | undefined;
  readonly services: Known<readonly Service[]>;
}

export function runsOn(where: Whereabouts): RunsOn {
  const labels = settled(where.labels)?.map(({ value }) => value);
  const [label] = labels ?? [];
  const machine = labels?.length === 1 && label !== undefined ? hostedMachine(label) : undefined;
  const name = label ?? 'a runner';
  const anyLinux: HostedMachine = { os: 'linux' };
  return {
    paired: machine ? hosted(where, machine, name) : unseen(where, name),
    ifHosted: hosted(where, anyLinux, name),
  };
}

function hosted(where: Whereabouts, machine: HostedMachine, name: string): PairedRunner {
  const origin: Origin = { place: where.place, way: 'hosted' };
  // Machines with macOS, Windows and the small ones have no daemon for Linux containers.
  const executor: Executor = machine.os !== 'linux' ? 'other' : where.container ? 'docker' : 'shell';
  const job = where.container ? withSocket(where.container.container, origin) : machineItself(name, origin);
  return {
    runner: {
      ...runner(where, known(executor, origin), name, job),
      ...(machine.docker ? { engine: machine.docker } : {}),
    },
    how: 'hosted',
    exposure: 'ephemeral',
  };
}

/** Source: actions/runner src/Runner.Worker/Container/ContainerInfo.cs: every job container on Linux gets the socket. */
function withSocket(container: Container, origin: Origin): Container {
  const { mounts } = container;
  if (mounts.state === 'unknown') return container;
  const socket: Mount = { source: SOCKET, target: SOCKET, mode: '', origin };
  return { ...container, mounts: known([socket, ...(settled(mounts) ?? [])], origin) };
}

const SOCKET = '/var/run/docker.sock';

/** What a job finds that runs in no container: all of the machine. */
function machineItself(name: string, origin: Origin): Container {
  const root: Mount = { source: '/', target: '/', mode: '', origin };
  return {
    name,
    names: [],
    namesElsewhere: [],
    hostname: ABSENT,
    openNames: 'names may stand in the hosts file of the machine',
    privileged: ABSENT,
    runtime: ABSENT,
    user: ABSENT,
    mounts: known([root], origin),
    securityOptions: ABSENT,
    capabilities: ABSENT,
    hostNamespaces: [],
    ports: [],
    probe: ABSENT,
    waits: new Map(),
  };
}

/**
 * A job with a container may come into a pod (ARC); one with services and no container runs on a machine with Docker,
 * for nothing else starts services for it. Source: actions/runner-container-hooks packages/k8s.
 */
function unseen(where: Whereabouts, name: string): PairedRunner {
  const origin: Origin = { place: where.place, way: 'own' };
  const { container } = where;
  if (container) {
    const own = settled(container.container.mounts);
    const mounts: Container['mounts'] = {
      ...unknown('the runner adds volumes of its own'),
      ...(own ? { likely: own } : {}),
    };
    const executor = unknown('the runner may be a machine or a pod', origin);
    const made = runner(where, executor, name, { ...container.container, mounts });
    return { runner: made, how: 'unseen', exposure: undefined };
  }
  const needsDocker = (settled(where.services) ?? []).length > 0;
  const executor: Known<Executor> = known(needsDocker ? 'shell' : 'other', origin);
  const made = runner(where, executor, name, machineItself(name, origin));
  return { runner: made, how: 'unseen', exposure: undefined };
}

function runner(where: Whereabouts, executor: Known<Executor>, name: string, job: Container): Runner {
  const { place: at, container } = where;
  return {
    path: at.path,
    name,
    place: at,
    executor,
    image: ABSENT,
    privileged: job.privileged,
    servicesPrivileged: ABSENT,
    runtime: ABSENT,
    mounts: container ? job.mounts : ABSENT,
    services: ABSENT,
    env: NO_ENVIRONMENT,
    preScript: ABSENT,
    // The container is started with an entrypoint of the runner, and steps are run in it. Source:
    // actions/runner src/Runner.Worker/ContainerOperationProvider.cs, MountWellKnownDirectories.
    runsEntrypoint: false,
    job,
    ...(container ? {} : { servicesOnHost: true }),
    setting: () => undefined,
    docker: undefined,
  };
}
