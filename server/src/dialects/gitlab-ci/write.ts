/** Writes changes into a GitLab CI file. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Entry, MapNode, Tree } from '../../syntax/tree.js';
import {
  entryAt,
  insertEntries,
  removeEntry,
  replaceEntry,
  replaceInScalar,
  replaceScalar,
  yamlScalar,
} from '../../syntax/yaml-edit.js';
import {
  entryAround,
  findMapEntry,
  hasAnchor,
  isExplicit,
  nodeAt,
  rootOfBlock,
} from '../../syntax/yaml-find.js';
import type { Unit } from '../dialect.js';
import { clearEntrypoint } from './write-image.js';
import { writeService } from './write-service.js';

/** Variables that are set together behind one entry go into one edit. */
export function writeGitlab(intents: readonly Intent[], unit: Unit): Written {
  const edits: TextEdit[] = [];
  const wanted = withoutEmptyMaps(intents, unit.tree);
  const groups = new Map<string, Intent[]>();
  for (const intent of wanted) {
    const key =
      intent.kind === 'set-variable'
        ? `set ${intent.near?.start ?? intent.site.start}`
        : `one ${groups.size}`;
    groups.set(key, [...(groups.get(key) ?? []), intent]);
  }
  for (const group of groups.values()) {
    const edit = writeGroup(unit.tree, group);
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path: unit.path, edits }] };
}

/**
 * Where a fix takes every entry of a map away and puts none in, the key above goes too. A template that others
 * use must not be left empty, so there the entry stays, with the value that the fix gives for that case.
 */
function withoutEmptyMaps(intents: readonly Intent[], tree: Tree): readonly Intent[] {
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

type SetVariable = Intent & { readonly kind: 'set-variable' };

function writeGroup(tree: Tree, group: readonly Intent[]): TextEdit | string {
  const [intent] = group;
  if (!intent) return 'nothing to write';
  if (intent.kind === 'set-variable') return setVariables(tree, group as readonly SetVariable[]);
  return writeOne(tree, intent) ?? 'the place cannot be found in the file any more';
}

function writeOne(tree: Tree, intent: Intent): TextEdit | string | undefined {
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
      return found && removeEntry(tree, found);
    }
    case 'clear-entrypoint':
      return clearEntrypoint(tree, intent.image);
    case 'set-service-key':
    case 'set-service-variable':
      return writeService(tree, intent);
    default:
      return 'a pipeline cannot express this change';
  }
}

const EXPLICIT = 'the key is written with a question mark';
const TWICE = 'the variable is set there already, for other jobs';
const SHARED = 'an anchor shares the value with other places';

function setVariables(tree: Tree, group: readonly SetVariable[]): TextEdit | string {
  const [first] = group;
  if (!first) return 'nothing to write';
  const added = group.map(intent => [intent.name, yamlScalar(intent.value)] as const);
  if (first.near) {
    const beside = entryAt(rootOfBlock(tree, first.near.block), first.near.start);
    if (beside && isExplicit(beside.entry)) return EXPLICIT;
    if (beside && group.some(({ name }) => findMapEntry(beside.map, name))) return TWICE;
    return (
      (beside && insertEntries(tree, beside, added)) ?? 'the variables cannot be found in the file any more'
    );
  }
  return intoJob(tree, first.site, added) ?? 'the job cannot be found in the file any more';
}

/** Into the job's own `variables:`, which is made when the job has none. */
function intoJob(
  tree: Tree,
  site: Place,
  added: readonly (readonly [string, string])[],
): TextEdit | undefined {
  const job = entryAt(rootOfBlock(tree, site.block), site.start)?.entry;
  if (job?.value?.kind !== 'map') return undefined;
  const variables = findMapEntry(job.value, 'variables');
  if (variables?.value?.kind === 'map') {
    const last = variables.value.entries.at(-1);
    return last && insertEntries(tree, { map: variables.value, entry: last }, added);
  }
  const last = job.value.entries.at(-1);
  if (!last || variables) return undefined;
  return insertEntries(tree, { map: job.value, entry: last }, [
    ['variables', nested(job.value, last, added)],
  ]);
}

function nested(map: MapNode, last: Entry, added: readonly (readonly [string, string])[]): string {
  if (map.flow) return `{ ${added.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  const text = map.block.text;
  const column = last.start - (text.lastIndexOf('\n', last.start - 1) + 1);
  const indent = ' '.repeat(column * 2 || 2);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return added.map(([key, value]) => `${lineBreak}${indent}${key}: ${value}`).join('');
}
