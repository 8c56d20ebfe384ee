/** The fix that sends the password of a registry login through standard input. */

import type { BuildSite, Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { programOf, type ShellCommand, type ShellFlag } from '../syntax/shell.js';
import { changeCommand } from './command-changes.js';
import { onlyFix } from './images.js';
import type { Login } from './login-password-on-command-line.js';

/**
 * `printf %s "$PASSWORD" | docker login … --password-stdin …`: everything else of the command stays as it is. What
 * `echo` makes of backslashes differs from shell to shell.
 */
export function throughStandardInput(site: BuildSite, command: Command, login: Login): readonly FixPlan[] {
  const { shell, script } = command;
  const { flag, stdin } = login;
  if (!login.named || takesInput(shell) || BEFORE_ONE_COMMAND.test(shell.words[0]?.text ?? '')) return [];
  if (runsOnWindows(site, command) || isTraced(site, command)) return [];
  // Written out, it stays on the command line of the shell around.
  if (command.nested && flag.value.literal) return [];
  const secret = quoted(script.text, flag.value);
  if (secret === undefined) return [];
  const intents = changeCommand(
    command,
    { start: shell.start, end: shell.start, text: `printf %s ${secret} | ` },
    { start: flag.word.start, end: flag.value.word.end, text: stdin },
  );
  return onlyFix(`Send the password through standard input (${stdin})`, 'safe', intents);
}

/** Standard input that is taken already cannot carry the password; `sudo -S` reads one of its own. */
function takesInput(shell: ShellCommand): boolean {
  const front = shell.words.slice(0, programOf(shell)?.index ?? 0);
  return (
    shell.pipedFrom ||
    shell.redirects.some(({ operator }) => operator.startsWith('<')) ||
    (front.some(({ text }) => text === 'sudo') && front.some(({ text }) => /^(?:-\w*S|--stdin$)/.test(text)))
  );
}

/** Words that a shell applies to the next command alone, or that replace the shell; a pipe would come between. */
const BEFORE_ONE_COMMAND = /^(?:time|exec|eval)$/;

/** PowerShell and batch quote in other ways, and have no printf. */
function runsOnWindows({ tags }: BuildSite, { shell, script: { text } }: Command): boolean {
  if (/\$env:/i.test(text) || /(?:^|\n)\s*(?:Write|Get|Set|New|Invoke)-[A-Z]/.test(text)) return true;
  if (/%\w+%/.test(text.slice(shell.start, shell.end))) return true;
  return tags.state === 'known' && tags.value.some(({ value }) => /windows/i.test(value));
}

/** Under `set -x` the shell prints the password whoever gets it, so that the secret would only seem to be safe. */
function isTraced({ commands }: BuildSite, command: Command): boolean {
  const { script, shell, quote } = command;
  const holds = (one: ShellCommand): boolean => one.start < shell.start && one.end > shell.end;
  const around = quote && commands.find(one => one.script === script && holds(one.shell));
  if (around?.shell.words.some(({ text }) => /^-[a-z]*x[a-z]*$/.test(text))) return true;
  if (/^#!.*\s-\w*x/.test(script.text)) return true;
  const before = commands.slice(0, commands.indexOf(command));
  const same = before.filter(one => one.script === script || !script.ownShell);
  return same.flatMap(({ shell }) => tracing(shell)).at(-1) ?? false;
}

/** Whether `set` turns tracing on or off: `-x`, `-eux`, `-o xtrace`, `+x`. */
function tracing({ words: [first, ...rest] }: ShellCommand): readonly boolean[] {
  if (first?.text !== 'set') return [];
  return rest.flatMap(({ text }, i) => {
    const named = text === 'xtrace' && /^[-+]\w*o$/.test(rest[i - 1]?.text ?? '');
    if (!named && !/^[-+][a-zA-Z]*x/.test(text)) return [];
    return [(named ? rest[i - 1]?.text : text)?.startsWith('-') ?? false];
  });
}

/** The value as one quoted shell word. */
function quoted(script: string, value: NonNullable<ShellFlag['value']>): string | undefined {
  const source = script.slice(value.start, value.end);
  if (/^(?:"[^"]*"|'[^']*')$/.test(source)) return source;
  return /["'\\`\n]/.test(source) ? undefined : `"${source}"`;
}
