/** Writes changes into a GitLab CI file. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Tree } from '../../syntax/tree.js';
import { entryAt, yamlScalar } from '../../syntax/yaml-edit.js';
import { rootOfBlock } from '../../syntax/yaml-find.js';
import type { Unit } from '../dialect.js';
import {
  grouped,
  type SetVariable,
  setBeside,
  setInside,
  withoutEmptyMaps,
  writePlain,
} from '../write-yaml.js';
import { clearEntrypoint } from './write-image.js';
import { writeService } from './write-service.js';

export function writeGitlab(intents: readonly Intent[], unit: Unit): Written {
  const edits: TextEdit[] = [];
  for (const group of grouped(withoutEmptyMaps(intents, unit.tree))) {
    const edit = writeGroup(unit.tree, group);
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path: unit.path, edits }] };
}

function writeGroup(tree: Tree, group: readonly Intent[]): TextEdit | string {
  const [intent] = group;
  if (!intent) return 'nothing to write';
  if (intent.kind === 'set-variable') return setVariables(tree, group as readonly SetVariable[]);
  return writeOne(tree, intent) ?? 'the place cannot be found in the file any more';
}

function writeOne(tree: Tree, intent: Intent): TextEdit | string | undefined {
  switch (intent.kind) {
    case 'replace-value':
    case 'replace-words':
    case 'replace-entry':
    case 'remove-entry':
      return writePlain(tree, intent);
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

/** Into the job's own `variables:`, which is made when the job has none. */
function intoJob(tree: Tree, site: Place, group: readonly SetVariable[]): TextEdit | undefined {
  const job = entryAt(rootOfBlock(tree, site.block), site.start)?.entry.value;
  if (job?.kind !== 'map') return undefined;
  return setInside(
    tree,
    job,
    'variables',
    group.map(({ name, value }) => [name, yamlScalar(value)]),
  );
}
