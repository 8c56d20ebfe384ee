/** Where jobs set a variable of docker's tools: in their variables, or in their scripts. */

import type { BuildSite, Environment } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import type { ShellCommand } from '../syntax/shell.js';
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
  return site.commands.flatMap(({ shell, script, nested }) =>
    setIn(shell, name).map(({ value, start, end }) => {
      const next = shell.words[0];
      const only = shell.assignments.length === 1 && shell.assignments[0]?.start === start;
      // `NAME=value command`: the command stays. What stands alone leaves an empty line behind, so it is left.
      const remove = (): readonly Intent[] =>
        only && next && !nested
          ? [{ kind: 'replace-words', script: script.origin.place, start, end: next.start, text: '' }]
          : [];
      return { value, at: script.place(start, end), remove };
    }),
  );
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
