/** What a container of a pod runs: its command and arguments as words, and the scripts in them. */
import type { ScriptText } from '../model/build-site.js';
import { type Known, known, type Origin, type Place, placeOf, unknown } from '../model/known.js';
import { HOLE, isLiteral } from '../model/text.js';
import { scalarMap } from '../syntax/scalar-map.js';
import type { MapNode, Node, ScalarNode } from '../syntax/tree.js';
import { field, itemsOf, originOf, type PodFile, sure, withHoles } from './pod-values.js';

/** `command` takes the place of the image's ENTRYPOINT, `args` that of its CMD. Both are lists of words. */
export function readWords(
  file: PodFile,
  container: MapNode,
  key: 'command' | 'args',
): Known<readonly string[]> {
  const found = field(file, container, key);
  const script = field(file, container, 'script');
  // Tekton runs it in the place of both.
  if (script?.node)
    return sure(file, key === 'command' ? known(['sh'], originOf(file, script)) : { state: 'absent' });
  if (!found?.node) return sure(file, { state: 'absent' });
  const texts = itemsOf(file, found.node).map(item =>
    item.kind === 'scalar' ? withHoles(item.text) : undefined,
  );
  const origin = originOf(file, found);
  if (found.node.kind !== 'seq' || !texts.every(text => text !== undefined && isLiteral(text)))
    return unknown(`its ${key} holds parts that are not known`, origin);
  return sure(
    file,
    known(
      texts.map(text => text?.text ?? ''),
      origin,
    ),
  );
}

const SHELL = /^(?:.*\/)?(?:ba|da|a|k|z)?sh$/;
const SCRIPT_FLAG = /^-[a-z]*c$/;

/** What the image of kaniko runs by itself, in front of its arguments. */
export const KANIKO = '/kaniko/executor';

/**
 * The text that a shell gets with `-c`, or Tekton's `script`, else the words of its command as a list. `program` is what
 * the image runs by itself.
 */
export function scriptIn(
  file: PodFile,
  container: MapNode,
  program: string | undefined,
):
  | { readonly text: ScalarNode }
  | { readonly words: readonly Node[]; readonly program?: string }
  | undefined {
  const script = field(file, container, 'script')?.node;
  if (script?.kind === 'scalar')
    return /^#!(?!.*\b(?:ba|da|a)?sh\b)/.test(script.text) ? undefined : { text: script };
  const command = itemsOf(file, field(file, container, 'command')?.node);
  const args = itemsOf(file, field(file, container, 'args')?.node);
  const words = [...command, ...args];
  const flag = words.findIndex(item => item.kind === 'scalar' && SCRIPT_FLAG.test(item.text));
  const shell = flag > 0 ? words[flag - 1] : undefined;
  const text = shell?.kind === 'scalar' && SHELL.test(shell.text) ? words[flag + 1] : undefined;
  if (text?.kind === 'scalar') return { text };
  if (command.length > 0) return { words };
  return args.length > 0 && program !== undefined ? { words, program } : undefined;
}

export function readScripts(
  file: PodFile,
  container: MapNode,
  program: string | undefined,
): readonly ScriptText[] {
  const found = scriptIn(file, container, program);
  if (!found) return [];
  return 'text' in found ? [scriptOf(file, found.text)] : [lineOf(file, found.words, found.program)];
}

/** What was taken out, and what Tekton puts in; `$(name)` is a command to a shell where no shell is left out. */
const FILLED = new RegExp(
  `${HOLE}{4,}|\\$\\((?:params|workspaces|context|results|steps?|tasks|inputs|outputs)\\b[^)]*\\)`,
  'g',
);
const VARIABLE = /\$\([\w.-]+\)/g;

/** What is filled in is a variable to the shell, of the same length so that offsets stay. */
function forShell(raw: string, filled = FILLED): string {
  return raw.replace(filled, part => `\${${'_'.repeat(part.length - 3)}}`);
}

function scriptOf(file: PodFile, node: ScalarNode): ScriptText {
  const whole = placeOf(file.path, node);
  return {
    text: forShell(node.text),
    part: 'main',
    origin: { place: whole, way: 'own' },
    place(start, end): Place {
      const span = scalarMap(node).toSource(start, end);
      return span ? { ...whole, ...span } : whole;
    },
  };
}

/** An item of a list of words, with where it stands in the line that they make. */
export interface LineWord {
  readonly start: number;
  readonly end: number;
  readonly item: Node;
}

/** Words without a shell: quoted, so that they stay what they are. */
export function lineFrom(
  items: readonly Node[],
  program: string | undefined,
): { readonly text: string; readonly words: readonly LineWord[] } {
  const words: LineWord[] = [];
  let text = program ?? '';
  for (const item of items) {
    if (text !== '') text += ' ';
    const start = text.length;
    text += item.kind === 'scalar' ? quoted(forShell(forShell(item.text), VARIABLE)) : "''";
    words.push({ start, end: text.length, item });
  }
  return { text, words };
}

function lineOf(file: PodFile, items: readonly Node[], program: string | undefined): ScriptText {
  const line = lineFrom(items, program);
  const { text } = line;
  const words = line.words.map(({ item, ...word }) => ({ ...word, place: placeOf(file.path, item) }));
  const [first, last] = [words[0]?.place, words.at(-1)?.place] as [Place, Place];
  const whole = first.block === last.block ? { ...first, end: last.end } : first;
  const origin: Origin = { place: whole, way: 'own' };
  const place = (start: number, end: number): Place => {
    const from = words.find(word => word.end >= start)?.place ?? first;
    const to = words.findLast(word => word.start < Math.max(end, start + 1))?.place ?? from;
    return from.block === to.block ? { ...from, end: Math.max(from.end, to.end) } : from;
  };
  return { text, part: 'main', bare: true, origin, place };
}

function quoted(word: string): string {
  if (/\$\{_+\}/.test(word)) return `"${word.replace(/(["\\`])/g, '\\$1')}"`;
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
