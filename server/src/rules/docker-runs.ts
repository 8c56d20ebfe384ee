/** Reads the docker run commands of a script: their flags, and what they mount from where. */

import { RUN_FLAGS } from '../catalog/docker-run-flags.js';
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

export function dockerRuns(tools: readonly ToolUse[]): readonly DockerRun[] {
  return dockerCommands(tools).flatMap(({ name, command, words }) => {
    if (!/^(?:container )?(?:run|create)$/.test(name)) return [];
    const { flags } = readFlags(words, RUN_FLAGS, false);
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
