/** Writes what people choose into `.drydock.yml`: a runner that takes the jobs, or what a file is taken for. */
import type { DialectId } from '../model/build-site.js';
import type { TextEdit } from '../syntax/patch.js';
import { type Entry, type MapNode, type Node, type SeqNode, sourceOf, type Tree } from '../syntax/tree.js';
import { insertEntries, isPlainSafe } from '../syntax/yaml-edit.js';

/** Something to add: entries of a list, each by its keys, or a pattern in a list of patterns below a key. */
export type Declaration =
  | { readonly kind: 'runners'; readonly runners: readonly DeclaredRunnerKeys[] }
  | { readonly kind: 'files'; readonly dialect: DialectId; readonly path: string };

/** The keys of a runner, each with its value or its list of values. */
export type DeclaredRunnerKeys = readonly (readonly [
  name: string,
  value: string | true | readonly string[],
])[];

/** The edit, or why it cannot be written. `tree` is missing where there is no file yet. */
export function writeDeclaration(tree: Tree | undefined, declaration: Declaration): TextEdit | string {
  const key = declaration.kind;
  const value = sourceFor(declaration);
  if (!tree || tree.text.trim() === '') {
    const text = `version: 1\n\n${key}:\n${indented(value, '  ')}\n`;
    return { start: 0, end: tree?.text.length ?? 0, newText: text };
  }
  if (tree.problems.length > 0) return 'it cannot be read as YAML';
  const document = tree.documents[0];
  if (!document || tree.documents.length > 1) return 'it holds more than one document';
  const entry = document.entries.find(one => one.key.text === key);
  if (!entry) return appended(tree, `${key}:\n${indented(value, '  ')}`);
  if (declaration.kind === 'runners') return intoList(tree, entry, declaration);
  return intoFiles(tree, entry, declaration);
}

function sourceFor(declaration: Declaration): string {
  if (declaration.kind === 'files') return `${declaration.dialect}:\n  - ${scalar(globOf(declaration.path))}`;
  return declaration.runners.map(itemOf).join('\n');
}

function itemOf(keys: DeclaredRunnerKeys): string {
  return keys
    .map(([name, value], i) => {
      const text = typeof value === 'object' ? `[${value.map(scalar).join(', ')}]` : valueText(value);
      return `${i === 0 ? '- ' : '  '}${name}: ${text}`;
    })
    .join('\n');
}

function valueText(value: string | true): string {
  return value === true ? 'true' : scalar(value);
}

function flowItem(keys: DeclaredRunnerKeys): string {
  return `{ ${keys.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')} }`;
}

/** A path as a pattern that matches that path only. */
function globOf(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');
}

function scalar(value: string): string {
  return isPlainSafe(value) && !/^[\d.]/.test(value) ? value : JSON.stringify(value);
}

function indented(text: string, indent: string): string {
  return text.replace(/^/gm, indent);
}

function lineBreakOf({ text }: Tree): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** A key of its own behind everything else. */
function appended(tree: Tree, text: string): TextEdit | string {
  const { text: old } = tree;
  // A whole in braces has no line after it, nor has a document that is closed.
  const [root] = tree.documents[0]?.blocks ?? [];
  const node = root?.root;
  if ((node && node.kind !== 'map') || (node?.kind === 'map' && node.flow))
    return 'it is not written as a block';
  if (/^\.\.\.\s*$/m.test(old)) return 'the document is closed by "..."';
  const lineBreak = lineBreakOf(tree);
  const start = old.trimEnd().length;
  const rest = old.slice(start);
  const gap = start === 0 ? '' : lineBreak.repeat(2);
  const end = rest.includes('\n') ? '' : lineBreak;
  return { start, end: start, newText: (gap + text).replace(/\r?\n/g, lineBreak) + end };
}

type RunnerDeclaration = Declaration & { readonly kind: 'runners' };
type FileDeclaration = Declaration & { readonly kind: 'files' };

function intoList(tree: Tree, entry: Entry, declaration: RunnerDeclaration): TextEdit | string {
  const flow = declaration.runners.map(flowItem).join(', ');
  return intoSequence(tree, entry, '', sourceFor(declaration), flow);
}

function intoFiles(tree: Tree, entry: Entry, declaration: FileDeclaration): TextEdit | string {
  const { dialect, path } = declaration;
  const glob = scalar(globOf(path));
  const map = entry.value;
  if (isNothing(map)) return afterKey(tree, entry, `\n  ${dialect}:\n    - ${glob}`);
  if (map?.kind !== 'map' || map.anchor !== undefined) return SHARED;
  const own = map.entries.find(one => one.key.text === dialect);
  if (own) return intoSequence(tree, own, columnOf(map, own), `- ${glob}`, JSON.stringify(globOf(path)));
  const last = map.entries.at(-1);
  const value = `[${JSON.stringify(globOf(path))}]`;
  return (last && insertEntries(tree, { map, entry: last }, [[dialect, value]])) ?? SHARED;
}

const SHARED = 'the place for it is written in a way that cannot be changed';

/** Puts an item behind the last one of the list that an entry holds. */
function intoSequence(
  tree: Tree,
  entry: Entry,
  indent: string,
  item: string,
  flow: string,
): TextEdit | string {
  const { value } = entry;
  if (isNothing(value)) return afterKey(tree, entry, `\n${indented(item, `${indent}  `)}`);
  if (value?.kind !== 'seq' || value.anchor !== undefined) return SHARED;
  return value.flow ? intoFlow(tree, value, flow) : intoBlock(tree, value, item);
}

function isNothing(node: Node | undefined): boolean {
  return !node || (node.kind === 'scalar' && node.style === 'plain' && /^(?:|~|null)$/i.test(node.text));
}

/** Where nothing, or `null`, stands behind a key; a comment there stays. */
function afterKey(tree: Tree, entry: Entry, text: string): TextEdit | string {
  const base = tree.startOf(entry.key.block);
  if (base === undefined) return SHARED;
  const { block } = entry.key;
  const empty = entry.value === undefined || sourceOf(entry.value) === '';
  const newline = block.text.indexOf('\n', entry.key.end);
  const stop = newline < 0 ? block.text.length : newline;
  const line = block.text.slice(entry.key.end, stop).replace(/\r$/, '');
  const rest = empty ? line : line.replace(/^(\s*:)\s*(?:~|null)/i, '$1').trimEnd();
  const newText = rest + text.replace(/\n/g, lineBreakOf(tree));
  return { start: base + entry.key.end, end: base + entry.key.end + line.length, newText };
}

function intoFlow(tree: Tree, seq: SeqNode, item: string): TextEdit | string {
  const base = tree.startOf(seq.block);
  const last = seq.items.at(-1);
  if (base === undefined) return SHARED;
  const at = base + (last ? last.end : seq.start + 1);
  return { start: at, end: at, newText: last ? `, ${item}` : item };
}

function intoBlock(tree: Tree, seq: SeqNode, item: string): TextEdit | string {
  const base = tree.startOf(seq.block);
  const last = seq.items.at(-1);
  if (base === undefined || !last) return SHARED;
  const { text } = seq.block;
  const lineStart = text.lastIndexOf('\n', seq.start - 1) + 1;
  const indent = text.slice(lineStart, seq.start);
  if (/\S/.test(indent)) return SHARED;
  const newline = text.indexOf('\n', last.end);
  const stop = newline < 0 ? text.length : newline;
  const lineBreak = lineBreakOf(tree);
  const at = base + (text[stop - 1] === '\r' ? stop - 1 : stop);
  const added = indented(item, indent).replace(/\n/g, lineBreak);
  return { start: at, end: at, newText: lineBreak + added };
}

function columnOf(map: MapNode, entry: Entry): string {
  const { text } = map.block;
  return text.slice(text.lastIndexOf('\n', entry.start - 1) + 1, entry.start);
}
