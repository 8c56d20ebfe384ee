/** Reads, lowers and writes workflows; loaded when the first one comes up. */
import type { Intent, Written } from '../../model/intent.js';
import type { Tree } from '../../syntax/tree.js';
import type { Link, Lowered, Unit } from '../dialect.js';
import { eventsOf } from './facts.js';
import { linksOfActions } from './links.js';
import { lowerActions } from './lower.js';
import { writeActions } from './write.js';

export function linksOfWorkflow(tree: Tree): readonly Link[] {
  return linksOfActions(tree);
}

export function lowerWorkflow(unit: Unit): Lowered {
  return lowerActions(unit);
}

export function writeWorkflow(intents: readonly Intent[], unit: Unit): Written {
  return writeActions(intents, unit);
}

/** Something else than a call of another workflow starts it. */
export function startsByItself(tree: Tree): boolean {
  return [...eventsOf({ path: '', tree }).keys()].some(name => name !== 'workflow_call');
}
