/** Follows GitLab's `!reference [job, key, …]`. */
import type { Node, SeqNode } from '../../syntax/tree.js';
import { type GitlabConfig, globalValue } from './config.js';
import { effectiveJob } from './extends.js';
import { type Fields, readValue, type Value } from './values.js';

/** GitLab allows ten levels. Source: gitlabhq doc/ci/yaml/yaml_optimization.md, `!reference` tags. */
const MAX_DEPTH = 10;

export function isReference(node: Node): node is SeqNode {
  return node.kind === 'seq' && node.tag === '!reference';
}

/**
 * The value that a `!reference` stands for, any other value as it is; `undefined` when it names something that is not
 * in view. GitLab resolves references after `extends`, over all files.
 * Source: gitlabhq lib/gitlab/ci/config.rb, build_config.
 */
export function dereference(config: GitlabConfig, value: Value | undefined, depth = 0): Value | undefined {
  if (!value || !isReference(value.node)) return value;
  if (depth >= MAX_DEPTH) return undefined;
  const [name = '', ...path] = value.node.items.map(item => {
    const node = config.resolve(item);
    return node?.kind === 'scalar' ? node.text : '';
  });
  let found = topLevel(config, name);
  for (const key of path) {
    found = dereference(config, childOf(config, found, key), depth + 1);
    if (!found) return undefined;
  }
  return found && { ...found, way: 'anchor', ...(value.entry ? { entry: value.entry } : {}) };
}

function topLevel(config: GitlabConfig, name: string): Value | undefined {
  const definition = config.jobs.get(name)?.at(-1);
  if (!definition) return globalValue(config, name, 'global');
  const fields = effectiveJob(config, name)?.fields;
  const node = definition.entry.value;
  return node && fields && { node: config.resolve(node) ?? node, way: 'own', fields };
}

function childOf(config: GitlabConfig, value: Value | undefined, key: string): Value | undefined {
  if (value?.fields) return value.fields.get(key);
  if (value?.node.kind !== 'seq') return undefined;
  const item = value.node.items[Number(key)];
  return readValue(config, item, { way: value.way });
}

/** The same fields, those in doubt that refer to something that may be replaced. */
export function doubtedByTargets(config: GitlabConfig, fields: Fields): Fields {
  const doubted = new Map<string, Value>();
  for (const [key, value] of fields) {
    const doubt = value.doubt === undefined ? targetDoubt(config, value) : undefined;
    if (doubt !== undefined) doubted.set(key, { ...value, doubt });
  }
  return doubted.size === 0 ? fields : new Map([...fields, ...doubted]);
}

/** References in what is referred to are not looked at. */
function targetDoubt(config: GitlabConfig, { node }: Value): string | undefined {
  const nodes: readonly Node[] = node.kind === 'seq' && node.tag === undefined ? node.items : [node];
  for (const item of nodes) {
    const target = config.resolve(item);
    if (!target || !isReference(target)) continue;
    const doubt = dereference(config, { node: target, way: 'own' })?.doubt;
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** As `dereference`, for a node. */
export function followReference(config: GitlabConfig, node: Node): Node | undefined {
  const target = config.resolve(node);
  return target && isReference(target) ? dereference(config, { node: target, way: 'own' })?.node : target;
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
