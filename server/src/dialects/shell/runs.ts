/** Finds the containers that a shell script starts with docker run. */
import type { Command, ScriptText } from '../../model/build-site.js';
import type { Place } from '../../model/known.js';
import { programOf, readFlags, type ShellCommand, type ShellWord } from '../../syntax/shell.js';
import type { Block } from '../../syntax/tree.js';
import { type RunArguments, readRun } from '../machine.js';

/** A script and its text. */
export interface File {
  readonly path: string;
  readonly block: Block;
  readonly name: string;
}

export function placeAt({ path, block }: File, start: number, end: number): Place {
  return { path, block, start, end };
}

/** The whole file as one script. */
export function scriptOf(file: File): ScriptText {
  const { text } = file.block;
  return {
    text,
    part: 'main',
    origin: { place: placeAt(file, 0, text.length), way: 'own' },
    place: (start, end) => placeAt(file, start, end),
  };
}

/** A container that the script starts. */
export interface Run {
  readonly run: RunArguments;
  readonly image: ShellWord;
  /** What stands behind the image. */
  readonly rest: readonly ShellWord[];
}

/** Without those of images that the script builds itself, which may be called like one of others. */
export function runsOf(file: File, commands: readonly Command[]): readonly Run[] {
  const own = new Set(commands.flatMap(({ shell }) => builtBy(shell)));
  return commands
    .filter(({ nested }) => !nested)
    .flatMap(({ shell }) => runOf(file, shell))
    .filter(({ image }) => !own.has(image.text));
}

const BUILD_FLAGS: ReadonlySet<string> = new Set(['-t', '--tag']);

/** The names that a script gives to images that it builds. */
function builtBy(shell: ShellCommand): readonly string[] {
  const program = programOf(shell);
  if (program?.name !== 'docker' && program?.name !== 'podman') return [];
  const words = shell.words.slice(program.index + 1);
  if (!words.slice(0, 2).some(({ text }) => text === 'build')) return [];
  const { flags } = readFlags(words, BUILD_FLAGS, true);
  return flags.flatMap(({ name, value }) => (BUILD_FLAGS.has(name) && value ? [value.text] : []));
}

/** `docker run …` with the flags that are written there. */
function runOf(file: File, shell: ShellCommand): readonly Run[] {
  const program = programOf(shell);
  if (program?.name !== 'docker' && program?.name !== 'podman') return [];
  const words = shell.words.slice(program.index + 1);
  const verb = words.findIndex(({ text }) => text === 'run' || text === 'create');
  if (verb < 0 || words.slice(0, verb).some(({ text }) => text !== 'container')) return [];
  const run = readRun(file.name, words.slice(verb + 1), (start, end) => placeAt(file, start, end));
  const [image, ...rest] = run.operands;
  return image && !run.open ? [{ run, image, rest }] : [];
}
