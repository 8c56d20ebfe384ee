/** Reads single values of a Compose service as what is known of them. */
import { ABSENT, type Known, known, type Sourced, unknown } from '../../model/known.js';
import { isLiteral, type Text } from '../../model/text.js';
import { itemsOf, type Layer, originOf, textOf, under } from './layers.js';
import type { WrittenService } from './project.js';

/** Where values are looked up: the layers, and why one that is not there may be written elsewhere. */
export type Written = Pick<WrittenService, 'layers' | 'gaps'>;

/** The value of a key: the highest layer counts. */
export function last({ layers }: Written, key: string): Layer | undefined {
  return under(layers, key).at(-1);
}

export function missing({ gaps }: Pick<Written, 'gaps'>): Known<never> {
  return gaps.length > 0 ? unknown(gaps.join('; ')) : ABSENT;
}

export function readText(written: Written, key: string): Known<Text> {
  const layer = last(written, key);
  if (!layer) return missing(written);
  const text = textOf(layer);
  return text ? known(text, originOf(layer)) : unknown(`its ${key} cannot be read`, originOf(layer));
}

export function readWord(written: Written, key: string): Known<string> {
  return settledText(readText(written, key), key);
}

export function settledText(text: Known<Text>, key: string): Known<string> {
  if (text.state !== 'known') return text.state === 'unknown' ? unknown(text.why, text.origin) : text;
  if (!isLiteral(text.value))
    return unknown(`its ${key} holds ${text.value.holes.join(' and ')}`, text.origin);
  return known(text.value.text, text.origin);
}

/** YAML 1.1 and 1.2 agree on these, and Compose reads them from texts as well. */
const YES = /^(?:true|True|TRUE|yes|y|on|1)$/;

export function readFlag(written: Written, key: string): Known<boolean> {
  const word = readWord(written, key);
  if (word.state === 'known') return known(YES.test(word.value), word.origin);
  return word.state === 'unknown' ? unknown(word.why, word.origin) : word;
}

/** The words of a list in all layers, or of the one value in its stead. Repeated ones count once. */
export function readWords(written: Written, key: string): Known<readonly Sourced<string>[]> {
  const layers = under(written.layers, key);
  if (layers.length === 0) return missing(written);
  const words: Sourced<string>[] = [];
  for (const item of layers.flatMap(itemsOf)) {
    const text = textOf(item);
    if (!text || !isLiteral(text)) return unknown(`its ${key} cannot be read`, originOf(item));
    if (!words.some(({ value }) => value === text.text))
      words.push({ value: text.text, origin: itemOrigin(item) });
  }
  return known(words, originOf(layers[0] as Layer));
}

/** An item of a list is an entry of its own. */
export function itemOrigin(item: Layer): Sourced<unknown>['origin'] {
  const origin = originOf(item);
  return origin.entry ? origin : { ...origin, entry: origin.place };
}

/** The maps under a key, for further reading. */
export function inside({ layers, gaps }: Written, key: string): Written {
  return { layers: under(layers, key), gaps };
}
