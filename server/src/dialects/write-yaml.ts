/** Writes the changes that are the same in every format made of YAML. */
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { TextEdit } from '../syntax/patch.js';
import type { Entry, MapNode, Span, Tree } from '../syntax/tree.js';
import {
  entryAt,
  insertEntries,
  removeEntry,
  replaceEntry,
  replaceInScalar,
  replaceScalar,
  yamlScalar,
} from '../syntax/yaml-edit.js';
import {
  entryAround,
  findMapEntry,
  hasAnchor,
  isExplicit,
  nodeAt,
  rootOfBlock,
} from '../syntax/yaml-find.js';

/** Changes of a value, of a part of a script, or of an entry. */
export type PlainIntent = Intent & {
  readonly kind: 'replace-value' | 'replace-words' | 'replace-entry' | 'remove-entry';
};

export type SetVariable = Intent & { readonly kind: 'set-variable' };

/**
 * Where a fix takes every entry of a map away and puts none in, the key above goes too. A template that others
 * use must not be left empty, so there the entry stays, with the value that the fix gives for that case.
 */
export function withoutEmptyMaps(intents: readonly Intent[], tree: Tree): readonly Intent[] {
  const removed = intents.filter(intent => intent.kind === 'remove-entry');
  const gone = new Set(removed.map(({ entry }) => `${entry.block.id}:${entry.start}`));
  const done = new Set<number>();
  return intents.flatMap((intent): readonly Intent[] => {
    if (intent.kind !== 'remove-entry') return [intent];
    const root = rootOfBlock(tree, intent.entry.block);
    const found = entryAt(root, intent.entry.start);
    const empties = found?.map.entries.every(({ start }) => gone.has(`${intent.entry.block.id}:${start}`));
    // A key at the top has a block of its own, which holds nothing else.
    if (!found || found.map === root || !empties || intents.some(other => fills(other, found.map)))
      return [intent];
    const above = entryAround(root, found.map);
    const holder = above && entryAt(root, above.start)?.map;
    if (intent.orValue && found.entry.value && holder?.entries.length === 1) {
      const { start, end } = found.entry.value;
      return [{ kind: 'replace-value', at: { ...intent.entry, start, end }, value: intent.orValue }];
    }
    if (!above || done.has(above.start)) return [];
    done.add(above.start);
    return [{ kind: 'remove-entry', entry: { ...intent.entry, start: above.start, end: above.end } }];
  });
}

function fills(intent: Intent, map: MapNode): boolean {
  if (intent.kind !== 'set-variable') return false;
  const { near } = intent;
  return near === undefined || (near.block === map.block && near.start >= map.start && near.end <= map.end);
}

/**
 * The edit, why it cannot be made, or `undefined` where the place is not in the file any more.
 * @param all the intents that are written together
 */
export function writePlain(
  tree: Tree,
  intent: PlainIntent,
  all: readonly Intent[] = [],
): TextEdit | string | undefined {
  switch (intent.kind) {
    case 'replace-value': {
      const node = nodeAt(tree, intent.at);
      if (node?.kind !== 'scalar') return undefined;
      return node.anchor === undefined ? replaceScalar(tree, node, intent.value) : SHARED;
    }
    case 'replace-words': {
      const node = nodeAt(tree, intent.script);
      if (node?.kind !== 'scalar') return undefined;
      return (
        replaceInScalar(tree, node, intent, intent.text) ??
        'the script is written in a way that cannot hold the new words'
      );
    }
    case 'replace-entry': {
      const found = entryAt(rootOfBlock(tree, intent.entry.block), intent.entry.start);
      if (found && isExplicit(found.entry)) return EXPLICIT;
      if (found && hasAnchor(found.entry.value)) return SHARED;
      if (found && findMapEntry(found.map, intent.name)) return TWICE;
      return found && replaceEntry(tree, found.entry, intent.name, yamlScalar(intent.value));
    }
    case 'remove-entry': {
      const found = entryAt(rootOfBlock(tree, intent.entry.block), intent.entry.start);
      if (found && isExplicit(found.entry)) return EXPLICIT;
      if (found && hasAnchor(found.entry.value)) return SHARED;
      return found && removeEntry(tree, found, span => goes(all, intent.entry, span));
    }
  }
}

/** Whether the entry or item that has this span, in the block of `place`, is taken away. */
export function goes(all: readonly Intent[], { block }: Place, { start, end }: Span): boolean {
  return all.some(intent => {
    if (intent.kind === 'remove-entry') return intent.entry.block === block && intent.entry.start === start;
    if (intent.kind !== 'remove-item') return false;
    const { item } = intent;
    return item.block === block && item.start >= start && item.end <= end;
  });
}

/** What is put behind an entry that goes stands in its place: its separator changes sides. */
export function besideRemovals(edits: readonly TextEdit[]): readonly TextEdit[] {
  const removals = edits.filter(({ start, end, newText }) => newText === '' && start < end);
  const around = ({ start, end }: TextEdit): TextEdit | undefined =>
    start === end ? removals.find(one => one.start < start && start < one.end) : undefined;
  return edits.map(edit => {
    const start = around(edit)?.start;
    const separator = /^(?:\r?\n|, )/.exec(edit.newText)?.[0];
    if (start === undefined || separator === undefined) return edit;
    return { start, end: start, newText: edit.newText.slice(separator.length) + separator };
  });
}

export const EXPLICIT = 'the key is written with a question mark';
const TWICE = 'the variable is set there already, for other jobs';
export const SHARED = 'an anchor shares the value with other places';

/** Puts variables behind the entry that the first of them names; `undefined` where it names none. */
export function setBeside(tree: Tree, group: readonly SetVariable[]): TextEdit | string | undefined {
  const near = group[0]?.near;
  if (!near) return undefined;
  const beside = entryAt(rootOfBlock(tree, near.block), near.start);
  if (beside && isExplicit(beside.entry)) return EXPLICIT;
  if (beside && group.some(({ name }) => findMapEntry(beside.map, name))) return TWICE;
  const added = group.map(({ name, value }) => [name, yamlScalar(value)] as const);
  return (
    (beside && insertEntries(tree, beside, added)) ?? 'the variables cannot be found in the file any more'
  );
}

/** Variables that are set together behind one entry go into one edit; everything else stands alone. */
export function grouped(intents: readonly Intent[]): readonly (readonly Intent[])[] {
  const groups = new Map<string, Intent[]>();
  for (const intent of intents) {
    const key =
      intent.kind === 'set-variable'
        ? `set ${intent.near?.start ?? intent.site.start}`
        : `one ${groups.size}`;
    groups.set(key, [...(groups.get(key) ?? []), intent]);
  }
  return [...groups.values()];
}

/** Puts entries into the map that `key` of a map holds, which is made when there is none. */
export function setInside(
  tree: Tree,
  holder: MapNode,
  key: string,
  added: readonly (readonly [string, string])[],
): TextEdit | undefined {
  const inner = findMapEntry(holder, key);
  if (inner?.value?.kind === 'map') {
    const last = inner.value.entries.at(-1);
    return last && insertEntries(tree, { map: inner.value, entry: last }, added);
  }
  const last = holder.entries.at(-1);
  if (!last || inner) return undefined;
  return insertEntries(tree, { map: holder, entry: last }, [[key, nested(holder, last, added)]]);
}

/** Entries as the value of a key that stands beside an entry of the map. */
export function nested(map: MapNode, last: Entry, added: readonly (readonly [string, string])[]): string {
  if (map.flow) return `{ ${added.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  const text = map.block.text;
  const column = last.start - (text.lastIndexOf('\n', last.start - 1) + 1);
  const indent = ' '.repeat(column + step(text, column));
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return added.map(([key, value]) => `${lineBreak}${indent}${key}: ${value}`).join('');
}

/** By how much the file indents, as far as the first line that is indented at all tells. */
function step(text: string, column: number): number {
  const first = /^( +)\S/m.exec(text)?.[1]?.length;
  return column > 0 && (first === undefined || first > 4) ? column : (first ?? 2);
}
