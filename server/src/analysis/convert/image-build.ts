/** What a command builds, in terms of no tool, and how it is read from the flags of docker. */
import type { BuildSite, Command } from '../../model/build-site.js';
import { type Build, buildsOf } from '../../rules/builds.js';
import { dockerCommand, mayHoldFlags, settledText } from '../../rules/docker-commands.js';
import type { ShellFlag } from '../../syntax/shell.js';
import type { ToolUse } from '../../trace/tools.js';
import { DOCKER_FLAGS, type Field, type FlagMeanings, GLOBAL_FLAGS } from './flags.js';
import { refuse } from './refusal.js';
import { type Value, valueAt } from './values.js';

export interface ImageBuild {
  readonly command: Command;
  /** A folder. */
  readonly context: Value;
  /** Counts from the working directory; missing for the `Dockerfile` of the context. */
  readonly file: Value | undefined;
  /** Every value of a flag, in the order in which they are given. */
  readonly values: Readonly<Partial<Record<Field, readonly Value[]>>>;
  readonly noCache: boolean;
  /** The command itself pushes all of its tags. */
  readonly pushes: boolean;
  /** Build arguments without a value are empty where the environment has none; docker leaves those out. */
  readonly emptyArgs: boolean;
}

/** The values of one field. */
export function valuesIn(build: ImageBuild, field: Field): readonly Value[] {
  return build.values[field] ?? [];
}

/**
 * The build of a docker command; `undefined` for a command that builds nothing. `say` gets what the new job will lack.
 * @throws Refusal naming the flag that cannot be translated
 */
export function dockerBuild(
  site: BuildSite,
  use: ToolUse,
  say: (sentence: string) => void,
): ImageBuild | undefined {
  const [build] = buildsOf([use]);
  if (!build || use.tool !== 'docker') return undefined;
  const before = dockerCommand(use)?.before ?? [];
  checkGlobalFlags(use.command, before);
  const flags = build.flags.filter(flag => !before.includes(flag));
  const fields = readFields(use.command, flags, DOCKER_FLAGS, say);
  return {
    command: use.command,
    context: contextOf(site, build),
    file: fields.values.file?.at(-1),
    values: fields.values,
    noCache: fields.on.has('--no-cache'),
    pushes: fields.on.has('--push') || pushesByOutput(site, use.command, fields.values.output ?? []),
    emptyArgs: false,
  };
}

/** Flags in front of the subcommand, which choose a daemon or a configuration. */
export function checkGlobalFlags(command: Command, flags: readonly ShellFlag[]): void {
  const other = flags.find(({ name }) => !GLOBAL_FLAGS.includes(name));
  if (other) refuse(`docker gets ${other.name}, which the new job has no use for.`, command);
}

interface Fields {
  readonly values: Partial<Record<Field, Value[]>>;
  /** Switches that are given, and not as `--x=false`. */
  readonly on: ReadonlySet<string>;
}

export function readFields(
  command: Command,
  flags: readonly ShellFlag[],
  meanings: FlagMeanings,
  say: (sentence: string) => void,
): Fields {
  const values: Partial<Record<Field, Value[]>> = {};
  const on = new Set<string>();
  for (const flag of flags) {
    const meaning = Object.hasOwn(meanings, flag.name) ? meanings[flag.name] : undefined;
    if (meaning === undefined) refuse(`${flag.name} cannot be translated.`, command);
    else if (meaning === 'switch') readSwitch(command, flag, on);
    else if (meaning === 'default only') onlyDefault(command, flag);
    else if (typeof meaning === 'object') {
      if (meaning.dropped !== '' && flag.value?.text !== 'false') say(meaning.dropped);
    } else values[meaning] = [...(values[meaning] ?? []), flagValue(command, flag)];
  }
  return { values, on };
}

function readSwitch(command: Command, { name, value }: ShellFlag, on: Set<string>): void {
  if (value && !/^(?:true|false)$/.test(value.text))
    refuse(`What ${name}=${value.text} comes to cannot be told.`, command);
  if (value?.text === 'false') on.delete(name);
  else on.add(name);
}

function onlyDefault(command: Command, { name, value }: ShellFlag): void {
  if (value?.text !== 'default') refuse(`${name} cannot be translated.`, command);
}

function flagValue(command: Command, { name, value }: ShellFlag): Value {
  const read = value && valueAt(command.script.text, value, value.word);
  return read ?? refuse(`The value of ${name} cannot be read by itself.`, command);
}

/**
 * The folder that a build is made from.
 * @throws Refusal for what may be no folder
 */
export function contextOf(site: BuildSite, build: Build): Value {
  const { command, operands } = build;
  const [word, more] = operands;
  if (!word) return refuse('The build names no folder to build from.', command);
  if (more) {
    const unclear = operands.find(mayHoldFlags) ?? more;
    refuse(`What ${unclear.text} stands for in the build cannot be told.`, command);
  }
  const value = valueAt(command.script.text, word, word);
  if (command.shell.redirects.some(({ operator }) => operator.startsWith('<')) || word.text === '-')
    refuse('The build reads its Dockerfile or context from standard input.', command);
  if (!value || !isFolder(site, value))
    refuse(`Whether ${word.text} is a folder of the job cannot be told.`, command);
  return value;
}

const ELSEWHERE = /^(?:-$|https?:|git[:@]|ssh:|github\.com\/)|\.git(?:#|$)/;
const FOLDERS = /^\$\{?(?:CI_PROJECT_DIR|CI_BUILDS_DIR|PWD|HOME)\}?(?:\/|$)/;

/** Docker takes addresses and archives too, which is another thing. */
function isFolder(site: BuildSite, { word }: Value): boolean {
  const text = settledText(site, word.text);
  if (text !== undefined) return text !== '' && !ELSEWHERE.test(text);
  const startsAsPath = word.parts[0]?.kind === 'text' && word.parts[0].text !== '';
  return (startsAsPath || FOLDERS.test(word.text)) && !ELSEWHERE.test(word.text);
}

/** `--output type=registry` pushes; folders and archives are written as they are. */
function pushesByOutput(site: BuildSite, command: Command, outputs: readonly Value[]): boolean {
  return outputs.some(({ word }) => {
    const fields = (settledText(site, word.text) ?? word.text).split(',');
    if (fields.includes('type=registry') && fields.length === 1) return true;
    const type = fields.find(field => field.startsWith('type='))?.slice('type='.length);
    const copies = /^(?:local|tar|oci)$/.test(type ?? '') && fields.some(field => field.startsWith('dest='));
    return copies ? false : refuse(`--output ${word.text} cannot be translated.`, command);
  });
}
