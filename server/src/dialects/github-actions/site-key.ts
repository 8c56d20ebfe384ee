/** Names every piece of text that the jobs of a workflow are made of: its own file, and those that it leads to. */
import type { Node } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import { compositeRuns, isLocal, localFile, pathsOfAction } from './composite.js';
import type { JobFrame } from './jobs.js';
import { itemsOf, mapOf, nodeAt, type Source, textAt } from './values.js';

const DEEPEST = 10;

/** Equal keys mean equal sites. Every file that steps lead to is asked for here, so that the project hears of it. */
export function keyOf(unit: Unit, start: Source, frames: readonly JobFrame[]): string {
  const files = new Map<string, string>();
  const add = (source: Source): boolean => {
    const known = files.has(source.path);
    files.set(source.path, blocksOf(source));
    return !known;
  };
  const follow = (source: Source, steps: Node | undefined, depth: number): void => {
    for (const item of itemsOf(source, steps)) {
      const uses = textAt(source, mapOf(source, item), 'uses');
      if (uses === undefined || !isLocal(uses) || depth > DEEPEST) continue;
      const file = localFile(unit, source.path, pathsOfAction(uses));
      const runs = file && compositeRuns(file);
      if (file && add(file) && runs) follow(file, nodeAt(file, runs, 'steps'), depth + 1);
    }
  };
  add(start);
  const runs = compositeRuns(start);
  if (runs) follow(start, nodeAt(start, runs, 'steps'), 0);
  for (const { source, job } of frames) {
    add(source);
    follow(source, nodeAt(source, job, 'steps'), 0);
  }
  return [...files].map(([path, blocks]) => `${path}:${blocks}`).join('|');
}

function blocksOf({ tree }: Source): string {
  return tree.documents.flatMap(({ blocks }) => blocks.map(({ block }) => block.id)).join(',');
}
