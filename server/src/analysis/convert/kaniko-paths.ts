/** Leads what a script writes into kaniko's folder to where other tools look for it. */
import type { BuildSite, Command, ScriptText } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { ShellPart, ShellWord } from '../../syntax/shell.js';
import { refuse } from './refusal.js';

const LOGINS = '/kaniko/.docker';

/**
 * Checks the variables of a job that leaves kaniko's image.
 * @throws Refusal naming the one that leads to its folder
 */
export function checkVariables(site: BuildSite): void {
  const name = site.env.names().find(one => settled(site.env.get(one))?.text.includes('/kaniko'));
  if (name !== undefined) refuse(`${name} leads to a path that only kaniko's image has.`, site.place);
}

/**
 * The edits that write logins to the home folder, which is made first: kaniko's image has the folder of its own, others
 * do not have theirs. `translated` are commands that are written anew.
 * @throws Refusal for other uses of kaniko's folder
 */
export function pathEdits(
  site: BuildSite,
  translated: ReadonlySet<Command>,
): ReadonlyMap<ScriptText, readonly TextEdit[]> {
  const edits = new Map<ScriptText, readonly TextEdit[]>();
  for (const command of site.commands) {
    if (translated.has(command)) continue;
    const { words, redirects, assignments } = command.shell;
    const all = [
      ...words,
      ...redirects.flatMap(({ target }) => target ?? []),
      ...assignments.map(({ value }) => value),
    ];
    const found = all.flatMap(word => wordEdits(command, word));
    if (found.length === 0) continue;
    const made = edits.size > 0 || words[0]?.text === 'mkdir' ? [] : [folderEdit(site, command)];
    edits.set(command.script, [...(edits.get(command.script) ?? []), ...made, ...found]);
  }
  return edits;
}

/** In front of the pipe that the command is part of. */
function folderEdit({ commands }: BuildSite, command: Command): TextEdit {
  let at = commands.indexOf(command);
  while (at > 0 && /^\|&?$/.test(commands[at]?.shell.before ?? '')) at -= 1;
  const { shell } = commands[at] ?? command;
  if (shell.before === '||')
    refuse("Whether this writes kaniko's login depends on what stands before it.", command);
  return { start: shell.start, end: shell.start, newText: 'mkdir -p ~/.docker && ' };
}

function wordEdits(command: Command, word: ShellWord): readonly TextEdit[] {
  if (!word.text.includes('/kaniko')) return [];
  return word.parts.flatMap(part => {
    const written = command.script.text.slice(part.start, part.end);
    if (!written.includes('/kaniko')) return [];
    const at = written.indexOf(LOGINS);
    const others = written.replace(LOGINS, '').includes('/kaniko');
    if (at < 0 || others || part.kind !== 'text' || part.quote === 'single' || command.nested)
      refuse(`${word.text} is a path that only kaniko's image has.`, command);
    const start = part.start + at;
    return [{ start, end: start + LOGINS.length, newText: `${home(word, part, at)}/.docker` }];
  });
}

/** The shell takes `~` for the home folder at the start of a word that is not quoted. */
function home(word: ShellWord, part: ShellPart, at: number): string {
  return part.quote === 'none' && at === 0 && word.parts[0] === part ? '~' : '$HOME';
}
