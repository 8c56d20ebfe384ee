/** Writes changes into workflows and actions. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Tree } from '../../syntax/tree.js';
import { entryAt, insertEntries, replaceScalar, yamlScalar } from '../../syntax/yaml-edit.js';
import { findMapEntry, nodeAt, rootOfBlock } from '../../syntax/yaml-find.js';
import type { Unit } from '../dialect.js';
import {
  grouped,
  type SetVariable,
  SHARED,
  setBeside,
  setInside,
  withoutEmptyMaps,
  writePlain,
} from '../write-yaml.js';
import { holdsExpression } from './expressions.js';
import { writeService } from './write-service.js';
import { insertStep, writeInput } from './write-step.js';

export function writeActions(intents: readonly Intent[], unit: Unit): Written {
  const edits: TextEdit[] = [];
  for (const group of grouped(withoutEmptyMaps(intents, unit.tree))) {
    const [intent] = group;
    if (!intent) continue;
    const edit =
      intent.kind === 'set-variable'
        ? setVariables(unit.tree, group as readonly SetVariable[])
        : (writeOne(unit, intent) ?? 'the place cannot be found in the file any more');
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  return { edits: [{ path: unit.path, edits }] };
}

function writeOne({ path, tree }: Unit, intent: Intent): TextEdit | string | undefined {
  switch (intent.kind) {
    case 'replace-value': {
      const node = nodeAt(tree, intent.at);
      if (node?.kind === 'scalar' && holdsExpression(node.text)) return 'an expression stands there';
      return writePlain(tree, intent);
    }
    case 'replace-words':
      return writeInput({ path, tree }, intent) ?? writePlain(tree, intent);
    case 'replace-entry':
    case 'remove-entry':
      return writePlain(tree, intent);
    case 'set-key':
      return setKey(tree, intent);
    case 'insert-step':
      return insertStep(tree, intent);
    case 'set-service-key':
    case 'set-service-variable':
    case 'set-health-check':
    case 'publish-port':
      return writeService(tree, intent);
    case 'clear-entrypoint':
      return 'the steps of a job are run without the entrypoint of its image';
    case 'set-variable':
    case 'add-mount':
    case 'set-runner-key':
    case 'set-value':
    case 'rename-key':
    case 'move-entry':
      return 'a workflow does not set up its runner';
    case 'set-image':
    case 'set-list':
    case 'add-item':
    case 'remove-item':
    case 'put-between':
    case 'replace-script':
    case 'quote-text':
    case 'make-list':
      return 'jobs of workflows are not converted';
  }
}

function setKey(tree: Tree, { at, key, value }: Intent & { kind: 'set-key' }): TextEdit | string | undefined {
  const found = mapAt(tree, at);
  const old = found && findMapEntry(found, key);
  if (old)
    return old.value?.kind === 'scalar' && old.value.anchor === undefined
      ? replaceScalar(tree, old.value, value)
      : SHARED;
  const last = found?.entries.at(-1);
  return found && last && insertEntries(tree, { map: found, entry: last }, [[key, plain(value)]]);
}

/** Words that need no quotes in any reading of YAML. */
function plain(value: string): string {
  return /^[a-z][a-z-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null)$/.test(value)
    ? value
    : yamlScalar(value);
}

function mapAt(tree: Tree, place: Place) {
  let at = rootOfBlock(tree, place.block);
  while (at) {
    if (at.kind === 'map' && at.start === place.start && at.end === place.end) return at;
    const inner =
      at.kind === 'seq' ? at.items : at.kind === 'map' ? at.entries.flatMap(one => one.value ?? []) : [];
    at = inner.find(child => child.start <= place.start && child.end >= place.end);
  }
  return undefined;
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

/** Into `env:` of the job, which is made when it has none. */
function intoJob(tree: Tree, site: Place, group: readonly SetVariable[]): TextEdit | undefined {
  const job = entryAt(rootOfBlock(tree, site.block), site.start)?.entry.value;
  if (job?.kind !== 'map') return undefined;
  return setInside(
    tree,
    job,
    'env',
    group.map(({ name, value }) => [name, yamlScalar(value)]),
  );
}
