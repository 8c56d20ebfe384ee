/** Writes into what docker run is told of a container: an agent, or one that `inside` or `withRun` starts. */
import type { Intent } from '../../model/intent.js';
import { type Place, written } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Span } from '../../syntax/tree.js';
import { lineEndAt } from '../../syntax/yaml-lines.js';
import { readRunText } from '../machine.js';
import type { DockerAgent } from './agents.js';
import { walked } from './lower.js';
import type { JenkinsTree } from './read.js';
import { decode } from './strings.js';
import { isPlainWord, quoted, SLASHY } from './write-strings.js';

export type RunIntent = Intent & {
  readonly kind: 'set-variable' | 'set-service-variable' | 'set-service-key' | 'set-runner-key' | 'add-mount';
};

type Edit = TextEdit | string;

/** Words for the arguments of a container, or why there are none. */
type Words = readonly string[] | string;

/** What there is besides: the containers of the file, and what else is to be written. */
interface Context {
  readonly containers: readonly DockerAgent[];
  readonly all: readonly RunIntent[];
}

const OPEN = 'its arguments are not in view';
const GROOVY = 'a Jenkinsfile says this in Groovy, which is not written';

/** The arguments of each container are written as one. */
export function writeRuns(tree: JenkinsTree, intents: readonly RunIntent[]): readonly Edit[] {
  if (intents.length === 0) return [];
  const agents = walked(tree).scopes.flatMap(({ agent, beside }) => [agent, ...beside]);
  const containers = [...new Set(agents.filter(one => one.kind === 'docker'))];
  const added = new Map<DockerAgent, readonly string[]>();
  const edits: Edit[] = [];
  for (const intent of intents) {
    const [agent, more] = containers.filter(one => isAbout(one, intent));
    if (!agent || agent.open) return [OPEN];
    if (more || containers.some(one => one !== agent && one.args && one.args.start === agent.args?.start))
      return ['other containers have the same literal'];
    if (intent.kind === 'set-service-key') edits.push(putCommand(agent, intent));
    else {
      const words = wordsOf(agent, intent, { containers, all: intents });
      if (typeof words === 'string') return [words];
      added.set(agent, [...(added.get(agent) ?? []), ...words]);
    }
  }
  return [...edits, ...[...added].flatMap(([agent, words]) => append(tree.text, agent, words))];
}

/** A service is named by where its image stands, a container by where it is set up. */
function isAbout({ image, span }: DockerAgent, intent: RunIntent): boolean {
  if (intent.kind === 'set-service-variable' || intent.kind === 'set-service-key')
    return image?.inner.start === intent.service.start;
  return (intent.kind === 'set-variable' ? intent.site : intent.runner).start === span.start;
}

function wordsOf(agent: DockerAgent, intent: RunIntent, context: Context): Words {
  switch (intent.kind) {
    case 'set-variable':
    case 'set-service-variable':
      return isPlainWord(`${intent.name}=${intent.value}`)
        ? ['-e', `${intent.name}=${intent.value}`]
        : SLASHY;
    case 'set-runner-key':
      return intent.key === 'privileged' && intent.value === true ? ['--privileged'] : GROOVY;
    case 'add-mount':
      return mountWords(agent, intent.volume, context);
    default:
      return GROOVY;
  }
}

/**
 * A volume with a name would be that of all builds on the machine, so one that no container has yet gets none: docker
 * makes it for the daemon, and its clients take it from there.
 */
function mountWords(agent: DockerAgent, volume: string, { containers, all }: Context): Words {
  const [name = '', target = '', mode] = volume.split(':');
  const { mounts, linked, taken } = readArguments(agent);
  const isThere = mounts.some(mount => mount.target.replace(/(?<=.)\/+$/, '') === target);
  if (containers.some(one => readArguments(one).mounts.some(({ source }) => source === `volume:${name}`)))
    return isThere ? COVERED : isPlainWord(volume) ? ['-v', volume] : SLASHY;
  if (mode === undefined) return isThere ? [] : ['-v', target];
  const [other, more] = linked;
  const isSame = all.some(one => one.kind === 'add-mount' && one.volume === `${name}:${target}`);
  if (isThere) return COVERED;
  if (other === undefined || more !== undefined || !isSame)
    return 'nothing names the container that has the certificates';
  return taken.includes(other) ? [] : ['--volumes-from', `${other}:ro`];
}

const COVERED = 'another volume is mounted there';

/** What the arguments say of folders, of the containers that they link to and whose volumes they take, as written. */
function readArguments({ args }: DockerAgent) {
  const text = args ? decode(args).text : '';
  const nowhere: Place = { path: '', block: { id: 0, text }, start: 0, end: 0 };
  const { container, links, volumesFrom } = readRunText('', text, () => nowhere);
  return {
    mounts: written(container.mounts) ?? [],
    linked: links.map(link => link.replace(/:[\w.-]+$/, '')),
    taken: volumesFrom.map(one => one.replace(/:r[ow]$/, '')),
  };
}

/** Behind the last argument, or as the first. */
function append(text: string, agent: DockerAgent, words: readonly string[]): readonly Edit[] {
  const { args } = agent;
  if (words.length === 0) return [];
  const line = words.join(' ');
  if (!args) return [firstArguments(text, agent, line)];
  const own = args.text.trimEnd();
  const isKept = (word: string): boolean =>
    isPlainWord(word) || (args.interpolates && args.text.includes(word.replace(/:ro$/, '')));
  if (args.escapes !== 'backslash' || own.endsWith('\\') || !words.every(isKept)) return [SLASHY];
  const at = args.inner.start + own.length;
  return [{ start: at, end: at, newText: own === '' ? line : ` ${line}` }];
}

/** In the parentheses of `inside` or `withRun`, which are made where there are none, or on a line below the image. */
function firstArguments(text: string, { called, image }: DockerAgent, line: string): Edit {
  if (!called) return image ? belowImage(text, image, line) : GROOVY;
  const [parenthesis, inner] = /^[ \t]*\((\s*\))?/.exec(text.slice(called.end)) ?? [];
  if (parenthesis === undefined) return { start: called.end, end: called.end, newText: `(${quoted(line)})` };
  const at = text.indexOf('(', called.end) + 1;
  return inner === undefined ? OPEN : { start: at, end: at, newText: quoted(line) };
}

/** `image '…'` on a line of its own. */
function belowImage(text: string, { start, end }: Span, line: string): Edit {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const stop = lineEndAt(text, end);
  const [, indent] = /^([ \t]*)image[ \t(]*$/.exec(text.slice(from, start)) ?? [];
  if (indent === undefined || !/^[ \t)]*$/.test(text.slice(end, stop))) return GROOVY;
  const lineBreak = text[stop] === '\r' ? '\r\n' : '\n';
  return { start: stop, end: stop, newText: `${lineBreak}${indent}args ${quoted(line)}` };
}

/** Behind the arguments, in the place of what is there. */
function putCommand(
  { args, command }: DockerAgent,
  intent: RunIntent & { readonly kind: 'set-service-key' },
): Edit {
  if (intent.key !== 'command') return GROOVY;
  if (!args) return OPEN;
  const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
  if (!words.every(isPlainWord)) return SLASHY;
  const text = words.join(' ');
  return command
    ? { start: command.inner.start, end: command.inner.end, newText: text }
    : { start: args.end, end: args.end, newText: `, ${quoted(text)}` };
}
