/** Puts the command of an action into shell text, with the way back from each of its words to the input it came from. */
import type { ScriptText } from '../../model/build-site.js';
import type { Origin, Place } from '../../model/known.js';
import { scalarMap } from '../../syntax/scalar-map.js';
import type { Word } from './actions.js';
import { place, type Source } from './values.js';

/** A word as it stands in the shell text. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly word: Word;
}

export interface ActionText {
  readonly text: string;
  readonly segments: readonly Segment[];
}

export function actionText(words: readonly Word[]): ActionText {
  let text = '';
  const segments: Segment[] = [];
  for (const word of words) {
    const start = text.length === 0 ? 0 : text.length + 1;
    text += `${text.length === 0 ? '' : ' '}${quoted(word.text)}`;
    segments.push({ start, end: text.length, word });
  }
  return { text, segments };
}

const PLAIN = /^[\w./:=@,+%-]+$/;

/** Expressions stay what they are; everything else is no shell text, so none of it is expanded. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!text.includes('${{')) return `'${text.replaceAll("'", "'\\''")}'`;
  return `"${text.replace(/\$\{\{.*?\}\}|[\\"$`]/gs, found => (found.length > 1 ? found : `\\${found}`))}"`;
}

/** `origin` is the `uses:` of the step, which stands for all that no input says. */
export function actionScript(
  source: Source,
  words: readonly Word[],
  origin: Origin,
  more: Partial<ScriptText>,
): ScriptText {
  const { text, segments } = actionText(words);
  return {
    text,
    origin,
    part: 'main',
    ownShell: true,
    ...more,
    place(start, end): Place {
      const found = segments.find(segment => segment.start <= start && end <= segment.end);
      return (found && placeOfWord(source, found)) ?? origin.place;
    },
  };
}

/** Where a word is written; a flag stands for the whole of its input. */
export function placeOfWord(source: Source, { word }: Segment): Place | undefined {
  const { input, from, text } = word;
  if (!input) return undefined;
  const at = place(source, input.node);
  const span = from === undefined ? undefined : scalarMap(input.node).toSource(from, from + text.length);
  return span ? { ...at, ...span } : at;
}
