/** Reads the buildctl commands of a script. */

import type { Command } from '../model/build-site.js';
import { programOf, readFlags, type ShellFlag, type ShellWord } from '../syntax/shell.js';
import type { ToolUse } from '../trace/tools.js';
import { mayHoldFlags } from './docker-commands.js';

/** A command whose arguments are all in view. */
export interface Buildctl {
  readonly command: Command;
  /** The word that names the program. */
  readonly program: ShellWord;
  readonly flags: readonly ShellFlag[];
  readonly operands: readonly ShellWord[];
}

/** Of `buildctl` and `buildctl-daemonless.sh`. */
export function buildctls(tools: readonly ToolUse[]): readonly Buildctl[] {
  return tools.flatMap(({ tool, command, args }) => {
    const program = command.shell.words[programOf(command.shell)?.index ?? 0];
    const { flags, operands } = readFlags(args, VALUED);
    if (tool !== 'buildkit' || !program || operands.some(mayHoldFlags)) return [];
    return [{ command, program, flags, operands }];
  });
}

const VALUED: ReadonlySet<string> = new Set(
  '--addr --frontend --local --opt --output -o --import-cache --export-cache --secret --ssh --allow --progress --metadata-file'.split(
    ' ',
  ),
);
