/** Reads `options:` of a container: flags of `docker create` that say what it may do and how it is called. */
import type { Container, Mount, PublishedPort } from '../../model/build-site.js';
import {
  ABSENT,
  type Known,
  known,
  type Origin,
  type Place,
  type Sourced,
  unknown,
} from '../../model/known.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import { readFlags, readShell, type ShellFlag } from '../../syntax/shell.js';
import type { ScalarNode } from '../../syntax/tree.js';
import { place, type Source } from './values.js';
import { parsePort, parseVolume } from './volumes.js';

/** What the flags say; what they leave to other keys of the container is not in here. */
export interface Options
  extends Pick<
    Container,
    | 'privileged'
    | 'runtime'
    | 'user'
    | 'hostname'
    | 'securityOptions'
    | 'capabilities'
    | 'hostNamespaces'
    | 'probe'
  > {
  /** Names on the network of the job besides the one that the runner gives. */
  readonly names: readonly string[];
  readonly openNames: string | undefined;
  readonly mounts: readonly Mount[];
  readonly ports: readonly PublishedPort[];
  readonly variables: ReadonlyMap<string, { readonly text: string; readonly place: Place }>;
  readonly entrypoint: string | undefined;
  /** Why it may set volumes, ports or variables that are not followed here. */
  readonly unclear: string | undefined;
}

/** Source: docker/cli docs/reference/commandline/container_create.md. */
const VALUED: ReadonlySet<string> = new Set(
  (
    '--add-host --annotation -a --attach --blkio-weight --cap-add --cap-drop --cgroup-parent --cgroupns --cidfile ' +
    '--cpu-period --cpu-quota -c --cpu-shares --cpus --cpuset-cpus --cpuset-mems --device --dns --dns-option ' +
    '--dns-search --domainname --entrypoint -e --env --env-file --expose --gpus --group-add --health-cmd ' +
    '--health-interval --health-retries --health-start-interval --health-start-period --health-timeout -h --hostname ' +
    '--ip --ipc --isolation -l --label --link --log-driver --log-opt --mac-address -m --memory --memory-swap --mount ' +
    '--name --net --net-alias --network --network-alias --oom-score-adj --pid --pids-limit --platform -p --publish ' +
    '--pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs ' +
    '--ulimit -u --user --userns --uts -v --volume --volume-driver --volumes-from -w --workdir'
  ).split(' '),
);

const EXPRESSION = 'an expression stands in its options';
const NAMING = ['--add-host', '--network', '--net', '--dns', '--dns-search', '--link'];

export function readOptions(source: Source, node: ScalarNode): Options {
  const flags = readShell(node.text).commands.flatMap(({ words }) => readFlags(words, VALUED).flags);
  const open = node.text.includes('${{') ? EXPRESSION : undefined;
  const origin: Origin = { place: place(source, node), way: 'own' };
  const from = (flag: ShellFlag): Origin => {
    const span = scalarMap(node).toSource(flag.word.start, (flag.value?.word ?? flag.word).end);
    return span ? { ...origin, place: { ...origin.place, ...span } } : origin;
  };
  const all = (...names: readonly string[]): readonly Sourced<string>[] =>
    flags.flatMap(flag =>
      names.includes(flag.name) && flag.value ? [{ value: flag.value.text, origin: from(flag) }] : [],
    );
  const last = (...names: readonly string[]): Known<string> => {
    const found = all(...names).at(-1);
    if (found) return known(found.value, found.origin);
    return open ? unknown(open, origin) : ABSENT;
  };
  const list = (name: string): Known<readonly Sourced<string>[]> => {
    const found = all(name);
    if (open) return unknown(open, origin);
    return found.length > 0 ? known(found, found[0]?.origin ?? origin) : ABSENT;
  };
  const [naming] = all(...NAMING);
  return {
    privileged: switchOf(flags, '--privileged', from, open, origin),
    probe: probeOf(flags, from, open, origin),
    runtime: last('--runtime'),
    user: last('-u', '--user'),
    hostname: last('-h', '--hostname'),
    securityOptions: list('--security-opt'),
    capabilities: list('--cap-add'),
    hostNamespaces: [],
    names: all('--name', '--network-alias', '--net-alias').map(({ value }) => value),
    openNames: naming ? `${naming.value} stands in its options` : open,
    mounts: all('-v', '--volume').map(one => parseVolume(one.value, one.origin)),
    ports: all('-p', '--publish').map(one => parsePort(one.value, one.origin)),
    variables: variablesOf(all('-e', '--env')),
    entrypoint: all('--entrypoint').at(-1)?.value,
    unclear: open ?? all('--mount', '--volumes-from', '--env-file')[0]?.value,
  };
}

function switchOf(
  flags: readonly ShellFlag[],
  name: string,
  from: (flag: ShellFlag) => Origin,
  open: string | undefined,
  origin: Origin,
): Known<boolean> {
  const flag = flags.findLast(one => one.name === name);
  if (flag) return known(flag.value?.text !== 'false', from(flag));
  return open ? unknown(open, origin) : ABSENT;
}

function probeOf(
  flags: readonly ShellFlag[],
  from: (flag: ShellFlag) => Origin,
  open: string | undefined,
  origin: Origin,
): Known<boolean> {
  const off = flags.find(({ name }) => name === '--no-healthcheck');
  if (off) return known(false, from(off));
  const command = flags.findLast(({ name }) => name === '--health-cmd');
  if (command) return known(command.value?.text !== '', from(command));
  return open ? unknown(open, origin) : ABSENT;
}

function variablesOf(flags: readonly Sourced<string>[]): Options['variables'] {
  return new Map(
    flags.flatMap(({ value, origin }) => {
      const [, name, text] = /^(\w+)=(.*)$/s.exec(value) ?? [];
      return name === undefined ? [] : [[name, { text: text ?? '', place: origin.place }] as const];
    }),
  );
}
