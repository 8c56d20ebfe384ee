/** Lowers and writes shell scripts that start daemons or register runners; loaded when the first one comes up. */
import type { BuildSite, Container, ImageUse, ScriptText, Service } from '../../model/build-site.js';
import { type ImageRef, parseImage } from '../../model/image-ref.js';
import type { Intent, Written } from '../../model/intent.js';
import { ABSENT, type Known, known, type Place, unknown } from '../../model/known.js';
import { commandsOf } from '../../model/script.js';
import { HOLE, literal, type Text } from '../../model/text.js';
import type { TextEdit } from '../../syntax/patch.js';
import { programOf, readFlags, type ShellCommand, type ShellWord } from '../../syntax/shell.js';
import type { Block } from '../../syntax/tree.js';
import type { Lowered, SiteSource, Unit } from '../dialect.js';
import { environmentOf, machine, type RunArguments, readRun } from '../machine.js';

/** More containers than this are started by no script that people write. */
const MAX_RUNS = 100;

export function lowerShell({ path, tree }: Unit): Lowered {
  const block = tree.documents[0]?.blocks[0]?.block;
  if (!block) return { sites: [], runners: [] };
  const file: File = { path, block, name: path.replace(/^.*\//, '') };
  const script = scriptOf(file);
  const commands = commandsOf([script]);
  const source = (key: string, lower: () => BuildSite): SiteSource => ({
    name: key,
    key,
    shared: String(block.id),
    lower: () => [lower()],
  });
  const own = new Set(commands.flatMap(({ shell }) => builtBy(shell)));
  const runs = commands
    .filter(({ nested }) => !nested)
    .flatMap(({ shell }) => runOf(file, shell))
    .filter(({ image }) => !own.has(image.text));
  return {
    sites: [
      source('script', () => ({ ...frame(file), scripts: [script], commands })),
      ...runs.slice(0, MAX_RUNS).map((run, i) => source(`run ${i}`, () => containerSite(file, run))),
    ],
    runners: [],
  };
}

interface File {
  readonly path: string;
  readonly block: Block;
  readonly name: string;
}

function placeAt({ path, block }: File, start: number, end: number): Place {
  return { path, block, start, end };
}

function scriptOf(file: File): ScriptText {
  const { text } = file.block;
  return {
    text,
    part: 'main',
    origin: { place: placeAt(file, 0, text.length), way: 'own' },
    place: (start, end) => placeAt(file, start, end),
  };
}

const NO_IMAGE: ImageRef = parseImage(literal(''));

/** A script on a machine that is not in view. */
function frame(file: File): BuildSite {
  const newline = file.block.text.indexOf('\n');
  const place = placeAt(file, 0, newline < 0 ? file.block.text.length : newline);
  const env = environmentOf(new Map());
  return {
    dialect: 'shell',
    path: file.path,
    root: file.path,
    name: file.name,
    place,
    hidden: false,
    everyRef: false,
    image: unknown('it runs on a machine that is not in view'),
    services: ABSENT,
    self: serviceOf(NO_IMAGE, place, { ...machine(file.name), entered: 'machine' }, ABSENT, ABSENT),
    neighbours: [],
    env,
    scripts: [],
    commands: [],
    tags: ABSENT,
    gaps: [],
  };
}

function serviceOf(
  ref: ImageRef,
  place: Place,
  container: Container,
  entrypoint: Known<readonly string[]>,
  command: Known<readonly string[]>,
  variables = environmentOf(new Map()),
): Service & { readonly container: Container } {
  const origin = { place, way: 'own' } as const;
  return {
    ref,
    origin,
    whole: ref.text.holes.length === 0,
    aliases: ABSENT,
    entrypoint,
    command,
    variables,
    container,
  };
}

interface Run {
  readonly run: RunArguments;
  readonly image: ShellWord;
  readonly rest: readonly ShellWord[];
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

const BUILD_FLAGS: ReadonlySet<string> = new Set(['-t', '--tag']);

/** The names of what a script builds itself, which may be called like an image of others. */
function builtBy(shell: ShellCommand): readonly string[] {
  const program = programOf(shell);
  if (program?.name !== 'docker' && program?.name !== 'podman') return [];
  const words = shell.words.slice(program.index + 1);
  if (!words.slice(0, 2).some(({ text }) => text === 'build')) return [];
  const { flags } = readFlags(words, BUILD_FLAGS, true);
  return flags.flatMap(({ name, value }) => (BUILD_FLAGS.has(name) && value ? [value.text] : []));
}

function textOf(word: ShellWord): Text {
  if (word.literal) return literal(word.text);
  const holes: string[] = [];
  const text = word.text.replace(
    /\$\{([^}]*)\}|\$(\w+)|\$\([^)]*\)|`[^`]*`/g,
    (_, braced?: string, bare?: string) => {
      holes.push((braced ?? bare ?? '…').replace(/\W.*$/, ''));
      return HOLE;
    },
  );
  return { text, holes };
}

function containerSite(file: File, { run, image, rest }: Run): BuildSite {
  const place = placeAt(file, image.start, image.end);
  const ref = parseImage(textOf(image));
  const origin = { place, way: 'own' } as const;
  const words = rest.every(({ literal: plain }) => plain);
  const command: Known<readonly string[]> =
    rest.length === 0
      ? ABSENT
      : words
        ? known(
            rest.map(({ text }) => text),
            { place: placeAt(file, rest[0]?.start ?? 0, rest.at(-1)?.end ?? 0), way: 'own' },
          )
        : unknown('a variable is among its arguments', origin);
  const env = environmentOf(run.env);
  const use: ImageUse = {
    ref,
    origin,
    whole: image.literal && image.quoted === undefined,
    entrypoint: run.entrypoint,
  };
  return {
    ...frame(file),
    place,
    image: known(use, origin),
    self: { ...serviceOf(ref, place, run.container, run.entrypoint, command, env), whole: use.whole },
    env,
  };
}

export function writeShell(intents: readonly Intent[], { path }: Unit): Written {
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    if (intent.kind === 'replace-words')
      edits.push({ start: intent.start, end: intent.end, newText: intent.text });
    else if (intent.kind === 'replace-value' && /^[\w./:@-]+$/.test(intent.value))
      edits.push({ start: intent.at.start, end: intent.at.end, newText: intent.value });
    else return { refused: 'a script says this in its commands, which are not written anew' };
  }
  return { edits: [{ path, edits }] };
}
