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

/** More items than this come only from aliases that multiply. */
const MAX_ITEMS = 10_000;

/**
 * The items of a list with references in it put in their place, nested lists made flat.
 * `complete` is false when a reference leads out of view, or the list has too many items, so it may hold more.
 */
export function flatItems(config: GitlabConfig, node: Node): { items: readonly Node[]; complete: boolean } {
  const items: Node[] = [];
  let steps = 0;
  const add = (written: Node, depth: number): boolean => {
    steps += 1;
    const target = followReference(config, written);
    if (!target || depth > MAX_DEPTH || steps > MAX_ITEMS) return false;
    if (target.kind === 'seq') {
      let whole = true;
      for (const item of target.items) {
        if (!add(item, depth + 1)) whole = false;
        if (steps > MAX_ITEMS) break;
      }
      return whole;
    }
    items.push(target);
    return true;
  };
  return { complete: add(node, 0), items };
}
