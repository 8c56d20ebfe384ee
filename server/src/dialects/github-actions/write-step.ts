/** Writes changes to steps: inputs of actions that stand for words of a command, and steps in front of others. */
import type { Intent } from '../../model/intent.js';
import type { TextEdit } from '../../syntax/patch.js';
import { readFlags, readShell, type ShellFlag } from '../../syntax/shell.js';
import { type Entry, type MapNode, type Node, sourceOf, type Tree } from '../../syntax/tree.js';
import { entryAt, insertEntries, replaceEntry, replaceInScalar, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, nodeAt, rootOfBlock } from '../../syntax/yaml-find.js';
import { actionText, type Segment } from './action-script.js';
import { BUILD_PUSH, commandOf, type FlagRow } from './actions.js';
import { inputsOf } from './steps.js';
import type { Source } from './values.js';

type ReplaceWords = Intent & { readonly kind: 'replace-words' };

/** Puts words of an action's command into its inputs; `undefined` for a script that is written out. */
export function writeInput(source: Source, intent: ReplaceWords): TextEdit | string | undefined {
  const { tree } = source;
  const uses = nodeAt(tree, intent.script);
  const step = uses && stepAround(rootOfBlock(tree, uses.block), uses);
  if (uses?.kind !== 'scalar' || !step || findMapEntry(step, 'uses')?.value !== uses) return undefined;
  const [name = ''] = uses.text.split('@');
  const words = commandOf(name.toLowerCase(), inputsOf(source, step));
  if (!words) return 'the action runs no command that is known';
  const { segments } = actionText(words);
  const edit =
    intent.start === intent.end ? addFlags(tree, step, intent.text) : replacePart(tree, segments, intent);
  return edit ?? 'the inputs of the action cannot be changed so';
}

/** The innermost map that holds the node as a value. */
export function stepAround(root: Node | undefined, node: Node): MapNode | undefined {
  let found: MapNode | undefined;
  let at = root;
  while (at && at !== node) {
    if (at.kind === 'map') found = at;
    const inner: readonly Node[] =
      at.kind === 'seq' ? at.items : at.kind === 'map' ? at.entries.flatMap(({ value }) => value ?? []) : [];
    at = inner.find(child => child.start <= node.start && child.end >= node.end);
  }
  return found;
}

function replacePart(
  tree: Tree,
  segments: readonly Segment[],
  { start, end, text }: ReplaceWords,
): TextEdit | undefined {
  const segment = segments.find(one => one.start <= start && end <= one.end);
  const { input, from, text: word } = segment?.word ?? {};
  if (!segment || !input || from === undefined) return undefined;
  // Quotes that were put around the word count in the offsets and are not in the input.
  const whole = start === segment.start && end === segment.end;
  const plain = segment.end - segment.start === word?.length;
  if (!whole && !plain) return undefined;
  const at = whole ? 0 : start - segment.start;
  const to = whole ? (word?.length ?? 0) : end - segment.start;
  return replaceInScalar(tree, input.node, { start: from + at, end: from + to }, unquoted(text));
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
}

/** New flags become new inputs, where the step has none of that name yet. */
function addFlags(tree: Tree, step: MapNode, text: string): TextEdit | undefined {
  const valued = new Set(BUILD_PUSH.flatMap(([, flag, kind]) => (kind === 'switch' ? [] : [flag])));
  const flags = readFlags(readShell(text).commands[0]?.words ?? [], valued).flags;
  const [flag, more] = flags;
  const row = flag && BUILD_PUSH.find(([, name]) => name === flag.name);
  if (!flag || more || !row) return undefined;
  return setInput(tree, step, row, flag);
}

function setInput(tree: Tree, step: MapNode, [name, , kind]: FlagRow, flag: ShellFlag): TextEdit | undefined {
  const inputs = findMapEntry(step, 'with');
  const value = kind === 'switch' ? 'true' : yamlScalar(flag.value?.text ?? '');
  if (inputs?.value?.kind !== 'map') return undefined;
  const old = findMapEntry(inputs.value, name);
  if (!old) {
    const last = inputs.value.entries.at(-1);
    return last && insertEntries(tree, { map: inputs.value, entry: last }, [[name, value]]);
  }
  if (kind === 'switch') return replaceEntry(tree, old, name, value);
  return addLine(tree, old, flag.value?.text ?? '');
}

/** One more line of an input that is written over several. */
function addLine(tree: Tree, { value }: Entry, line: string): TextEdit | undefined {
  const base = value && tree.startOf(value.block);
  if (value?.kind !== 'scalar' || value.style !== 'literal' || base === undefined) return undefined;
  const source = sourceOf(value).trimEnd();
  const indent = /\n( +)\S[^\n]*$/.exec(source)?.[1];
  if (indent === undefined) return undefined;
  const at = base + value.start + source.length;
  return { start: at, end: at, newText: `\n${indent}${line}` };
}

export function insertStep(
  tree: Tree,
  { at, uses }: Intent & { readonly kind: 'insert-step' },
): TextEdit | string | undefined {
  const root = rootOfBlock(tree, at.block);
  const node = nodeAt(tree, at);
  const step = node && stepAround(root, node);
  const base = node && tree.startOf(node.block);
  if (!step || base === undefined) return undefined;
  const { text } = step.block;
  const lineStart = text.lastIndexOf('\n', step.start - 1) + 1;
  const head = /^ *- *$/.exec(text.slice(lineStart, step.start))?.[0];
  if (head === undefined || entryAt(root, step.start) === undefined)
    return 'the steps are written in one line';
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const start = base + lineStart;
  return { start, end: start, newText: `${head}uses: ${uses}${lineBreak}` };
}
