/** Reads the docker run commands of a script: their flags, and what they mount from where. */

import type { Command } from '../model/build-site.js';
import { readFlags, type ShellFlag } from '../syntax/shell.js';
import type { ToolUse } from '../trace/tools.js';
import { dockerCommands, type FlagValue } from './docker-commands.js';

export interface DockerRun {
  readonly command: Command;
  readonly flags: readonly ShellFlag[];
  readonly binds: readonly Bind[];
}

/** A path of the daemon's machine that is put into the container. */
export interface Bind {
  /** As written, with variables. */
  readonly source: string;
  readonly value: FlagValue;
}

/** Flags of `docker run` and `docker create` that take a value. Source: docker/cli docs/reference/commandline/container_run.md. */
const VALUED: ReadonlySet<string> = new Set(
  (
    '--add-host --annotation -a --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent ' +
    '--cgroupns --cidfile --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime -c --cpu-shares --cpus ' +
    '--cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops ' +
    '--device-write-bps --device-write-iops --dns --dns-option --dns-search --domainname --entrypoint -e --env ' +
    '--env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-interval ' +
    '--health-start-period --health-timeout -h --hostname --ip --ip6 --ipc --isolation --kernel-memory -l --label ' +
    '--label-file --link --link-local-ip --log-driver --log-opt --mac-address -m --memory --memory-reservation ' +
    '--memory-swap --memory-swappiness --mount --name --net --net-alias --network --network-alias ' +
    '--oom-score-adj --pid --pids-limit --platform -p --publish --pull --restart --runtime --security-opt --shm-size ' +
    '--stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit -u --user --userns --uts -v --volume ' +
    '--volume-driver --volumes-from -w --workdir'
  ).split(' '),
);

export function dockerRuns(tools: readonly ToolUse[]): readonly DockerRun[] {
  return dockerCommands(tools).flatMap(({ name, command, words }) => {
    if (!/^(?:container )?(?:run|create)$/.test(name)) return [];
    const { flags } = readFlags(words, VALUED, false);
    return [{ command, flags, binds: flags.flatMap(flag => bindOf(flag) ?? []) }];
  });
}

function bindOf({ name, value }: ShellFlag): Bind | undefined {
  if (!value) return undefined;
  if (name === '--mount') {
    const fields = value.text.split(',');
    const source = fields.flatMap(field => /^(?:source|src)=(.+)$/.exec(field)?.[1] ?? [])[0];
    return fields.includes('type=bind') && source !== undefined ? { source, value } : undefined;
  }
  if (name !== '-v' && name !== '--volume') return undefined;
  const source = /^((?:\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|[^:`])+):/.exec(value.text)?.[1];
  // A name without a slash is a volume of docker, not a path.
  return source !== undefined && /^[./~$`]/.test(source) ? { source, value } : undefined;
}
