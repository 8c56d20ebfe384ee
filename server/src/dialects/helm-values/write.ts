/** Writes changes into values of charts. */
import type { Intent, Written } from '../../model/intent.js';
import type { TextEdit } from '../../syntax/patch.js';
import { entryAt, removeEntry } from '../../syntax/yaml-edit.js';
import type { Unit } from '../dialect.js';
import { writeScaleSets } from './arc.js';
import { runnersValues } from './find.js';

export function writeValues(intents: readonly Intent[], unit: Unit): Written {
  if (runnersValues(unit.tree).length === 0) return writeScaleSets(intents, unit);
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    if (intent.kind !== 'remove-entry') return { refused: 'values of a chart cannot express this change' };
    const { block, start } = intent.entry;
    const parsed = unit.tree.documents
      .flatMap(({ blocks }) => blocks)
      .find(candidate => candidate.block === block);
    const found = entryAt(parsed?.root, start);
    // A map that loses its last key would be no map any more.
    if (!found || found.map.entries.length < 2) return { refused: 'nothing would be left of the map' };
    const edit = removeEntry(unit.tree, found);
    if (!edit) return { refused: 'the key is not in the file any more' };
    edits.push(edit);
  }
  return { edits: [{ path: unit.path, edits }] };
}
