/** The variables that steps of a pipeline find. */
import type { Environment } from '../../model/build-site.js';
import { type Known, known, unknown } from '../../model/known.js';
import { isLiteral, type Text } from '../../model/text.js';
import { environmentOf } from '../machine.js';
import type { Setting } from './settings.js';
import { innerPlace, type JenkinsFile, placeAt, textOf } from './strings.js';

/** Variables by name; one that is no literal is unknown. Under `*` stands why a name that is missing may be set too. */
export function settingsOf(
  file: JenkinsFile,
  settings: readonly Setting[],
): ReadonlyMap<string, Known<Text>> {
  const values = new Map<string, Known<Text>>();
  for (const [i, { name, value, span, global }] of settings.entries()) {
    const entry = placeAt(file, span.start, span.end);
    const why = global ? 'code sets it at some time' : 'it is no literal';
    if (name === '*') for (const one of [...values.keys(), '*']) values.set(one, unknown(ANY));
    else if (!value) values.set(name, unknown(why, { place: entry, way: 'own', entry }));
    else {
      const text = textOf(value, one => literalOf(settings.slice(0, i), one));
      values.set(name, known(text, { place: innerPlace(file, value), way: 'own', entry }));
    }
  }
  return values;
}

const ANY = 'a block sets variables that are no literals';

/** The variables that steps find. */
export function environmentIn(values: ReadonlyMap<string, Known<Text>>): Environment {
  const any = values.get('*');
  const named = new Map([...values].filter(([name]) => name !== '*'));
  return environmentOf(named, any && { get: () => any, names: () => [] });
}

/** What a name in a string of Groovy comes to, as far as it is literal. */
export function literalOf(settings: readonly Setting[], name: string, depth = 0): string | undefined {
  const at = settings.findLastIndex(one => one.name === name || one.name === '*');
  const value = settings[at]?.value;
  if (!value || depth > 5) return undefined;
  const text = textOf(value, one => literalOf(settings.slice(0, at), one, depth + 1));
  return isLiteral(text) ? text.text : undefined;
}
