/** Writes changes into Compose files. */
import type { Intent, Written } from '../../model/intent.js';
import type { Unit } from '../dialect.js';

export function writeProject(_intents: readonly Intent[], _unit: Unit): Written {
  return { refused: 'not yet' };
}
