/** Names all that a job is made of, so that its site can be kept while none of it changes. */
import type { Block, Node } from '../../syntax/tree.js';
import type { Definition, GitlabConfig } from './config.js';
import { isReference } from './references.js';

/** Jobs are made of far fewer blocks; chains of thousands would be walked for each job in them. */
const MAX_BLOCKS = 500;

/** Given to what is too large to be named, so that it is worked out anew each time. */
let unnamed = 0;

/**
 * Names every block that a job is made of: its own, those it extends, refers to or takes anchors from, each also
 * followed. Two equal keys with equal shared keys mean that lowering would give the same site.
 * `undefined` when one of its own blocks cannot be read whole.
 */
export function siteKey(config: GitlabConfig, name: string): string | undefined {
  const own = config.jobs.get(name) ?? [];
  const walk: Walk = { seen: new Set(), key: `${name}:` };
  for (const { entry } of own) walk.key += `${entry.key.start},`;
  // Half a template says nothing about the job; what a broken global key means is one of the gaps.
  return visitAll(config, own, walk) ? named(config, walk) : undefined;
}

/** The same for what all jobs are made of: the global blocks, gaps, inputs, and which file comes when. */
export function sharedKey(config: GitlabConfig): string {
  const walk: Walk = { seen: new Set(), key: '' };
  for (const definitions of config.globals.values()) visitAll(config, definitions, walk);
  return `${named(config, walk)}|${config.key}`;
}

interface Walk {
  readonly seen: Set<Block>;
  key: string;
}

function named(config: GitlabConfig, { seen, key }: Walk): string {
  return isTooLarge(config, seen) ? `${key}#${unnamed++}` : key;
}

function isTooLarge(config: GitlabConfig, seen: ReadonlySet<Block>): boolean {
  return seen.size > MAX_BLOCKS + config.globals.size;
}

/** Adds what definitions are made of to `walk`; whether all of it can be read. */
function visitAll(config: GitlabConfig, definitions: readonly Definition[], walk: Walk): boolean {
  const { seen } = walk;
  let whole = true;
  const queue = definitions.map(({ entry }) => entry.key.block).reverse();
  for (let block = queue.pop(); block; block = queue.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    walk.key += `${block.id},`;
    if (config.isTainted(block)) whole = false;
    if (isTooLarge(config, seen)) break;
    for (const need of needsOf(block, config)) {
      const target = need.kind === 'alias' ? config.resolve(need) : need;
      if (!target) walk.key += '-,';
      else if (need.kind === 'alias') {
        walk.key += `@${target.block.id}:${target.start},`;
        queue.push(target.block);
      }
      if (target) addNamed(config, target, queue, walk);
    }
  }
  return whole;
}

/** A name may be that of a job to extend; an alias may stand for a name, or for a list of them. */
function addNamed(config: GitlabConfig, node: Node, queue: Block[], walk: Walk): void {
  if (node.kind === 'seq') for (const item of node.items) addNamed(config, item, queue, walk);
  if (node.kind !== 'scalar') return;
  const definitions = config.jobs.get(node.text);
  if (!definitions) walk.key += '-,';
  for (const { entry } of definitions ?? []) queue.push(entry.key.block);
}

/** Whether a job refers to nothing by a name or an alias. */
export function isPlain(config: GitlabConfig, name: string): boolean {
  return (config.jobs.get(name) ?? []).every(({ entry }) => needsOf(entry.key.block, config).length === 0);
}

/** Names of the jobs that others extend, refer to, or take in by an alias; alone they are no jobs. */
export function usedTemplates(config: GitlabConfig): ReadonlySet<string> {
  const used = new Set<string>();
  for (const [block] of config.roots) {
    for (const need of needsOf(block, config)) {
      if (need.kind === 'scalar') used.add(need.text);
      else {
        const target = config.resolve(need);
        for (const owner of target ? ownersOf(config, target) : []) used.add(owner);
      }
    }
  }
  return used;
}

/** The job that an anchored node belongs to: the job itself, or a part of it. Inputs may give it several names. */
function ownersOf(config: GitlabConfig, node: Node): readonly string[] {
  const roots = config.roots.get(node.block) ?? [];
  return roots.flatMap(root => (root.kind === 'map' ? (root.entries[0]?.key.text ?? []) : []));
}

type Need = Extract<Node, { kind: 'alias' | 'scalar' }>;
const needs = new WeakMap<Node, readonly Need[]>();

/** Aliases in a block, and the names that it extends or refers to. */
function needsOf(block: Block, config: GitlabConfig): readonly Need[] {
  const roots = config.roots.get(block) ?? [];
  const [root] = roots;
  return root && roots.length === 1 ? needsIn(root) : roots.flatMap(needsIn);
}

function needsIn(root: Node): readonly Need[] {
  const made = needs.get(root);
  if (made) return made;
  const found: Need[] = [];
  const walk = (node: Node | undefined): void => {
    if (node?.kind === 'alias') found.push(node);
    else if (node?.kind === 'seq') {
      const first = isReference(node) ? node.items[0] : undefined;
      if (first?.kind === 'scalar') found.push(first);
      node.items.forEach(walk);
    } else if (node?.kind === 'map') {
      for (const entry of node.entries) {
        if (entry.key.text === 'extends') found.push(...namesIn(entry.value));
        walk(entry.value);
      }
    }
  };
  walk(root);
  needs.set(root, found);
  return found;
}

function namesIn(node: Node | undefined): readonly Need[] {
  if (node?.kind === 'scalar') return [node];
  return node?.kind === 'seq' ? node.items.flatMap(namesIn) : [];
}
