/** Values of commands as shell source, with their quotes and variables as written, and new words made of them. */
import { readShell, type ShellPart, type ShellWord } from '../../syntax/shell.js';

/** One shell word, or the part of one that is a flag's value. Offsets in `word` count in `source`. */
export interface Value {
  readonly source: string;
  readonly word: ShellWord;
}

/** A stretch of a script, such as a word or the value of a flag. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Reads source that is to be exactly one word; `undefined` for anything else. */
export function readValue(source: string): Value | undefined {
  const before = 'x ';
  const { commands, complete } = readShell(before + source);
  const [command] = commands;
  const read = command?.words[1];
  const sole = command?.words.length === 2 && command.redirects.length === 0;
  if (!complete || !read || !sole || command.end !== before.length + source.length) return undefined;
  return { source, word: moved(read, -before.length) };
}

/**
 * The value that stands at a stretch of a script. One that ends inside of quotes (`"--tag=$X"`) gets quotes of its
 * own; `undefined` where it cannot stand alone with the same meaning.
 */
export function valueAt(script: string, stretch: Stretch, within: ShellWord): Value | undefined {
  const written = script.slice(stretch.start, stretch.end);
  const quote = { none: '', single: "'", double: '"', mixed: '' }[within.quoted];
  const whole = stretch.start === within.start && stretch.end === within.end;
  const value = readValue(whole ? written : quote + written + quote);
  return value?.word.text === stretch.text ? value : undefined;
}

/** One word of pieces, some of them text for itself and some of them values; `undefined` where that would change a value. */
export function joined(...pieces: readonly (string | Value)[]): string | undefined {
  const values = pieces.filter(piece => typeof piece !== 'string');
  if (values.some(({ word }) => changesWhenMoved(word))) return undefined;
  if (pieces.every(isBare)) return pieces.map(sourceOf).join('');
  const inner = pieces.map(piece => (typeof piece === 'string' ? escaped(piece) : inDoubleQuotes(piece)));
  if (inner.every(text => text !== undefined)) return `"${inner.join('')}"`;
  return pieces.map(piece => (typeof piece === 'string' ? bare(piece) : piece.source)).join('');
}

/** The value as one word in double quotes. */
export function inQuotes(value: Value): string | undefined {
  const inner = changesWhenMoved(value.word) ? undefined : inDoubleQuotes(value);
  return inner === undefined ? undefined : `"${inner}"`;
}

/** The text of a value where nothing in it is expanded. */
export function literalText({ word }: Value): string | undefined {
  return word.literal ? word.text : undefined;
}

const PLAIN = /^[\w./:=,@%+-]*$/;

function isBare(piece: string | Value): boolean {
  return typeof piece === 'string' ? PLAIN.test(piece) : piece.word.quoted === 'none';
}

function sourceOf(piece: string | Value): string {
  return typeof piece === 'string' ? piece : piece.source;
}

/** A pattern, a brace list or a `~` is another thing behind other text. */
function changesWhenMoved({ literal, parts }: ShellWord): boolean {
  if (parts[0]?.kind === 'text' && parts[0].quote === 'none' && parts[0].text.startsWith('~')) return true;
  return !literal && parts.every(({ kind }) => kind === 'text');
}

function escaped(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&');
}

function bare(text: string): string {
  return text.replace(/[^\w./:=,@%+-]/g, '\\$&');
}

/** What stands for the value inside of double quotes. */
function inDoubleQuotes({ source, word }: Value): string | undefined {
  const pieces = word.parts.map(part => quotedPart(source, part));
  return pieces.every(piece => piece !== undefined) ? pieces.join('') : undefined;
}

function quotedPart(source: string, part: ShellPart): string | undefined {
  const written = source.slice(part.start, part.end);
  if (part.kind === 'text') return part.quote === 'double' ? written : escaped(part.text);
  if (part.quote === 'double') return written;
  // Quotes and escapes of these mean other things inside of quotes, but for those of `$(…)`.
  const keepsQuotes = part.kind === 'command' && written.startsWith('$(');
  if (part.kind === 'command' && !keepsQuotes && !written.startsWith('`')) return undefined;
  return keepsQuotes || !/["'\\]/.test(written) ? written : undefined;
}

function moved(word: ShellWord, by: number): ShellWord {
  const parts = word.parts.map(part => ({ ...part, start: part.start + by, end: part.end + by }));
  return { ...word, parts, start: word.start + by, end: word.end + by };
}
