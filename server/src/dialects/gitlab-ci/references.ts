/** Follows GitLab's `!reference [job, key, …]` within one file. */
import type { Node, SeqNode } from '../../syntax/tree.js';
import type { GitlabConfig } from './config.js';
import { readFields } from './values.js';

/** GitLab allows ten levels. Source: gitlabhq doc/ci/yaml/yaml_optimization.md, `!reference` tags. */
const MAX_DEPTH = 10;

export function isReference(node: Node): node is SeqNode {
  return node.kind === 'seq' && node.tag === '!reference';
}

/**
 * The node that a `!reference` stands for, or `undefined` when it names something that is not in this file.
 * GitLab resolves references before `extends`, so the path is looked up in the job as written.
 */
export function followReference(config: GitlabConfig, node: Node, depth = 0): Node | undefined {
  const target = config.tree.resolve(node);
  if (!target || !isReference(target)) return target;
  if (depth >= MAX_DEPTH) return undefined;
  const [name, ...path] = target.items.map(item => (item.kind === 'scalar' ? item.text : ''));
  const entry = config.jobs.get(name ?? '') ?? config.globals.get(name ?? '');
  let found = entry?.value && config.tree.resolve(entry.value);
  for (const key of path) {
    if (found?.kind === 'map') {
      const value = readFields(config, found, { way: 'own' }).get(key);
      found = value?.node;
    } else if (found?.kind === 'seq') {
      const item = found.items[Number(key)];
      found = item && config.tree.resolve(item);
    } else return undefined;
    if (found && isReference(found)) found = followReference(config, found, depth + 1);
  }
  return found;
}

/**
 * The items of a list with references in it put in their place, nested lists made flat.
 * `complete` is false when a reference leads out of view, so the list may hold more.
 */
export function flatItems(
  config: GitlabConfig,
  node: Node,
  depth = 0,
): { items: readonly Node[]; complete: boolean } {
  const target = followReference(config, node);
  if (!target || depth > MAX_DEPTH) return { items: [], complete: false };
  if (target.kind !== 'seq') return { items: [target], complete: true };
  const parts = target.items.map(item => flatItems(config, item, depth + 1));
  return { items: parts.flatMap(part => part.items), complete: parts.every(part => part.complete) };
}
