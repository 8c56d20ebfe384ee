/** Moves, renames and removes keys of a runner file. */
import type { Intent } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { TomlTree } from '../../syntax/toml.js';
import { addTomlTable, removeTomlEntry, setTomlKey } from '../../syntax/toml-edit.js';
import { writeKey } from '../../syntax/toml-style.js';
import { type Entry, type MapNode, type Node, sourceOf } from '../../syntax/tree.js';
import { findEntry } from './keys.js';

interface Found {
  readonly entry: Entry;
  readonly table: MapNode;
  /** The `[[runners]]` around it. */
  readonly runner: MapNode | undefined;
}

/** The entry whose key starts where the place does. */
export function entryAt(tree: TomlTree, place: Place): Found | undefined {
  return search(tree.root, place.start, undefined);
}

function search(table: MapNode, start: number, runner: MapNode | undefined): Found | undefined {
  for (const entry of table.entries) {
    if (entry.key.start === start) return { entry, table, runner };
    const inner = entry.value?.kind === 'seq' ? entry.value.items : entry.value ? [entry.value] : [];
    for (const node of inner) {
      if (node.kind !== 'map') continue;
      const isRunner = runner === undefined && entry.key.text.toLowerCase() === 'runners';
      const found = search(node, start, isRunner ? node : runner);
      if (found) return found;
    }
  }
  return undefined;
}

/** Gives a pair another key; a table with a header may have several headers that name it. */
export function renameKey(tree: TomlTree, at: Place, name: string): TextEdit | string {
  const found = entryAt(tree, at);
  if (!found || !isPair(found.entry)) return 'only a key with a value can be renamed';
  if (findEntry(found.table, name)) return `${name} is there already`;
  const { start, end } = found.entry.key;
  return { start, end, newText: writeKey(name) };
}

export function removeKey(tree: TomlTree, at: Place): TextEdit | string {
  const found = entryAt(tree, at);
  if (!found) return 'the key is not in the file any more';
  return attempt(() => removeTomlEntry(tree, found.entry));
}

/** One or two edits that take a pair away and write it, with its value as it is, into another table. */
export function moveEntry(
  tree: TomlTree,
  intent: Extract<Intent, { kind: 'move-entry' }>,
): readonly TextEdit[] | string {
  const found = entryAt(tree, intent.entry);
  if (!found?.runner || !found.entry.value || !isPair(found.entry))
    return 'only a key of a runner can be moved';
  const added = addTo(tree, found.runner, intent, found.entry.value);
  const removed = attempt(() => removeTomlEntry(tree, found.entry));
  if (typeof added === 'string') return added;
  if (typeof removed === 'string') return removed;
  return joined(removed, added);
}

function addTo(
  tree: TomlTree,
  runner: MapNode,
  { table: path, name }: { readonly table: string; readonly name: string },
  value: Node,
): TextEdit | string {
  let table = runner;
  const parts = path === '' ? [] : path.split('.');
  for (const [i, part] of parts.entries()) {
    const next = findEntry(table, part)?.value;
    if (next?.kind !== 'map')
      return next ? `${part} is no table` : newTable(tree, table, parts, i, name, value);
    table = next;
  }
  if (findEntry(table, name)) return `${name} is there already`;
  return attempt(() => setTomlKey(tree, table, name, sourceOf(value)));
}

function newTable(
  tree: TomlTree,
  after: MapNode,
  parts: readonly string[],
  missing: number,
  name: string,
  value: Node,
): TextEdit | string {
  const plain = plainOf(value);
  // Tables in between would need headers of their own.
  if (plain === undefined || missing < parts.length - 1) return 'the section is not there';
  return attempt(() => addTomlTable(tree, ['runners', ...parts], after, { [name]: plain }));
}

function plainOf(node: Node): unknown {
  if (node.kind === 'seq') {
    const items = node.items.map(plainOf);
    return items.some(item => item === undefined) ? undefined : items;
  }
  if (node.kind !== 'scalar') return undefined;
  if (node.type === 'boolean') return node.text === 'true';
  if (node.type === 'integer' && /^[-+]?\d{1,15}$/.test(node.text)) return Number(node.text);
  return node.type === 'string' ? node.text : undefined;
}

function isPair({ value }: Entry): boolean {
  return value?.kind === 'scalar' || (value !== undefined && 'flow' in value && value.flow);
}

/** The new line may go where the old one ends; then one edit does both. */
function joined(removed: TextEdit, added: TextEdit): readonly TextEdit[] {
  if (added.start < removed.start || added.start > removed.end) return [removed, added];
  const [lineBreak = ''] = /^\r?\n/.exec(added.newText) ?? [];
  return [{ ...removed, newText: added.newText.slice(lineBreak.length) + lineBreak }];
}

function attempt(write: () => TextEdit): TextEdit | string {
  try {
    return write();
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
