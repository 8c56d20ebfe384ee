/** Writes what a job has of its own: its image, its lists, and the entries of its scripts. */
import type { Intent, NamedService } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Entry, MapNode, Node, Span, Tree } from '../../syntax/tree.js';
import { blockText } from '../../syntax/yaml-block.js';
import {
  entryAt,
  flowSpan,
  isInFlow,
  replaceEntry,
  replaceScalar,
  yamlScalar,
} from '../../syntax/yaml-edit.js';
import { findMapEntry, hasAnchor, isExplicit, rootOfBlock } from '../../syntax/yaml-find.js';
import { columnAt, lineBreakIn, lineEndAt } from '../../syntax/yaml-lines.js';
import { clearEntrypoint } from './write-image.js';

type SetImage = Intent & { readonly kind: 'set-image' };
type SetList = Intent & { readonly kind: 'set-list' };

const SHARED = 'an anchor shares the value with other places';
const ELSEWHERE = 'the job is written in a way that cannot be changed';

/** The edits, or why the image cannot be written. */
export function setImage(
  tree: Tree,
  { site, reference, clearEntrypoint: clear }: SetImage,
): readonly TextEdit[] | string {
  const job = jobAt(tree, site);
  if (!job) return ELSEWHERE;
  const own = findMapEntry(job, 'image');
  if (!own) return insertKey(tree, job, 'image', imageSource(job, reference, clear));
  if (isExplicit(own)) return ELSEWHERE;
  if (hasAnchor(own.value)) return SHARED;
  const { value } = own;
  if (value?.kind === 'map') return intoMap(tree, value, reference, clear);
  if (value?.kind === 'scalar' && !clear) return one(replaceScalar(tree, value, reference));
  return replaceValue(tree, job, own, imageSource(job, reference, clear));
}

function one(edit: TextEdit | undefined): readonly TextEdit[] | string {
  return edit ? [edit] : ELSEWHERE;
}

function intoMap(tree: Tree, map: MapNode, image: string, clear: boolean): readonly TextEdit[] | string {
  const name = findMapEntry(map, 'name');
  const named = name?.value?.kind === 'scalar' ? replaceScalar(tree, name.value, image) : undefined;
  if (!named || !name?.value) return ELSEWHERE;
  if (!clear) return [named];
  const entrypoint = findMapEntry(map, 'entrypoint');
  if (entrypoint) return edits(named, replaceEntry(tree, entrypoint, 'entrypoint', '[""]'));
  const { start, end, block } = name.value;
  const added = clearEntrypoint(tree, { path: '', block, start, end });
  return typeof added === 'string' ? added : [named, added];
}

function edits(...all: readonly (TextEdit | undefined)[]): readonly TextEdit[] | string {
  const made = all.filter(edit => edit !== undefined);
  return made.length === all.length ? made : ELSEWHERE;
}

/** What stands behind `image:`, a space or line break in front. */
function imageSource(job: MapNode, image: string, clear: boolean): string {
  const name = yamlScalar(image, PLAIN, job.flow);
  if (!clear) return ` ${name}`;
  if (job.flow) return ` { name: ${name}, entrypoint: [""] }`;
  const indent = `${lineBreakIn(job)}${' '.repeat(keyColumn(job) + 2)}`;
  return `${indent}name: ${name}${indent}entrypoint: [""]`;
}

const PLAIN = { kind: 'scalar', style: 'plain' } as Parameters<typeof yamlScalar>[1];

/** The edits, or why the list cannot be written. */
export function setList(tree: Tree, { site, key, values }: SetList): readonly TextEdit[] | string {
  const job = jobAt(tree, site);
  if (!job) return ELSEWHERE;
  const source = listSource(job, values);
  const own = findMapEntry(job, key);
  if (!own) return insertKey(tree, job, key, source);
  if (isExplicit(own)) return ELSEWHERE;
  return hasAnchor(own.value) ? SHARED : replaceValue(tree, job, own, source);
}

function listSource(job: MapNode, values: SetList['values']): string {
  if (values.length === 0) return ' []';
  if (job.flow) return ` [${values.map(inFlow).join(', ')}]`;
  const lineBreak = lineBreakIn(job);
  const column = keyColumn(job) + 2;
  const items = values.map(value => {
    if (typeof value !== 'string') return serviceSource(value, lineBreak + ' '.repeat(column + 2));
    return value.includes('\n') ? blockText(value, column + 2, lineBreak) : yamlScalar(value, PLAIN);
  });
  return items.map(item => `${lineBreak}${' '.repeat(column)}- ${item}`).join('');
}

function inFlow(value: string | NamedService): string {
  if (typeof value === 'string') return yamlScalar(value, PLAIN, true);
  const pairs = Object.entries(value.variables).map(([name, text]) => `${name}: ${yamlScalar(text)}`);
  return `{ name: ${yamlScalar(value.name, PLAIN, true)}, variables: { ${pairs.join(', ')} } }`;
}

/** `indent` is a line break with what stands in front of the keys. */
function serviceSource({ name, variables }: NamedService, indent: string): string {
  const pairs = Object.entries(variables).map(([key, text]) => `${indent}  ${key}: ${yamlScalar(text)}`);
  return `name: ${yamlScalar(name, PLAIN)}${indent}variables:${pairs.join('')}`;
}

/** The mapping of a job, named by its key. */
function jobAt(tree: Tree, site: Place): MapNode | undefined {
  const value = entryAt(rootOfBlock(tree, site.block), site.start)?.entry.value;
  return value?.kind === 'map' ? value : undefined;
}

/** How far the keys of a job are indented. */
function keyColumn(job: MapNode): number {
  const [first] = job.entries;
  return first ? columnAt(job.block.text, first.start) : 2;
}

/** Puts another value, given with the blank in front, behind a key; a comment behind the old one stays. */
function replaceValue(tree: Tree, job: MapNode, own: Entry, source: string): readonly TextEdit[] | string {
  const base = tree.startOf(job.block);
  const { text } = job.block;
  const colon = text.indexOf(':', own.key.end);
  const end = own.value?.end ?? colon + 1;
  if (base === undefined || colon < 0) return ELSEWHERE;
  const stop = isInFlow(tree, own.key) ? end : lineEndAt(text, end);
  const comment = text.slice(end, stop);
  const [head = '', ...lines] = source.split(/(?=\r?\n)/);
  const written = head + comment + lines.join('');
  return [{ start: base + colon + 1, end: base + stop, newText: written }];
}

/** The keys of a job that come first by custom; a merge key would overwrite what stands before it. */
const ORDER = ['<<', 'extends', 'stage', 'image', 'services', 'variables', 'before_script', 'script'];

/** Puts a new key, given with its value, behind those that come before it. */
export function insertKey(
  tree: Tree,
  job: MapNode,
  key: string,
  source: string,
): readonly TextEdit[] | string {
  const base = tree.startOf(job.block);
  const [first] = job.entries;
  if (base === undefined || !first) return ELSEWHERE;
  const { text } = job.block;
  const written = `${key}:${/^\s/.test(source) ? '' : ' '}${source}`;
  const before = new Set(ORDER.slice(0, ORDER.includes(key) ? ORDER.indexOf(key) : undefined));
  const head = job.entries.findLast(entry => before.has(entry.key.text));
  if (job.flow) {
    if (!head) return [{ start: base + first.start, end: base + first.start, newText: `${written}, ` }];
    return [{ start: base + head.end, end: base + head.end, newText: `, ${written}` }];
  }
  const indent = ' '.repeat(keyColumn(job));
  if (!head) {
    const lineStart = first.start - columnAt(text, first.start);
    if (text.slice(lineStart, first.start).trim() !== '') return ELSEWHERE;
    const at = base + lineStart;
    return [{ start: at, end: at, newText: `${indent}${written}${lineBreakIn(job)}` }];
  }
  const at = base + lineEndAt(text, head.end);
  return [{ start: at, end: at, newText: `${lineBreakIn(job)}${indent}${written}` }];
}

/**
 * Takes an item out of its list, with its lines; the edit, or why it cannot be written.
 * @param goes whether another item of the list is taken out as well
 */
export function removeItem(tree: Tree, place: Place, goes: (item: Span) => boolean): TextEdit | string {
  const found = itemAt(rootOfBlock(tree, place.block), place);
  const base = tree.startOf(place.block);
  if (!found || base === undefined) return ELSEWHERE;
  const { list, item } = found;
  if (hasAnchor(item)) return SHARED;
  const { text } = place.block;
  if (list.flow) {
    const { start, end } = flowSpan(list.items, item, goes);
    return { start: base + start, end: base + end, newText: '' };
  }
  const dash = text.lastIndexOf('-', item.start - 1);
  const lineStart = text.lastIndexOf('\n', dash - 1) + 1;
  if (text.slice(lineStart, dash).trim() !== '') return ELSEWHERE;
  // The end of a block scalar may lie behind its last line.
  const last = text.slice(0, item.end).trimEnd().length;
  const newline = text.indexOf('\n', last);
  if (newline >= 0) return { start: base + lineStart, end: base + newline + 1, newText: '' };
  const before = text.endsWith('\r\n', lineStart) ? 2 : 1;
  return { start: base + Math.max(0, lineStart - before), end: base + text.length, newText: '' };
}

/** The innermost list around a place, and its item there. */
function itemAt(
  root: Node | undefined,
  place: Place,
): { readonly list: Node & { readonly kind: 'seq' }; readonly item: Node } | undefined {
  if (!root || root.start > place.start || root.end < place.end) return undefined;
  if (root.kind === 'map') {
    return root.entries.map(({ value }) => itemAt(value, place)).find(found => found !== undefined);
  }
  if (root.kind !== 'seq') return undefined;
  const item = root.items.find(({ start, end }) => start <= place.start && end >= place.end);
  return item && (itemAt(item, place) ?? { list: root, item });
}
