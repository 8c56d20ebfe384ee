/** Finds where a script registers runners with GitLab, and the flags that it does so with. */

import type { BuildSite, Command } from '../model/build-site.js';
import { kept } from '../model/kept.js';
import type { Place } from '../model/known.js';
import { programOf, type ShellWord } from '../syntax/shell.js';

/** A flag of `gitlab-runner register`, given as `--name value` or `--name=value`. */
export interface RegisterFlag {
  readonly name: string;
  /** Empty where none is given. */
  readonly value: string;
  /** Where the value stands, else the flag. */
  readonly place: Place;
  /** Where the name of the flag stands. */
  readonly flag: Place;
}

export interface Registration {
  /** Without those that the command drops, because they are for another executor. */
  readonly flags: readonly RegisterFlag[];
}

/** Flags of the command that take no value. Source: gitlab-runner commands/register.go and common/config.go. */
const SWITCHES =
  /^(?:-n|--(?:non-interactive|locked|run-untagged|paused|leave-runner|docker-privileged|docker-tls-verify|docker-disable-cache|docker-oom-kill-disable|kubernetes-privileged|debug))$/;

/** `gitlab-runner register …`, also in a container of its image. */
export const registrations = kept((site: BuildSite): readonly Registration[] =>
  site.commands.flatMap(command => {
    const words = argumentsOf(command, site.self?.ref.name === 'gitlab-runner');
    return words ? [{ flags: keptFlags(flagsOf(words, command)) }] : [];
  }),
);

const LITERAL = /^[a-z][a-z+-]*$/;

/**
 * The command keeps the settings of docker and Kubernetes only for executors of their own, so that a shell runner
 * gets none. Source: gitlab-runner commands/register.go, askExecutorOptions.
 */
function keptFlags(flags: readonly RegisterFlag[]): readonly RegisterFlag[] {
  const executor = flags.findLast(({ name }) => name === '--executor')?.value;
  if (executor === undefined || !LITERAL.test(executor)) return flags;
  return flags.filter(({ name }) => {
    const section = /^--(docker|kubernetes)-/.exec(name)?.[1];
    return section === undefined || executor.startsWith(section);
  });
}

function argumentsOf({ shell }: Command, inImage: boolean): readonly ShellWord[] | undefined {
  const program = programOf(shell);
  if (!program) return undefined;
  const { words } = shell;
  if (program.name === 'register' && inImage) return words.slice(program.index + 1);
  const at = words.findIndex(({ text }, i) => i > program.index && text === 'register');
  if (at < 0) return undefined;
  const before = words.slice(program.index, at);
  const flagged = before.every(({ text }, i) => i === 0 || text.startsWith('-') || isValue(before[i - 1]));
  const isRunner = /^gitlab(?:-ci-multi)?-runner$/.test(program.name) && flagged;
  const isContainer = /^(?:docker|podman|kubectl|docker-compose)$/.test(program.name);
  const named = before.some(({ text }) => /(?:^|\/)gitlab-runner(?:[:@].*)?$/.test(text));
  return isRunner || (isContainer && named) ? words.slice(at + 1) : undefined;
}

/** What stands behind a flag of `gitlab-runner` itself. Source: gitlab-runner helpers/cli and log. */
function isValue(flag: ShellWord | undefined): boolean {
  return /^(?:-l|--log-(?:level|format)|--cpuprofile)$/.test(flag?.text ?? '');
}

function flagsOf(words: readonly ShellWord[], { script }: Command): readonly RegisterFlag[] {
  const flags: RegisterFlag[] = [];
  for (const [i, word] of words.entries()) {
    const [, name, joined] = /^(--?[a-z][\w-]*)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (name === undefined) continue;
    const flag = script.place(word.start, word.start + name.length);
    const next = joined === undefined && !SWITCHES.test(name) ? words[i + 1] : undefined;
    const place = next ? script.place(next.start, next.end) : script.place(word.start, word.end);
    flags.push({ name, value: joined ?? next?.text ?? '', place, flag });
  }
  return flags;
}
