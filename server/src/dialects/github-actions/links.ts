/** The files of the repository that a workflow or an action calls. */
import type { Node, Tree } from '../../syntax/tree.js';
import type { Link } from '../dialect.js';
import { compositeRuns, isLocal, pathsOfAction } from './composite.js';
import { itemsOf, mapOf, nodeAt, rootNode, type Source, textAt } from './values.js';

export function linksOfActions(tree: Tree): readonly Link[] {
  const source: Source = { path: '', tree };
  const runs = compositeRuns(source);
  const targets = new Set(runs ? inSteps(source, nodeAt(source, runs, 'steps')) : []);
  for (const { value } of mapOf(source, rootNode(source, 'jobs'))?.entries ?? []) {
    const job = mapOf(source, value);
    const uses = textAt(source, job, 'uses');
    if (uses !== undefined && isLocal(uses)) targets.add(uses.slice('./'.length));
    for (const target of inSteps(source, nodeAt(source, job, 'steps'))) targets.add(target);
  }
  return [...targets].map(target => ({ kind: 'include', target }));
}

function inSteps(source: Source, steps: Node | undefined): readonly string[] {
  return itemsOf(source, steps).flatMap(item => {
    const uses = textAt(source, mapOf(source, item), 'uses');
    return uses !== undefined && isLocal(uses) ? pathsOfAction(uses) : [];
  });
}
