/** Tells what the failure of a command of a script means for its job, and which variables the script sets. */
import type { BuildSite, Command, ScriptText } from '../model/build-site.js';

/** A command on the straight way of the script, whose failure is the failure of the job. */
export function failsTheJob(command: Command): boolean {
  return isStraight(command) && command.script.part !== 'after' && command.script.runs === undefined;
}

/** A command that every run of its script comes to, and whose failure somebody sees to: `|| true`, `if`, `&&`. */
export function isCaught({ shell, script }: Command): boolean {
  return shell.tested || script.runs === 'tolerated';
}

/** It runs whenever the script runs, once, in the script's own shell or a copy of it. */
function isStraight({ shell, nested }: Command): boolean {
  const straight = shell.context.every(
    one => one === 'group' || one === 'subshell' || one === 'substitution',
  );
  return !shell.tested && !nested && straight;
}

const SETTERS: ReadonlySet<string> = new Set([
  'export',
  'unset',
  'declare',
  'typeset',
  'local',
  'readonly',
  'read',
]);

/** Whether some script of the site, or one of its commands, gives the variable another value, or takes it away. */
export function scriptSets(site: BuildSite, name: string): boolean {
  if (site.scripts.some(script => setsAround(script, name))) return true;
  return site.commands.some(({ shell }) => {
    const [first, ...rest] = shell.words;
    if (!first) return shell.assignments.some(one => one.name === name);
    return SETTERS.has(first.text) && rest.some(word => word.text.split('=')[0] === name);
  });
}

function setsAround({ env, handsOn }: ScriptText, name: string): boolean {
  if (handsOn === 'unknown' || handsOn?.includes(name)) return true;
  return env !== undefined && env.get(name).state !== 'absent';
}
