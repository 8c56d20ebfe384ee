/** Writes changes into a GitLab Runner `config.toml`, in the file's own style. */
import type { Intent, Written } from '../../model/intent.js';
import type { Place } from '../../model/known.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { TomlTree } from '../../syntax/toml.js';
import { addTomlArrayItem, addTomlTable, setTomlKey, tomlValue } from '../../syntax/toml-edit.js';
import type { MapNode } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import { findEntry, mapIn } from './keys.js';
import { moveEntry, removeKey, renameKey } from './move.js';
import { onKubernetes, writeKubernetes } from './write-kubernetes.js';

export function writeRunner(intents: readonly Intent[], unit: Unit): Written {
  const tree = unit.tree as TomlTree;
  // A line that was left out may hold the very key, and the file would then have it twice.
  const adds = intents.some(({ kind }) => kind !== 'replace-value' && kind !== 'set-value');
  if (adds && tree.isTainted(tree.root.block)) return { refused: 'parts of the file cannot be read' };
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    const written =
      intent.kind === 'move-entry' ? moveEntry(tree, intent) : writeOne(intent, tree, unit.host?.executor);
    if (typeof written === 'string') return { refused: written };
    if (written) edits.push(...('newText' in written ? [written] : written));
  }
  return { edits: [{ path: unit.path, edits }] };
}

/** An edit, nothing when the file already says so, or why it cannot be written. */
function writeOne(
  intent: Intent,
  tree: TomlTree,
  executor: string | undefined,
): TextEdit | string | undefined {
  if (intent.kind === 'replace-value' || intent.kind === 'set-value') {
    return { start: intent.at.start, end: intent.at.end, newText: tomlValue(intent.value) };
  }
  if (intent.kind === 'rename-key') return renameKey(tree, intent.at, intent.name);
  if (intent.kind === 'remove-entry') return removeKey(tree, intent.entry);
  if (intent.kind !== 'add-mount' && intent.kind !== 'set-runner-key') {
    return 'a runner file cannot express this change';
  }
  const runner = runnerAt(tree, intent.runner);
  if (!runner) return 'the runner is not in the file any more';
  if (onKubernetes(runner, executor)) return writeKubernetes(intent, tree, runner);
  const docker = mapIn(runner, 'docker');
  if (intent.kind === 'add-mount') return addMount(tree, runner, docker, intent.volume);
  const { key, value } = intent;
  if (!docker) return addTomlTable(tree, ['runners', 'docker'], runner, { [key]: value });
  return setTomlKey(tree, docker, key, tomlValue(value));
}

function runnerAt(tree: TomlTree, place: Place): MapNode | undefined {
  const runners = findEntry(tree.root, 'runners')?.value;
  if (runners?.kind !== 'seq') return undefined;
  return runners.items.find(item => item.kind === 'map' && item.start === place.start) as MapNode | undefined;
}

function addMount(
  tree: TomlTree,
  runner: MapNode,
  docker: MapNode | undefined,
  volume: string,
): TextEdit | undefined {
  if (!docker) return addTomlTable(tree, ['runners', 'docker'], runner, { volumes: [volume] });
  const volumes = findEntry(docker, 'volumes')?.value;
  if (volumes?.kind !== 'seq') return setTomlKey(tree, docker, 'volumes', tomlValue([volume]));
  if (volumes.items.some(item => item.kind === 'scalar' && item.text === volume)) return undefined;
  return addTomlArrayItem(tree, volumes, tomlValue(volume), true);
}
