/** Reads the docker commands of a script: which subcommand, with which flags. */

import type { BuildSite, Command } from '../model/build-site.js';
import { kept } from '../model/kept.js';
import { settled } from '../model/known.js';
import { expand, isLiteral } from '../model/text.js';
import { programOf, readFlags, type ShellFlag, type ShellWord } from '../syntax/shell.js';
import { scriptSets } from '../trace/script-way.js';
import type { ToolUse } from '../trace/tools.js';

/** `docker --context x buildx build --push .` is `buildx build` with the words behind it. */
export interface DockerCommand {
  readonly command: Command;
  /** Subcommand and, for those that have them, the one below: `push`, `buildx create`, `system prune`. */
  readonly name: string;
  readonly words: readonly ShellWord[];
  /** Flags in front of the subcommand. */
  readonly before: readonly ShellFlag[];
}

/** The value of a flag, and where it stands. */
export type FlagValue = NonNullable<ShellFlag['value']>;

/** Flags of `docker` and of `docker buildx` that take a value. Source: docker/cli docs/reference/commandline. */
export const GLOBAL_FLAGS: ReadonlySet<string> = new Set(
  '--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey --builder'.split(' '),
);

const GROUPS = /^(?:buildx|builder|image|container|context|system|volume|network|manifest|imagetools)$/;

/** Undefined for another program and for docker-compose. */
export const dockerCommand = kept(({ tool, command, args }: ToolUse): DockerCommand | undefined => {
  const program = programOf(command.shell)?.name;
  if (tool !== 'docker' || (program !== 'docker' && program !== 'docker-buildx')) return undefined;
  const names = program === 'docker' ? [] : ['buildx'];
  const before: ShellFlag[] = [];
  let words = args;
  do {
    const { flags, operands } = readFlags(words, GLOBAL_FLAGS, false);
    const [name, ...rest] = operands;
    if (!name?.literal) return undefined;
    before.push(...flags);
    names.push(name.text);
    words = rest;
  } while (GROUPS.test(names.at(-1) ?? ''));
  return { command, name: names.join(' '), words, before };
});

export const dockerCommands = kept((tools: readonly ToolUse[]): readonly DockerCommand[] =>
  tools.flatMap(use => dockerCommand(use) ?? []),
);

/** What a word comes to, with the variables of the job put in; undefined where that is not known for certain. */
export function settledText(site: BuildSite, text: string): string | undefined {
  const full = expand(text, name => {
    const value = settled(site.env.get(name));
    return value && isLiteral(value) && !scriptSets(site, name) ? value.text : undefined;
  });
  return isLiteral(full) && !/[$`]/.test(full.text) ? full.text : undefined;
}

/** Whether a flag that takes no value is given, and not as `--flag=false`. */
export function isOn(flags: readonly ShellFlag[], name: string): boolean {
  return flags.some(flag => flag.name === name && flag.value?.text !== 'false');
}

/** A word that stands for arguments which are not known: `$EXTRA_ARGS`. */
export function mayHoldFlags(word: ShellWord): boolean {
  const [first] = word.parts;
  return first !== undefined && first.kind !== 'text' && first.quote === 'none';
}
