/** Finds what the gitlab-runner chart reads in a tree of values, at the top or below keys of an umbrella chart. */
import type { Entry, MapNode, Node, ScalarNode, Tree } from '../../syntax/tree.js';

/** One `runners:` of the chart. */
export interface RunnersValue {
  readonly entry: Entry;
  readonly map: MapNode;
  /** The other keys of the chart, those beside `runners:`. */
  readonly beside: readonly Entry[];
  /** The TOML in `config:`. */
  readonly config: ScalarNode | undefined;
}

const SERVER = ['gitlabUrl', 'runnerRegistrationToken', 'runnerToken'];
const TABLE = /^[ \t]*\[\[[ \t]*runners[ \t]*\]\]/m;

export function runnersValues(tree: Tree): readonly RunnersValue[] {
  return tree.documents.flatMap(({ entries }) => searchEntries(tree, entries));
}

function searchEntries(tree: Tree, entries: readonly Entry[]): readonly RunnersValue[] {
  const named = SERVER.some(key => entries.some(entry => entry.key.text === key));
  return entries.flatMap(entry => {
    const value = entry.value && tree.resolve(entry.value);
    if (entry.key.text === 'runners' && value?.kind === 'map') {
      const found = runnersValue(tree, entry, value, entries);
      if (named || (found.config && TABLE.test(found.config.text))) return [found];
    }
    return search(tree, entry.value);
  });
}

function search(tree: Tree, node: Node | undefined): readonly RunnersValue[] {
  if (node?.kind === 'map') return searchEntries(tree, node.entries);
  return node?.kind === 'seq' ? node.items.flatMap(item => search(tree, item)) : [];
}

function runnersValue(tree: Tree, entry: Entry, map: MapNode, entries: readonly Entry[]): RunnersValue {
  const node = nodeIn(map, 'config');
  const config = node && tree.resolve(node);
  const toml = config?.kind === 'scalar' && config.text.trim() !== '' ? config : undefined;
  return { entry, map, beside: entries.filter(one => one !== entry), config: toml };
}

export function nodeIn(map: MapNode | undefined, key: string): Node | undefined {
  return map?.entries.find(entry => entry.key.text === key)?.value;
}

export function textOf(map: MapNode | undefined, key: string): string | undefined {
  const node = nodeIn(map, key);
  return node?.kind === 'scalar' && node.text !== '' ? node.text : undefined;
}
