/** Translates the script of a job that builds with docker for Buildah, word by word: both have the same commands. */
import { LOGIN_FLAGS_WITH_VALUE } from '../../catalog/logins.js';
import type { BuildSite, Command, ScriptText } from '../../model/build-site.js';
import { type Build, buildsOf, valuesOf } from '../../rules/builds.js';
import type { DockerCommand } from '../../rules/docker-commands.js';
import type { TextEdit } from '../../syntax/patch.js';
import { programOf, readFlags, type ShellFlag, type ShellWord } from '../../syntax/shell.js';
import type { ToolUse } from '../../trace/tools.js';
import { checkGlobalFlags, contextOf } from './image-build.js';
import { isSwitch } from './layout.js';
import { hostOfLogin, isPlainlyRun } from './login.js';
import { refuse } from './refusal.js';
import { dockerRole, nameOf, type ScriptParts, scriptParts, spotOf } from './script-parts.js';
import { pullsCache, setsSwitches } from './sorting.js';
import type { Pipeline } from './statements.js';
import {
  BUILD,
  buildahMeaning,
  checkPlatform,
  checkRegistry,
  pushCommand,
  typeOfSecret,
} from './to-buildah.js';
import { droppable } from './translate.js';
import { type Translation, textsAfter } from './translation.js';
import { type Value, valueAt } from './values.js';

/** What has been found so far. */
interface Work {
  readonly parts: ScriptParts;
  readonly site: BuildSite;
  readonly edits: Map<ScriptText, TextEdit[]>;
  readonly changes: Map<Pipeline, 'left out'>;
  readonly notes: Set<string>;
  /** Values of --cache-from in all builds. */
  readonly caches: readonly Value[];
}

/** @throws Refusal for what cannot be translated with the same outcome */
export function translateForBuildah(site: BuildSite): Translation {
  const parts = scriptParts(site);
  const other = parts.uses.find(({ tool }) => tool !== 'docker');
  if (other) refuse(`The job also runs ${other.tool}, which stays as it is in no conversion.`, other.command);
  const builds = buildsOf(parts.uses);
  const caches = builds.flatMap(build =>
    valuesOf(build, '--cache-from').flatMap(
      value => valueAt(build.command.script.text, value, value.word) ?? [],
    ),
  );
  const work: Work = { parts, site, edits: new Map(), changes: new Map(), notes: new Set(), caches };
  for (const use of parts.uses) addUse(work, use);
  if (builds.length === 0) refuse('The script builds no image.', site.place);
  for (const command of site.commands) {
    if (parts.spots.has(command) && setsSwitches(command))
      work.changes.set(droppable(parts, command), 'left out');
  }
  const left = [...work.changes.keys()].flatMap(({ commands }) => commands);
  return {
    texts: textsAfter(parts.statements, work.changes, work.edits),
    notes: [...work.notes],
    translated: new Set([...parts.uses.map(({ command }) => command), ...left]),
  };
}

function addUse(work: Work, use: ToolUse): void {
  const { command } = use;
  const { role, docker } = dockerRole(use);
  const isCache = role === 'pull' && docker !== undefined && pullsCache(work.site, work.caches, docker);
  if (role === 'gone' || isCache || !docker) {
    work.changes.set(droppable(work.parts, command), 'left out');
    return;
  }
  if (command.nested || !isPlainlyRun(command)) {
    if (command.nested) spotOf(work.parts, command);
    refuse(`${command.shell.words[0]?.text} is not there in the new job.`, command);
  }
  checkGlobalFlags(command, docker.before);
  for (const { name, start } of command.shell.assignments) {
    if (isSwitch(name)) edit(work, command, start, nextStart(command, start), '');
  }
  if (role === 'build') addBuild(work, use, docker);
  else if (role === 'login') addLogin(work, docker);
  else addNamed(work, docker, role);
}

function edit({ edits }: Work, { script }: Command, start: number, end: number, newText: string): void {
  edits.set(script, [...(edits.get(script) ?? []), { start, end, newText }]);
}

/** Where the piece of a command behind the one that starts at `start` begins. */
function nextStart({ shell }: Command, start: number): number {
  return [...shell.assignments, ...shell.words].find(piece => piece.start > start)?.start ?? shell.end;
}

/** The program with its subcommand, and flags between them. */
function replaceName(work: Work, { command, words }: DockerCommand, name: string): void {
  const { shell } = command;
  const program = shell.words[programOf(shell)?.index ?? 0];
  const [next] = words;
  const last = shell.words[next ? shell.words.indexOf(next) - 1 : shell.words.length - 1];
  if (program && last) edit(work, command, program.start, last.end, name);
}

function addLogin(work: Work, docker: DockerCommand): void {
  const { command, words } = docker;
  const { flags, operands } = readFlags(words, LOGIN_FLAGS_WITH_VALUE);
  const other = flags.find(({ name }) => !/^(?:-[up]|--username|--password|--password-stdin)$/.test(name));
  if (other) refuse(`docker login gets ${other.name}, which cannot be translated.`, command);
  replaceName(work, docker, 'buildah login');
  const [registry, more] = operands;
  if (more) refuse('The registry of the login cannot be told.', command);
  if (!registry) {
    const end = words.at(-1)?.end ?? command.shell.end;
    edit(work, command, end, end, ' docker.io');
  } else if (/^https:\/\/index\.docker\.io(?:\/v1\/?)?$/.test(registry.text))
    edit(work, command, registry.start, registry.end, 'docker.io');
  else if (hostOfLogin(registry.text) !== undefined)
    edit(work, command, registry.start, registry.end, hostOfLogin(registry.text) ?? '');
  else if (registry.text.includes('/') || registry.text.includes('CI_REGISTRY_IMAGE'))
    refuse(`The login is for ${registry.text}; name the host of the registry alone.`, command);
}

function addNamed(work: Work, docker: DockerCommand, role: 'push' | 'tag' | 'pull'): void {
  const { command, words } = docker;
  const { flags, operands } = readFlags(words, new Set(['--platform']));
  const other = flags.find(({ name }) => !/^(?:-q|--quiet)$/.test(name));
  if (other) refuse(`docker ${role} gets ${other.name}, which cannot be translated.`, command);
  const values = operands.flatMap(word => valueAt(command.script.text, word, word) ?? []);
  if (values.length !== (role === 'tag' ? 2 : 1))
    refuse(`What ${nameOf(command)} is about cannot be told.`, command);
  if (role !== 'tag') for (const value of values) checkRegistry(work.site, command, value);
  replaceName(work, docker, `buildah ${role}`);
}

function addBuild(work: Work, use: ToolUse, docker: DockerCommand): void {
  const [build] = buildsOf([use]);
  if (!build) return;
  contextOf(work.site, build);
  replaceName(work, docker, BUILD);
  const flags = build.flags.filter(flag => !docker.before.includes(flag));
  const pushes = flags.filter(flag => readFlag(work, build, flag) === 'push').length > 0;
  if (pushes) addPushes(work, build);
}

/** Leaves a flag, or takes it away; tells whether it asks for a push. */
function readFlag(work: Work, { command, flags }: Build, flag: ShellFlag): 'push' | undefined {
  const { name, value, word } = flag;
  const meaning = buildahMeaning(name);
  const drop = (): void => {
    if (flags.some(one => one !== flag && one.word === word))
      refuse(`${word.text} holds several flags, one of which cannot stay.`, command);
    const words = command.shell.words;
    const before = words[words.indexOf(word) - 1];
    edit(work, command, before?.end ?? word.start, value?.word.end ?? word.end, '');
  };
  if (name === '--secret') secretOfFile(work, command, flag);
  if (meaning === 'alike') return undefined;
  if (meaning === undefined) return refuse(`${name} cannot be translated.`, command);
  if (meaning === 'platform') checkPlatform(work.site, command, value?.text ?? '');
  else if (meaning === 'output') return readOutput(command, value?.word, drop);
  else if (meaning === 'default only' && value?.text !== 'default')
    refuse(`${name} cannot be translated.`, command);
  else drop();
  if (typeof meaning === 'object' && meaning.dropped !== '' && value?.text !== 'false')
    work.notes.add(meaning.dropped);
  return name === '--push' && value?.text !== 'false' ? 'push' : undefined;
}

function secretOfFile(work: Work, command: Command, { value }: ShellFlag): void {
  const text = value?.text ?? '';
  if (!value || /(?:^|,)source=/i.test(text)) refuse(`--secret ${text} cannot be translated.`, command);
  const end = value.end - (value.word.parts.at(-1)?.quote === 'none' ? 0 : 1);
  const type = typeOfSecret(text);
  if (type) edit(work, command, end, end, type);
}

function readOutput(command: Command, word: ShellWord | undefined, drop: () => void): 'push' | undefined {
  const text = word?.text ?? '';
  if (/(?:^|=)type=registry$/.test(text)) {
    drop();
    return 'push';
  }
  if (!/type=(?:local|tar),dest=/.test(text)) refuse(`--output ${text} cannot be translated.`, command);
  return undefined;
}

/** A build that pushes as well becomes several commands, which must be free to stand in a row. */
function addPushes(work: Work, build: Build): void {
  const { command } = build;
  const { pipeline } = spotOf(work.parts, command);
  const tags = valuesOf(build, '--tag', '-t').map(
    value =>
      valueAt(command.script.text, value, value.word) ??
      refuse(`${value.text} cannot be read by itself.`, command),
  );
  if (tags.length === 0) refuse('The build names no image to push.', command);
  if (pipeline.commands.length > 1 || pipeline.operator === '||')
    refuse('The build pushes as well, which takes several commands where it stands.', command);
  const pushes = tags.map(tag => ` && ${pushCommand(work.site, command, tag)}`).join('');
  edit(work, command, command.shell.end, command.shell.end, pushes);
}
