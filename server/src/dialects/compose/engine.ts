/** Reads, lowers and writes Compose files; loaded when the first one comes up. */
import type { Intent, Written } from '../../model/intent.js';
import type { Tree } from '../../syntax/tree.js';
import type { Link, Lowered, Unit } from '../dialect.js';
import { linksIn } from './links.js';
import { lowerProject } from './lower.js';
import { writeProject } from './write.js';

export function linksOfCompose(tree: Tree, path: string): readonly Link[] {
  return linksIn(tree, path);
}

export function lowerCompose(unit: Unit): Lowered {
  return lowerProject(unit);
}

export function writeCompose(intents: readonly Intent[], unit: Unit): Written {
  return writeProject(intents, unit);
}
