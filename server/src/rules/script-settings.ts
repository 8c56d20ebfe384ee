/** Where jobs set a variable of docker's tools: in their variables, or in their scripts. */

import type { BuildSite, Command, Environment } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import type { ShellCommand, ShellWord } from '../syntax/shell.js';
import { type Change, changeCommand } from './command-changes.js';
import { onlyFix } from './images.js';

/** One place that sets the variable, to a value that is known. */
export interface Setting {
  readonly value: string;
  readonly at: Place;
  /** Takes the variable away, or nothing where that cannot be written. */
  readonly remove: () => readonly Intent[];
}

export function settingsOf(site: BuildSite, name: string): readonly Setting[] {
  const envs = [site.env, ...site.scripts.flatMap(({ env }) => env ?? [])];
  return [...envs.flatMap(env => inVariables(env, name)), ...inScripts(site, name)];
}

/** A fix that takes the variable away. */
export function removal(setting: Setting, title: string): readonly FixPlan[] {
  return onlyFix(title, 'unsafe', setting.remove());
}

function inVariables(env: Environment, name: string): readonly Setting[] {
  const found = env.get(name);
  if (found.state !== 'known' || !isLiteral(found.value)) return [];
  const { place, entry } = found.origin;
  const remove = (): readonly Intent[] => (entry ? [{ kind: 'remove-entry', entry }] : []);
  return [{ value: found.value.text, at: place, remove }];
}

function inScripts(site: BuildSite, name: string): readonly Setting[] {
  if (!site.scripts.some(({ text }) => text.includes(name))) return [];
  return site.commands.flatMap(command =>
    setIn(command.shell, name).map(({ value, start, end }) => ({
      value,
      at: command.script.place(start, end),
      remove: () => {
        const change = without(site, command, name, { start, end });
        return change ? changeCommand(command, change) : [];
      },
    })),
  );
}

type Part = Pick<ShellWord, 'start' | 'end'>;

/** What takes a setting away: with its command, where that does nothing else. */
function without(site: BuildSite, command: Command, name: string, own: Part): Change | undefined {
  const { assignments, words } = command.shell;
  const [first, ...rest] = words;
  const before = assignments.findIndex(({ start }) => start === own.start);
  // `NAME=value command` is for that command alone.
  if (before >= 0 && first) return cut(command, own, undefined, assignments[before + 1] ?? first);
  if (site.scripts.some(({ text }) => new RegExp(`\\$\\{?${name}\\b`).test(text))) return undefined;
  const parts: readonly Part[] = before >= 0 ? assignments : rest;
  const at = parts.findIndex(({ start }) => start === own.start);
  const others = before >= 0 ? assignments.length : rest.filter(({ text }) => /^\w+=/.test(text)).length;
  if (others > 1 || (first?.text === 'env' && parts[at + 1]))
    return cut(command, own, parts[at - 1], parts[at + 1]);
  return parts.length === 1 && first?.text !== 'env' ? line(site, command) : undefined;
}

/** A part of a command with what stands between it and the next one, or the one before. */
function cut({ script }: Command, own: Part, before?: Part, next?: Part): Change | undefined {
  const change = next
    ? { start: own.start, end: next.start, text: '' }
    : before && { start: before.end, end: own.end, text: '' };
  if (!change) return undefined;
  const around = script.text.slice(change.start, own.start) + script.text.slice(own.end, change.end);
  return /^(?:\s|\\\r?\n)*$/.test(around) ? change : undefined;
}

/** The whole line of a command that has others around it, stands in nothing, and on which nothing depends. */
function line({ commands }: BuildSite, { shell, script, nested }: Command): Change | undefined {
  const { text } = script;
  // With the line end in front of it, for what indents the lines of a script in YAML belongs to the line behind.
  const front = /\r?\n[ \t]*$/.exec(text.slice(0, shell.start))?.index;
  const isLast = /^[ \t]*(?:\r?\n|$)/.test(text.slice(shell.end));
  const others = commands.some(one => one.script === script && one.shell !== shell);
  const alone = shell.before === 'start' || shell.before === 'newline';
  if (front === undefined || !isLast || !others || nested || !alone) return undefined;
  if (shell.context.length > 0 || shell.redirects.length > 0) return undefined;
  return { start: front, end: shell.end, text: '' };
}

const SETTERS = /^(?:export|declare|typeset|local|readonly|env)$/;

function setIn(shell: ShellCommand, name: string): readonly { value: string; start: number; end: number }[] {
  const assigned = shell.assignments
    .filter(one => one.name === name && one.value.literal)
    .map(one => ({ value: one.value.text, start: one.start, end: one.end }));
  if (!SETTERS.test(shell.words[0]?.text ?? '')) return assigned;
  const worded = shell.words
    .filter(word => word.literal && word.text.startsWith(`${name}=`))
    .map(word => ({ value: word.text.slice(name.length + 1), start: word.start, end: word.end }));
  return [...assigned, ...worded];
}
