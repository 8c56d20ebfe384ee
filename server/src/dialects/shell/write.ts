/** Writes changes into shell scripts: values where they stand, and the arguments of docker run. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { ShellWord } from '../../syntax/shell.js';
import type { Unit } from '../dialect.js';
import { type File, type Run, runsOf, scriptOf } from './runs.js';

type Edit = TextEdit | string;

const REFUSED = 'a script says this in its commands, which are not written anew';

export function writeScript(intents: readonly Intent[], { path, tree }: Unit): Written {
  const block = tree.documents[0]?.blocks[0]?.block;
  if (!block) return { refused: REFUSED };
  const file: File = { path, block, name: path };
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    const edit = writeOne(file, intent);
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path, edits }] };
}

function writeOne(file: File, intent: Intent): Edit {
  const { text } = file.block;
  switch (intent.kind) {
    case 'replace-words': {
      const base = intent.script.start;
      return { start: base + intent.start, end: base + intent.end, newText: intent.text };
    }
    case 'replace-value':
      return PLAIN.test(intent.value)
        ? { start: intent.at.start, end: intent.at.end, newText: intent.value }
        : REFUSED;
    case 'replace-entry':
      return isFlag(text, intent.entry)
        ? { ...rangeOf(intent.entry), newText: `-e ${setting(intent.name, intent.value)}` }
        : REFUSED;
    case 'remove-entry':
      return isFlag(text, intent.entry) ? without(text, intent.entry) : REFUSED;
    case 'set-variable':
      return beforeImage(file, intent.site, `-e ${setting(intent.name, intent.value)}`);
    case 'set-service-variable':
      return beforeImage(file, intent.service, `-e ${setting(intent.name, intent.value)}`);
    case 'set-runner-key':
      return intent.key === 'privileged' && intent.value === true ? privileged(file, intent.runner) : REFUSED;
    case 'add-mount':
      return PLAIN.test(intent.volume) && !/^\w[^:]*\//.test(intent.volume)
        ? beforeImage(file, intent.runner, `-v ${intent.volume}`)
        : REFUSED;
    case 'set-service-key':
      return intent.key === 'command' ? command(file, intent.service, intent.value) : REFUSED;
    default:
      return REFUSED;
  }
}

/** What no shell reads as anything else. */
const PLAIN = /^[\w./:@,=+-]+$/;

function word(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function setting(name: string, value: string): string {
  return value === '' ? `${name}=` : word(`${name}=${value}`);
}

function rangeOf({ start, end }: Place): { readonly start: number; readonly end: number } {
  return { start, end };
}

/** Not one that shares its word with others: `-itv`. */
function isFlag(text: string, { start, end }: Place): boolean {
  return /^(?:--\w|-[epv])/.test(text.slice(start, end));
}

/** A flag goes with the space before it, and with its line where it has one to itself. */
function without(text: string, { start, end }: Place): TextEdit {
  const before = /(?:^|\n)[ \t]*$/.exec(text.slice(0, start));
  const behind = /^[ \t]*\\\r?\n/.exec(text.slice(end));
  if (before && behind) {
    const line = start - before[0].length + (before[0].startsWith('\n') ? 1 : 0);
    return { start: line, end: end + behind[0].length, newText: '' };
  }
  const space = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { start: start - space, end, newText: '' };
}

function runAt(file: File, image: Place): Run | undefined {
  return runsOf(file, commandsOf([scriptOf(file)])).find(run => run.image.start === image.start);
}

function beforeImage(file: File, image: Place, flag: string): Edit {
  const run = runAt(file, image);
  if (!run) return 'no docker run is in view that starts it';
  const { start } = run.image;
  const { text } = file.block;
  // An image that has a line to itself keeps it.
  const indent = /\n([ \t]*)$/.exec(text.slice(0, start))?.[1];
  const space = indent === undefined ? ' ' : ` \\${text.includes('\r\n') ? '\r\n' : '\n'}${indent}`;
  return { start, end: start, newText: `${flag}${space}` };
}

function privileged(file: File, image: Place): Edit {
  const written = runAt(file, image)?.run.container.privileged;
  return written?.state === 'known' && written.origin.entry
    ? { ...rangeOf(written.origin.entry), newText: '--privileged' }
    : beforeImage(file, image, '--privileged');
}

/** What stands behind the image; words that stay are left as they are written. */
function command(file: File, image: Place, value: string | readonly string[]): Edit {
  const run = runAt(file, image);
  if (!run) return 'no docker run is in view that starts it';
  const words = typeof value === 'string' ? [value] : value;
  const old = run.rest;
  const front = sameFrom(old, words);
  const back = sameFrom(old.slice(front).reverse(), words.slice(front).reverse());
  const gone = old.slice(front, old.length - back);
  const start = (old[front - 1] ?? run.image).end;
  const next = gone.length > 0 ? old[old.length - back] : undefined;
  const end = next?.start ?? gone.at(-1)?.end ?? start;
  // A redirection may stand among the arguments.
  if (!isOnly(file.block.text.slice(start, end), gone, start)) return REFUSED;
  const added = words.slice(front, words.length - back).map(one => ` ${word(one)}`);
  return { start, end, newText: added.join('') + (next ? ' ' : '') };
}

/** How many words are the same from the first one on. */
function sameFrom(old: readonly ShellWord[], words: readonly string[]): number {
  let at = 0;
  while (at < old.length && old[at]?.text === words[at]) at++;
  return at;
}

/** The text holds these words, and nothing else but what stands between words. */
function isOnly(text: string, words: readonly ShellWord[], from: number): boolean {
  const rest = words.reduceRight(
    (left, { start, end }) => left.slice(0, start - from) + left.slice(end - from),
    text,
  );
  return /^(?:\s|\\\r?\n)*$/.test(rest);
}
