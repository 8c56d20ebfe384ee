/** Writes changes into Jenkinsfiles. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import { type GroovyString, groovyTokens } from '../../syntax/groovy-tokens.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Unit } from '../dialect.js';
import { joined } from '../write-edits.js';
import { walked } from './lower.js';
import type { JenkinsTree } from './read.js';
import { decode, sourceRange } from './strings.js';

type Edit = TextEdit | string | undefined;

export function writeJenkins(intents: readonly Intent[], { tree, path }: Unit): Written {
  const strings = groovyTokens(tree.text).tokens.filter(token => token.kind === 'string');
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    const edit =
      writeOne(tree as JenkinsTree, strings, intent) ?? 'the place cannot be found in the file any more';
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path, edits: joined(edits) }] };
}

function writeOne(tree: JenkinsTree, strings: readonly GroovyString[], intent: Intent): Edit {
  const { text } = tree;
  switch (intent.kind) {
    case 'replace-value':
      return replace(strings, intent.at, intent.value);
    case 'replace-words':
      return replaceWords(strings, intent);
    case 'replace-entry':
      return replaceEntry(text, strings, intent);
    case 'remove-entry':
      return remove(text, strings, intent.entry);
    case 'set-service-variable':
    case 'set-service-key':
      return changeRun(tree, intent);
    case 'set-variable':
      return intent.near
        ? beside(text, strings, intent.near, intent.name, intent.value)
        : 'it is not clear which environment block of the pipeline is to hold the variable';
    default:
      return 'a Jenkinsfile says this in Groovy, which is not written';
  }
}

function around(strings: readonly GroovyString[], { start, end }: Place): GroovyString | undefined {
  return strings.find(({ inner }) => inner.start <= start && inner.end >= end);
}

/** A text as it stands between the quotes of a string. */
function escaped(string: GroovyString, value: string): string | undefined {
  if (value.includes('\n') && !string.lines) return undefined;
  const quote = string.interpolates ? '"' : "'";
  const plain = value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return string.interpolates ? plain.replaceAll('$', '\\$') : plain;
}

const SLASHY = 'the string is written in a way that cannot hold the change';

function replace(strings: readonly GroovyString[], at: Place, value: string): Edit {
  const string = around(strings, at);
  if (!string) return 'there is no literal text that could be replaced';
  const newText = escaped(string, value);
  return newText === undefined ? SLASHY : { start: at.start, end: at.end, newText };
}

function replaceWords(
  strings: readonly GroovyString[],
  intent: Intent & { readonly kind: 'replace-words' },
): Edit {
  const string = strings.find(
    ({ inner }) => inner.start === intent.script.start && inner.end === intent.script.end,
  );
  if (!string) return undefined;
  const range = sourceRange(string, decode(string), intent.start, intent.end);
  // Variables of Groovy stay what they are.
  const kept = string.holes.some(({ start, end }) => {
    const from = string.inner.start;
    return from + start < range.end && from + end > range.start;
  });
  if (kept) return 'Groovy puts something into the part that would be replaced';
  const newText = escaped(string, intent.text);
  return newText === undefined ? SLASHY : { ...range, newText };
}

/** `NAME = 'value'` of an environment block; other ways to set a variable are refused. */
const ASSIGNMENT = /^[ \t]*\w+[ \t]*=[ \t]*(['"]).*\1[ \t]*$/;

function lineAround(text: string, { start, end }: Place): { readonly start: number; readonly end: number } {
  const newline = text.indexOf('\n', end);
  const stop = newline < 0 ? text.length : newline;
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: text[stop - 1] === '\r' ? stop - 1 : stop };
}

function isAssignment(text: string, entry: Place): boolean {
  const line = lineAround(text, entry);
  return ASSIGNMENT.test(text.slice(line.start, line.end));
}

const ODD = 'the variable is set in another way than a line of an environment block';

function replaceEntry(
  text: string,
  strings: readonly GroovyString[],
  { entry, name, value }: Intent & { readonly kind: 'replace-entry' },
): Edit {
  const string = around(strings, entry);
  if (string) return flag(string, entry.start, entry.end, `-e ${name}=${value}`);
  if (!isAssignment(text, entry)) return ODD;
  return { start: entry.start, end: entry.end, newText: `${name} = ${quoted(value)}` };
}

/** Among the arguments of docker run, or as a line of an environment block. */
function beside(
  text: string,
  strings: readonly GroovyString[],
  near: Place,
  name: string,
  value: string,
): Edit {
  const string = around(strings, near);
  const isFlag = /^-e |^--env[ =]/.test(text.slice(near.start, near.end));
  if (string && isFlag) return flag(string, near.end, near.end, ` -e ${name}=${value}`);
  if (string || !isAssignment(text, near)) return ODD;
  const line = lineAround(text, near);
  const indent = /^[ \t]*/.exec(text.slice(line.start))?.[0] ?? '';
  const lineBreak = text[line.end] === '\r' ? '\r\n' : '\n';
  return { start: line.end, end: line.end, newText: `${lineBreak}${indent}${name} = ${quoted(value)}` };
}

/** Arguments of docker run are split at spaces; one with anything that Groovy or a shell might read is not written. */
function flag(string: GroovyString, start: number, end: number, words: string): Edit {
  if (!/^ ?-e [\w./:@,=+-]*$/.test(words)) return SLASHY;
  const newText = escaped(string, words);
  return newText === undefined ? SLASHY : { start, end, newText };
}

type ServiceIntent = Intent & { readonly kind: 'set-service-variable' | 'set-service-key' };

/** A container that `withRun` starts, found by where its image stands. */
function changeRun(tree: JenkinsTree, intent: ServiceIntent): Edit {
  const { start } = intent.service;
  const agents = walked(tree).scopes.flatMap(({ agent, beside: others }) => [agent, ...others]);
  const run = agents.find(one => one.kind === 'docker' && one.image?.inner.start === start);
  if (run?.kind !== 'docker' || run.open || !run.args) return 'its arguments are not in view';
  const { args, command } = run;
  if (intent.kind === 'set-service-variable')
    return flag(args, args.inner.end, args.inner.end, ` -e ${intent.name}=${intent.value}`);
  if (intent.key !== 'command') return 'a Jenkinsfile says this in Groovy, which is not written';
  const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
  if (!words.every(word => /^[\w./:@,=+-]+$/.test(word))) return SLASHY;
  const text = words.join(' ');
  return command
    ? { start: command.inner.start, end: command.inner.end, newText: text }
    : { start: args.end, end: args.end, newText: `, ${quoted(text)}` };
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A line of an environment block, or a flag among the arguments of docker run. */
function remove(text: string, strings: readonly GroovyString[], entry: Place): Edit {
  const string = around(strings, entry);
  if (string) {
    const before = text[entry.start - 1] === ' ' ? 1 : 0;
    const behind = before === 0 && text[entry.end] === ' ' ? 1 : 0;
    return { start: entry.start - before, end: entry.end + behind, newText: '' };
  }
  if (!isAssignment(text, entry)) return ODD;
  const line = lineAround(text, entry);
  const newline = text.indexOf('\n', line.end);
  return { start: line.start, end: newline < 0 ? text.length : newline + 1, newText: '' };
}
