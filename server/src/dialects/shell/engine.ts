/** Lowers and writes shell scripts that start daemons or register runners; loaded when the first one comes up. */
import type { Intent, Written } from '../../model/intent.js';
import type { Lowered, Unit } from '../dialect.js';
import { lowerScript } from './lower.js';
import { writeScript } from './write.js';

export function lowerShell(unit: Unit): Lowered {
  return lowerScript(unit);
}

export function writeShell(intents: readonly Intent[], unit: Unit): Written {
  return writeScript(intents, unit);
}
