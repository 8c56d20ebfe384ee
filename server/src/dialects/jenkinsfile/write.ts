/** Writes changes into Jenkinsfiles. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { GroovyString } from '../../syntax/groovy-tokens.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Span } from '../../syntax/tree.js';
import { lineEndAt } from '../../syntax/yaml-lines.js';
import type { Unit } from '../dialect.js';
import { joined } from '../write-edits.js';
import type { JenkinsTree } from './read.js';
import { decode, sourceRange } from './strings.js';
import { type RunIntent, writeRuns } from './write-run.js';
import { escaped, putFlag, quoted, SLASHY, stringAround, stringsOf } from './write-strings.js';

type Edit = TextEdit | string | undefined;

export function writeJenkins(intents: readonly Intent[], { tree, path }: Unit): Written {
  const { text } = tree;
  const strings = stringsOf(text);
  const ofRuns = intents.filter((intent): intent is RunIntent => isOfRun(intent));
  const written = [
    ...intents.filter(intent => !isOfRun(intent)).map(intent => writeOne(text, strings, intent) ?? GONE),
    ...writeRuns(tree as JenkinsTree, ofRuns),
  ];
  const refused = written.find(edit => typeof edit === 'string');
  if (refused !== undefined) return { refused };
  return { edits: [{ path, edits: joined(written.filter(edit => typeof edit !== 'string')) }] };
}

const GONE = 'the place cannot be found in the file any more';

/** About what `docker run` is told of a container. */
function isOfRun(intent: Intent): boolean {
  if (intent.kind === 'set-variable') return intent.near === undefined;
  return /^(?:set-service-variable|set-service-key|set-runner-key|add-mount)$/.test(intent.kind);
}

function writeOne(text: string, strings: readonly GroovyString[], intent: Intent): Edit {
  switch (intent.kind) {
    case 'replace-value':
      return replace(strings, intent.at, intent.value);
    case 'replace-words':
      return replaceWords(strings, intent);
    case 'replace-entry':
      return replaceEntry(text, strings, intent);
    case 'remove-entry':
      return remove(text, strings, intent.entry);
    case 'set-variable':
      return intent.near && beside(text, strings, intent.near, intent.name, intent.value);
    default:
      return 'a Jenkinsfile says this in Groovy, which is not written';
  }
}

function replace(strings: readonly GroovyString[], at: Place, value: string): Edit {
  const string = stringAround(strings, at);
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

/** `NAME = 'value'` of an environment block, or `env.NAME = 'value'`, on a line of its own. */
const ASSIGNMENT = /^[ \t]*(?:env\.)?\w+[ \t]*=[ \t]*(['"]).*\1[ \t]*(?:\/\/.*)?$/;

function lineAround(text: string, { start, end }: Place): Span {
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEndAt(text, end) };
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
  const string = stringAround(strings, entry);
  if (string) return putFlag(string, entry, `-e ${name}=${value}`);
  if (!isAssignment(text, entry)) return ODD;
  const owner = /^env\./.exec(text.slice(entry.start))?.[0] ?? '';
  return { start: entry.start, end: entry.end, newText: `${owner}${name} = ${quoted(value)}` };
}

/** Among the arguments of docker run, in the list of withEnv, or as a line of an environment block. */
function beside(
  text: string,
  strings: readonly GroovyString[],
  near: Place,
  name: string,
  value: string,
): Edit {
  const string = stringAround(strings, near);
  const isFlag = /^-e |^--env[ =]/.test(text.slice(near.start, near.end));
  if (string && isFlag) return putFlag(string, { start: near.end, end: near.end }, ` -e ${name}=${value}`);
  if (strings.some(one => one.start === near.start && one.end === near.end))
    return { start: near.end, end: near.end, newText: `, ${quoted(`${name}=${value}`)}` };
  if (string || !isAssignment(text, near)) return ODD;
  const line = lineAround(text, near);
  const indent = /^[ \t]*(?:env\.)?/.exec(text.slice(line.start))?.[0] ?? '';
  const lineBreak = text[line.end] === '\r' ? '\r\n' : '\n';
  return { start: line.end, end: line.end, newText: `${lineBreak}${indent}${name} = ${quoted(value)}` };
}

/** A line of an environment block, or a flag among the arguments of docker run. */
function remove(text: string, strings: readonly GroovyString[], entry: Place): Edit {
  const string = stringAround(strings, entry);
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
