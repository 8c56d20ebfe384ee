/** Names every piece of text that a job of a workflow is made of: its own, what all share, and files that it leads to. */
import type { Block, Node } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import { compositeRuns, isLocal, localFile, pathsOfAction } from './composite.js';
import type { JobFrame } from './jobs.js';
import { itemsOf, mapOf, nodeAt, rootEntries, type Source, textAt } from './values.js';

const DEEPEST = 10;

/**
 * For the jobs of a file: together with what they share, equal keys mean equal sites. Every file that steps lead to is
 * asked for here, so that the project hears of it.
 */
export function keysOf(unit: Unit, start: Source, frames: readonly JobFrame[]): readonly string[] {
  const whole = readsOthers(start);
  return frames.map(frame => {
    const files = new Map<string, string>();
    for (let one: JobFrame | undefined = frame; one; one = one.caller) {
      const own = one.place.block;
      if (one.source.path !== start.path) files.set(one.source.path, blocksOf(one.source));
      else files.set(`${one.name}:`, whole ? blocksOf(start) : String(own.id));
      follow(unit, files, one.source, nodeAt(one.source, one.job, 'steps'));
    }
    return named(files);
  });
}

/** What all jobs of a file are made of: everything in it that is no job. */
export function sharedKey(start: Source): string {
  const jobs = jobBlocks(start);
  return blocksOf(start, block => !jobs.has(block));
}

/** The same for the steps of an action. */
export function actionKey(unit: Unit, start: Source): string {
  const files = new Map([[start.path, blocksOf(start)]]);
  const runs = compositeRuns(start);
  if (runs) follow(unit, files, start, nodeAt(start, runs, 'steps'));
  return named(files);
}

function follow(
  unit: Unit,
  files: Map<string, string>,
  source: Source,
  steps: Node | undefined,
  depth = 0,
): void {
  for (const item of itemsOf(source, steps)) {
    const uses = textAt(source, mapOf(source, item), 'uses');
    if (uses === undefined || !isLocal(uses) || depth > DEEPEST) continue;
    const file = localFile(unit, source.path, pathsOfAction(uses));
    const runs = file && compositeRuns(file);
    const seen = file && files.has(file.path);
    if (file) files.set(file.path, blocksOf(file));
    if (file && runs && !seen) follow(unit, files, file, nodeAt(file, runs, 'steps'), depth + 1);
  }
}

function named(files: ReadonlyMap<string, string>): string {
  return [...files].map(([path, blocks]) => `${path}:${blocks}`).join('|');
}

/** Blocks that hold a job each, where the file is read so. */
function jobBlocks(source: Source): ReadonlySet<Block> {
  const jobs = rootEntries(source).find(({ key }) => key.text === 'jobs');
  const entries = jobs?.value?.kind === 'map' ? jobs.value.entries : [];
  return new Set(entries.flatMap(({ key }) => (key.block === jobs?.key.block ? [] : [key.block])));
}

/** Whether a job may take in a part of another one: only what carries an anchor can be taken in. */
function readsOthers({ tree }: Source): boolean {
  return tree.documents[0]?.blocks.some(({ anchors }) => anchors.size > 0) ?? false;
}

function blocksOf({ tree }: Source, which: (block: Block) => boolean = () => true): string {
  const blocks = tree.documents.flatMap(document => document.blocks.map(({ block }) => block));
  return blocks
    .filter(which)
    .map(({ id }) => id)
    .join(',');
}
