/** Finds the variables that a step hands on to later ones through the file in GITHUB_ENV. */
import { readShell, type ShellCommand } from '../../syntax/shell.js';

const FILE = /GITHUB_ENV/;
const NAME = /(?:^|\\n|\n)\s*([A-Za-z_]\w*)(?:=|<<)/g;

/** Names, or `unknown` where something writes that cannot be read; `undefined` for a text that writes nothing. */
export function handedOn(text: string, isShell: boolean): readonly string[] | 'unknown' | undefined {
  if (!FILE.test(text)) return undefined;
  if (!isShell) return 'unknown';
  const { commands } = readShell(text);
  const writers = commands.filter(command => writes(command));
  // The redirection may stand behind a group; then all that is printed counts.
  const printers = writers.length > 0 ? writers : commands.filter(prints);
  const names = printers.map(command => namesIn(text, command, commands));
  const known = names.flatMap(found => found ?? []);
  return known.length === 0 || names.includes(undefined) ? 'unknown' : [...new Set(known)];
}

function writes({ words, redirects }: ShellCommand): boolean {
  const toFile = redirects.some(
    ({ operator, target }) => operator.startsWith('>') && FILE.test(target?.text ?? ''),
  );
  return toFile || (words[0]?.text === 'tee' && words.some(word => FILE.test(word.text)));
}

function prints({ words }: ShellCommand): boolean {
  return /^(?:echo|printf|cat)$/.test(words[0]?.text ?? '');
}

/** The names that a command prints; `undefined` where that cannot be told. */
function namesIn(
  text: string,
  { words, redirects, ...command }: ShellCommand,
  all: readonly ShellCommand[],
): readonly string[] | undefined {
  const program = words[0]?.text ?? '';
  if (program === 'tee') {
    const before = all.findLast(one => one.end <= command.start && one.pipedInto);
    return before && namesIn(text, before, all);
  }
  if (program === 'cat') {
    const bodies = redirects.flatMap(({ body }) => body ?? []);
    return unlessEmpty(bodies.flatMap(body => namesOf(text.slice(body.start, body.end))));
  }
  if (program !== 'echo' && program !== 'printf') return undefined;
  const texts = words.slice(1).flatMap(word => (/^-[neE]+$/.test(word.text) ? [] : word.text));
  // The word that ends a value of several lines.
  if (texts.length === 1 && /^\$?\w+$/.test(texts[0] ?? '')) return [];
  return unlessEmpty(namesOf(texts.join(' ')));
}

function unlessEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? names : undefined;
}

function namesOf(text: string): readonly string[] {
  return [...text.matchAll(NAME)].flatMap(match => match[1] ?? []);
}
