/** Reads the texts of scripts as commands. */
import { programOf, readShell, type ShellCommand } from '../syntax/shell.js';
import type { Command, ScriptText } from './build-site.js';

type Read = Omit<Command, 'script'>;

/** The commands of all texts, also those of a script that is handed to another shell as one quoted word. */
export function commandsOf(texts: readonly ScriptText[]): readonly Command[] {
  return texts.flatMap(script => commandsIn(script.text).map(read => ({ ...read, script })));
}

/** Lines such as `npm ci` come up in many jobs. */
const MOST_LINES = 500;
const LONGEST = 200;
const lines = new Map<string, readonly Read[]>();

function commandsIn(text: string): readonly Read[] {
  const known = lines.get(text);
  if (known) return known;
  const read = readShell(text).commands.flatMap(shell => [
    { shell, nested: false },
    ...handedOver(shell, text),
  ]);
  if (text.length <= LONGEST) {
    if (lines.size === MOST_LINES) lines.clear();
    lines.set(text, read);
  }
  return read;
}

/** `sh -c '…'`: the offsets of the inner commands count in the whole text. Escapes would shift them, so none are taken. */
function handedOver(shell: ShellCommand, text: string): readonly Read[] {
  const program = programOf(shell);
  if (!program || !/^(?:ba|da|a)?sh$/.test(program.name)) return [];
  const rest = shell.words.slice(program.index + 1);
  const flag = rest.findIndex(word => /^-[a-z]*c$/.test(word.text));
  const word = flag < 0 ? undefined : rest[flag + 1];
  const quote = text.charAt(word?.start ?? 0);
  if (!word || word.quoted === 'none' || word.quoted === 'mixed' || (quote !== "'" && quote !== '"'))
    return [];
  if (text.slice(word.start, word.end).includes('\\')) return [];
  const inner = readShell(text, word.start + 1, word.end - 1);
  return inner.commands.map(command => ({ shell: command, nested: true, quote }));
}
