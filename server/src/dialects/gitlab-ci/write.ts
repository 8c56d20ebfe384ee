/** Writes changes into a GitLab CI file. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Tree } from '../../syntax/tree.js';
import { replaceText } from '../../syntax/yaml-block.js';
import { entryAt, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, nodeAt, rootOfBlock } from '../../syntax/yaml-find.js';
import type { Unit } from '../dialect.js';
import {
  besideRemovals,
  goes,
  grouped,
  nested,
  type SetVariable,
  setBeside,
  setInside,
  withoutEmptyMaps,
  writePlain,
} from '../write-yaml.js';
import { clearEntrypoint } from './write-image.js';
import { insertKey, removeItem, setImage, setList } from './write-job.js';
import { makeList, quoteSource } from './write-kind.js';
import { writeService } from './write-service.js';

export function writeGitlab(intents: readonly Intent[], unit: Unit): Written {
  const edits: TextEdit[] = [];
  const wanted = withoutEmptyMaps(intents, unit.tree);
  for (const group of grouped(wanted)) {
    const edit = writeGroup(unit.tree, group, wanted);
    if (typeof edit === 'string') return { refused: edit };
    if ('newText' in edit) edits.push(edit);
    else edits.push(...edit);
  }
  return { edits: [{ path: unit.path, edits: besideRemovals(edits) }] };
}

function writeGroup(
  tree: Tree,
  group: readonly Intent[],
  all: readonly Intent[],
): TextEdit | readonly TextEdit[] | string {
  const [intent] = group;
  if (!intent) return 'nothing to write';
  if (intent.kind === 'set-variable') return setVariables(tree, group as readonly SetVariable[]);
  return writeOne(tree, intent, all) ?? 'the place cannot be found in the file any more';
}

/** `all` are the intents that are written together. */
function writeOne(
  tree: Tree,
  intent: Intent,
  all: readonly Intent[],
): TextEdit | readonly TextEdit[] | string | undefined {
  switch (intent.kind) {
    case 'replace-value':
    case 'replace-words':
    case 'replace-entry':
    case 'remove-entry':
      return writePlain(tree, intent, all);
    case 'quote-text':
      return quoteSource(tree, intent.at);
    case 'make-list':
      return makeList(tree, intent.at);
    case 'replace-script': {
      const node = nodeAt(tree, intent.script);
      if (node?.kind !== 'scalar') return undefined;
      return (
        replaceText(tree, node, intent.text) ??
        'the script is written in a way that cannot hold the new commands'
      );
    }
    case 'remove-item':
      return removeItem(tree, intent.item, span => goes(all, intent.item, span));
    case 'set-image':
      return setImage(tree, intent);
    case 'set-list':
      return setList(tree, intent);
    case 'clear-entrypoint':
      return clearEntrypoint(tree, intent.image);
    case 'set-service-key':
    case 'set-service-variable':
      return writeService(tree, intent);
    default:
      return 'a pipeline cannot express this change';
  }
}

function setVariables(tree: Tree, group: readonly SetVariable[]): TextEdit | string {
  const [first] = group;
  if (!first) return 'nothing to write';
  return (
    setBeside(tree, group) ??
    intoJob(tree, first.site, group) ??
    'the job cannot be found in the file any more'
  );
}

const OVERRULED = 'the job sets the variable already, and something else counts more';

/** Into the job's own `variables:`, which is made when the job has none. */
function intoJob(tree: Tree, site: Place, group: readonly SetVariable[]): TextEdit | string | undefined {
  const job = entryAt(rootOfBlock(tree, site.block), site.start)?.entry.value;
  if (job?.kind !== 'map') return undefined;
  const added = group.map(({ name, value }) => [name, yamlScalar(value)] as const);
  const own = findMapEntry(job, 'variables');
  if (own) {
    const { value } = own;
    const isThere = value?.kind === 'map' && group.some(({ name }) => findMapEntry(value, name));
    return isThere ? OVERRULED : setInside(tree, job, 'variables', added);
  }
  const [first] = job.entries;
  const made = first && insertKey(tree, job, 'variables', nested(job, first, added));
  return typeof made === 'string' ? made : made?.[0];
}
