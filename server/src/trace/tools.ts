/** Finds the container tools that a site runs, by the commands of its scripts. */
import type { BuildSite, Command } from '../model/build-site.js';
import { programOf, type ShellWord } from '../syntax/shell.js';

export type Builder = 'docker' | 'kaniko' | 'buildah' | 'podman' | 'buildkit' | 'skopeo';

/** A command that belongs to a container tool. `args` are the words behind the program's name. */
export interface ToolUse {
  readonly tool: Builder;
  readonly command: Command;
  readonly args: readonly ShellWord[];
}

const PROGRAMS: Readonly<Record<string, Builder>> = {
  docker: 'docker',
  'docker-compose': 'docker',
  'docker-buildx': 'docker',
  buildah: 'buildah',
  podman: 'podman',
  skopeo: 'skopeo',
  buildctl: 'buildkit',
  'buildctl-daemonless.sh': 'buildkit',
};

export function toolsOf(site: BuildSite): readonly ToolUse[] {
  return site.commands.flatMap(command => {
    const program = programOf(command.shell);
    if (!program) return [];
    const word = command.shell.words[program.index];
    const tool = PROGRAMS[program.name] ?? (word?.text === '/kaniko/executor' ? 'kaniko' : undefined);
    return tool ? [{ tool, command, args: command.shell.words.slice(program.index + 1) }] : [];
  });
}

const OFFLINE: ReadonlySet<string> = new Set([
  '--version',
  '-v',
  '--help',
  '-h',
  'help',
  'completion',
  'context',
]);

/** Docker commands that talk to a daemon. */
export function daemonCommands(tools: readonly ToolUse[]): readonly Command[] {
  return tools
    .filter(use => use.tool === 'docker' && use.args.length > 0 && !OFFLINE.has(use.args[0]?.text ?? ''))
    .map(use => use.command);
}
