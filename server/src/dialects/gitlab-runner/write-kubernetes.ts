/** Writes changes into the Kubernetes section of a runner. */
import type { Intent } from '../../model/intent.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { TomlTree } from '../../syntax/toml.js';
import { addTomlTable, setTomlKey, tomlValue } from '../../syntax/toml-edit.js';
import type { MapNode } from '../../syntax/tree.js';
import { findEntry, mapIn } from './keys.js';

/** Whether jobs of a runner run on Kubernetes: as it says, else as its host does, else by the only section there is. */
export function onKubernetes(runner: MapNode, given: string | undefined): boolean {
  const own = findEntry(runner, 'executor')?.value;
  const executor = own?.kind === 'scalar' ? own.text : given;
  if (executor !== undefined) return executor === 'kubernetes';
  return mapIn(runner, 'docker') === undefined && mapIn(runner, 'kubernetes') !== undefined;
}

/** What the section calls keys of `[runners.docker]`; the last name is the key, those before it tables. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  image: ['image'],
  privileged: ['privileged'],
  // Wins over the pod's `privileged`. Source: gitlab-runner common/config.go, GetContainerSecurityContext.
  services_privileged: ['service_container_security_context', 'privileged'],
  runtime: ['runtime_class_name'],
};

export function writeKubernetes(
  intent: Extract<Intent, { kind: 'add-mount' | 'set-runner-key' }>,
  tree: TomlTree,
  runner: MapNode,
): TextEdit | string | undefined {
  const section = mapIn(runner, 'kubernetes');
  if (intent.kind === 'add-mount') return addVolume(tree, runner, section, intent.volume);
  const names = KEYS[intent.key];
  if (names === undefined) return `[runners.kubernetes] has no key ${intent.key}`;
  const tables = names.slice(0, -1);
  const key = names.at(-1) as string;
  const table = tables.reduce<MapNode | undefined>(mapIn, section);
  if (table) return setTomlKey(tree, table, key, tomlValue(intent.value));
  const path = ['runners', 'kubernetes', ...tables];
  return addTomlTable(tree, path, section ?? runner, { [key]: intent.value });
}

/** A volume without a source is an `empty_dir`; certificates have no business on a disk. */
function addVolume(
  tree: TomlTree,
  runner: MapNode,
  section: MapNode | undefined,
  volume: string,
): TextEdit | string | undefined {
  if (volume.includes(':')) return 'only a volume without a source can be added';
  const present = findEntry(mapIn(section, 'volumes'), 'empty_dir')?.value;
  const items = present?.kind === 'seq' ? present.items : [];
  if (items.some(item => item.kind === 'map' && mountPath(item) === volume)) return undefined;
  const certificates = /^\/certs(?:\/|$)/.test(volume);
  const name = certificates ? 'docker-certs' : volume.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');
  const values = { name, mount_path: volume, ...(certificates ? { medium: 'Memory' } : {}) };
  const path = ['runners', 'kubernetes', 'volumes', 'empty_dir'];
  return addTomlTable(tree, path, section ?? runner, values, true);
}

function mountPath(item: MapNode): string | undefined {
  const value = findEntry(item, 'mount_path')?.value;
  return value?.kind === 'scalar' ? value.text : undefined;
}
