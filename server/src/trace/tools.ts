/** Finds the container tools that a site runs, by the commands of its scripts. */
import type { BuildSite, Command } from '../model/build-site.js';
import { kept } from '../model/kept.js';
import { programOf, readFlags, type ShellWord } from '../syntax/shell.js';

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
  return toolsIn(site.commands);
}

const toolsIn = kept((commands: readonly Command[]): readonly ToolUse[] =>
  commands.flatMap(command => {
    const program = programOf(command.shell);
    if (!program) return [];
    const word = command.shell.words[program.index];
    const tool = PROGRAMS[program.name] ?? (word?.text === '/kaniko/executor' ? 'kaniko' : undefined);
    return tool ? [{ tool, command, args: command.shell.words.slice(program.index + 1) }] : [];
  }),
);

/**
 * Commands that need no daemon. `login` asks one and goes on alone when none answers.
 * Source: docker/cli cli/command/registry/login.go; the others talk to registries or to nobody.
 */
const OFFLINE =
  /^(?:login|logout|help|completion|context|manifest|trust|scout|buildx (?:imagetools|version|ls)|compose (?:version|config))(?: |$)/;

/** Global flags of docker that take a value. */
const GLOBAL_FLAGS: ReadonlySet<string> = new Set([
  '--config',
  '-c',
  '--context',
  '-H',
  '--host',
  '-l',
  '--log-level',
  '--tlscacert',
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--project-directory',
  '--env-file',
  '--profile',
  '--tlscert',
  '--tlskey',
]);

/** Docker commands that talk to a daemon. Of a builder that is none of docker's, buildx asks that builder alone. */
export const daemonCommands = kept((tools: readonly ToolUse[]): readonly Command[] => {
  const elsewhere = tools.some(buildsElsewhere);
  return tools
    .filter(use => use.tool === 'docker' && use.args.length > 0 && !isOffline(use))
    .filter(use => !elsewhere || !isBuildx(use))
    .map(use => use.command);
});

function isBuildx({ args, command: { shell } }: ToolUse): boolean {
  if (programOf(shell)?.name === 'docker-buildx') return true;
  return readFlags(args, GLOBAL_FLAGS).operands[0]?.text === 'buildx';
}

/** Makes a builder that is none of docker's own: `docker buildx create --driver remote` and the like. Source: docker/buildx, driver/. */
export function buildsElsewhere(use: ToolUse): boolean {
  if (use.tool !== 'docker' || !isBuildx(use)) return false;
  const words = use.args.map(word => word.text);
  return (
    words.includes('create') &&
    words.some((word, i) =>
      /^(?:--driver[= ])(?:remote|kubernetes|cloud)$/.test(
        word === '--driver' ? `--driver ${words[i + 1]}` : word,
      ),
    )
  );
}

function isOffline({ args, command }: ToolUse): boolean {
  const { flags } = readFlags(args, GLOBAL_FLAGS);
  if (flags.some(({ name }) => name === '--version' || name === '--help' || name === '--print')) return true;
  const words = dockerWords(command);
  return words === '' || OFFLINE.test(words);
}

/** What docker is told, without flags: `compose up`, whichever of the two programs is called. */
export function dockerWords({ shell }: Command): string {
  const program = programOf(shell);
  const args = shell.words.slice((program?.index ?? 0) + 1);
  const { operands } = readFlags(args, GLOBAL_FLAGS);
  const words = operands.map(word => word.text).join(' ');
  return program?.name === 'docker-compose' ? `compose ${words}` : words;
}

/** Programs and builtins that run nothing else, or nothing of docker; `command` and kin where they only look it up. */
const SEEN_THROUGH = new Set(
  'docker docker-compose echo printf cd export set true false test [ [[ mkdir cat ls cp mv rm chmod pwd sleep env date tr cut head tail grep sed awk jq tee apk apt apt-get curl wget source . unset if exit touch ln chown stat sort uniq wc diff basename dirname realpath readlink mktemp id whoami uname hostname nproc which command type hash declare typeset local readonly read shift return break continue wait umask ulimit : tar gzip gunzip unzip base64 sha256sum md5sum envsubst openssl git helm kubectl'.split(
    ' ',
  ),
);

/** Programs of a job that may call docker for all we know. */
export function opaquePrograms(site: BuildSite): readonly string[] {
  return opaqueIn(site.commands);
}

const opaqueIn = kept((commands: readonly Command[]): readonly string[] =>
  commands.flatMap(({ shell }) => {
    if (shell.words.length === 0) return [];
    const name = programOf(shell)?.name ?? 'a program from a variable';
    return SEEN_THROUGH.has(name) ? [] : [name];
  }),
);
