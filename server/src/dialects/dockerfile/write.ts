/** Writes changes into Dockerfiles: values where they stand, settings of ENV that go, and the words of CMD. */
import type { JSONInstruction, PropertyInstruction } from 'dockerfile-ast';
import type { Intent, Written } from '../../model/intent.js';
import { createLineIndex, type LineIndex } from '../../syntax/line-index.js';
import type { TextEdit } from '../../syntax/patch.js';
import type { Unit } from '../dialect.js';
import { type Stage, stagesOf } from './stages.js';
import { withoutSetting } from './write-env.js';

type Edit = TextEdit | string;

const REFUSED = 'a Dockerfile does not say this, or in a way that is not written anew';

export function writeStages(intents: readonly Intent[], { path, tree }: Unit): Written {
  const stages = stagesOf(tree.text);
  const index = createLineIndex(tree.text);
  const edits: TextEdit[] = [];
  for (const intent of intents) {
    const edit = writeOne(tree.text, index, stages, intent);
    if (typeof edit === 'string') return { refused: edit };
    edits.push(edit);
  }
  const apart = edits.every((one, i) => edits.slice(0, i).every(o => one.end < o.start || o.end < one.start));
  return apart ? { edits: [{ path, edits }] } : { refused: 'one instruction would be changed twice' };
}

function writeOne(text: string, index: LineIndex, stages: readonly Stage[], intent: Intent): Edit {
  switch (intent.kind) {
    case 'replace-value':
      // Of an empty value `ENV NAME value` would make a line that docker refuses.
      return intent.value === '' || /\s/.test(intent.value)
        ? REFUSED
        : { start: intent.at.start, end: intent.at.end, newText: intent.value };
    case 'remove-entry':
      return remove(text, index, stages, intent.entry.start);
    case 'set-service-key': {
      const { start } = intent.service;
      const stage = stages.find(({ from }) => offsetOf(index, from.getImageRange()) === start);
      const words = typeof intent.value === 'string' ? [intent.value] : intent.value;
      return stage && intent.key === 'command' ? command(text, index, stage, words) : REFUSED;
    }
    default:
      return REFUSED;
  }
}

type Range = ReturnType<JSONInstruction['getRange']>;

function offsetOf(index: LineIndex, range: Range | null): number | undefined {
  return range ? index.offset(range.start) : undefined;
}

/** A setting goes alone; not where another one of the same name comes to light, or something reads it. */
function remove(text: string, index: LineIndex, stages: readonly Stage[], entry: number): Edit {
  for (const { others } of stages) {
    const all = others.filter(one => one.getKeyword() === 'ENV') as PropertyInstruction[];
    const properties = all.flatMap(one => one.getProperties());
    const property = properties.find(one => index.offset(one.getRange().start) === entry);
    const env = property && all.find(one => one.getProperties().includes(property));
    if (!property || !env) continue;
    const name = property.getName();
    const own = env.getProperties();
    // A word without `=` among others: docker refuses that, or it is part of a template.
    if (own.some(one => one.getValue() === null)) return REFUSED;
    if (properties.some(one => one !== property && one.getName() === name)) return 'it is set twice';
    if (new RegExp(`\\$\\{?${name}\\b`).test(text)) return 'something else reads it';
    const span = ({ start, end }: Range) => ({ start: index.offset(start), end: index.offset(end) });
    const settings = own.map(one => span(one.getRange()));
    return withoutSetting(text, span(env.getRange()), settings, own.indexOf(property)) ?? REFUSED;
  }
  return 'there is no such setting any more';
}

/** Words of CMD in the form of a list; one without words goes. */
function command(text: string, index: LineIndex, { others }: Stage, words: readonly string[]): Edit {
  const last = others.findLast(one => one.getKeyword() === 'CMD') as JSONInstruction | undefined;
  const range = last?.getArgumentsRange();
  if (!last || !range || last.getJSONStrings().length === 0) return REFUSED;
  const list = { start: index.offset(range.start), end: index.offset(range.end) };
  if (words.length > 0)
    return { ...list, newText: `[${words.map(word => JSON.stringify(word)).join(', ')}]` };
  const span = { start: index.offset(last.getRange().start), end: list.end };
  return withoutSetting(text, span, [span], 0) ?? REFUSED;
}
