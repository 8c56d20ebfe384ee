/** Reads a command's words as its program does: which program runs, and what its flags and operands are. */
import type { ShellCommand, ShellPart, ShellWord } from './shell-types.js';
import { isAssignmentWord } from './shell-words.js';

/** One flag as given. `word` is the word that names it, `value` the rest of that word or the word after it. */
export interface ShellFlag {
  /** With its dashes: `-p`, `--password`. */
  readonly name: string;
  readonly word: ShellWord;
  readonly value?: ShellFlagValue;
}

export interface ShellFlagValue {
  readonly text: string;
  /** Span of the value alone, as written. */
  readonly start: number;
  readonly end: number;
  /** The word that the value is, or stands in. */
  readonly word: ShellWord;
  /** True when nothing in the word that the value stands in is expanded. */
  readonly literal: boolean;
}

export interface ShellFlags {
  readonly flags: readonly ShellFlag[];
  readonly operands: readonly ShellWord[];
}

interface Wrapper {
  /** Flags that take the word after them. */
  readonly valued: ReadonlySet<string>;
  /** Flags with which it runs nothing. */
  readonly queries?: ReadonlySet<string>;
  /** Operands in front of the program. */
  readonly operands?: number;
  readonly assignments?: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** Programs that run the program named after their own flags; flags from their manual pages (sudo 1.9, coreutils 9). */
const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    'sudo',
    {
      valued: flagSet(
        '-C -D -R -T -U -g -h -p -r -t -u --chdir --chroot --close-from --command-timeout --group --host --other-user --prompt --role --type --user',
      ),
      assignments: true,
      queries: flagSet('-l -v -V -e -k -K --list --validate --version --edit'),
    },
  ],
  ['doas', { valued: flagSet('-C -u') }],
  ['env', { valued: flagSet('-C -S -u --chdir --split-string --unset'), assignments: true }],
  ['time', { valued: flagSet('-f -o --format --output') }],
  ['nice', { valued: flagSet('-n --adjustment') }],
  ['ionice', { valued: flagSet('-c -n --class --classdata') }],
  ['exec', { valued: flagSet('-a') }],
  ['command', { valued: NONE, queries: flagSet('-v -V') }],
  ['builtin', { valued: NONE }],
  ['nohup', { valued: NONE }],
  ['setsid', { valued: NONE }],
  ['stdbuf', { valued: flagSet('-e -i -o --error --input --output') }],
  ['timeout', { valued: flagSet('-k -s --kill-after --signal'), operands: 1 }],
]);

/**
 * Which program a command runs, seen through `sudo`, `env`, `timeout 5m` and the like, and the index of its word.
 * `name` is the last part of its path. A wrapper that runs nothing (`command -v x`, `sudo -l`) is the program
 * itself. Undefined if the command has no words or the program's word is not known from the text.
 */
export function programOf(command: ShellCommand): { name: string; index: number } | undefined {
  let index = 0;
  let found: { name: string; index: number } | undefined;
  while (index < command.words.length) {
    const word = command.words[index];
    if (!word?.literal) return undefined;
    found = { name: word.text.slice(word.text.lastIndexOf('/') + 1), index };
    const wrapper = wrappers.get(found.name);
    const next = wrapper && afterWrapper(command.words, index + 1, wrapper);
    if (next === undefined) return found;
    index = next;
  }
  return found;
}

/**
 * The flags and operands among `words`, which are those after the program or subcommand. `valued` names the
 * flags that take a value: `--flag=value`, `--flag value`, `-f value`, `-fvalue`, `-f=value`, also behind letters
 * that take none (`-itv /a:/b`). A word that begins with an expansion is an operand, as what it becomes is not
 * known. With `interspersed` false the first operand ends the flags, as in `docker run IMAGE COMMAND`.
 */
export function readFlags(
  words: readonly ShellWord[],
  valued: ReadonlySet<string>,
  interspersed = true,
): ShellFlags {
  const flags: ShellFlag[] = [];
  const operands: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (word.text === '--' && word.literal)
      return { flags, operands: [...operands, ...words.slice(index + 1)] };
    if (!isFlag(word)) {
      if (!interspersed) return { flags, operands: words.slice(index) };
      operands.push(word);
      continue;
    }
    const next = words[index + 1];
    const read = word.text.startsWith('--') ? readLong(word, valued, next) : readShort(word, valued, next);
    flags.push(...read);
    if (read.some(flag => flag.value && flag.value.word === next)) index++;
  }
  return { flags, operands };
}

function flagSet(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

/** Index of the word after a wrapper's own; undefined if it runs nothing. */
function afterWrapper(words: readonly ShellWord[], from: number, wrapper: Wrapper): number | undefined {
  const { flags, operands } = readFlags(words.slice(from), wrapper.valued, false);
  if (flags.some(flag => wrapper.queries?.has(flag.name))) return undefined;
  const rest = wrapper.assignments
    ? operands.slice(operands.findIndex(word => !isAssignmentWord(word)))
    : operands;
  const program = rest[wrapper.operands ?? 0];
  if (!program || isAssignmentWord(program)) return undefined;
  return words.indexOf(program);
}

function isFlag(word: ShellWord): boolean {
  const first = word.parts[0];
  return first?.kind === 'text' && first.text.startsWith('-') && word.text.length > 1;
}

function readLong(word: ShellWord, valued: ReadonlySet<string>, next: ShellWord | undefined): ShellFlag[] {
  const equals = word.text.indexOf('=');
  if (equals > 0) return [{ name: word.text.slice(0, equals), word, value: valueWithin(word, equals + 1) }];
  const name = word.text;
  return [valued.has(name) && next ? { name, word, value: wholeValue(next) } : { name, word }];
}

/** Reads the letters behind one dash up to the one that takes a value, or to what cannot be a flag. */
function readShort(word: ShellWord, valued: ReadonlySet<string>, next: ShellWord | undefined): ShellFlag[] {
  const flags: ShellFlag[] = [];
  for (let at = 1; at < word.text.length; at++) {
    const letter = word.text.charAt(at);
    const name = `-${letter}`;
    if (!/[A-Za-z0-9?#]/.test(letter)) break;
    if (!valued.has(name)) {
      flags.push({ name, word });
      continue;
    }
    const from = word.text.charAt(at + 1) === '=' ? at + 2 : at + 1;
    const value = at + 1 < word.text.length ? valueWithin(word, from) : next && wholeValue(next);
    flags.push(value ? { name, word, value } : { name, word });
    break;
  }
  return flags;
}

function wholeValue(word: ShellWord): ShellFlagValue {
  return { text: word.text, start: word.start, end: word.end, word, literal: word.literal };
}

/** The value that begins at index `from` of a word's text, quotes around the whole word left out. */
export function valueWithin(word: ShellWord, from: number): ShellFlagValue {
  let before = 0;
  let start = word.end;
  for (const part of word.parts) {
    const length = lengthOf(part);
    if (from <= before + length) {
      start = Math.min(part.end, part.start + (from - before));
      break;
    }
    before += length;
  }
  const insideQuotes = word.quoted !== 'none' && word.quoted !== 'mixed';
  const end = insideQuotes ? Math.max(start, word.parts.at(-1)?.end ?? word.end) : word.end;
  return { text: word.text.slice(from), start, end, word, literal: word.literal };
}

function lengthOf(part: ShellPart): number {
  return part.kind === 'text' ? part.text.length : part.end - part.start;
}
