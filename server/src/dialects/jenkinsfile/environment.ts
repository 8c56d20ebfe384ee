/** The variables that steps of a pipeline find. */
import type { Environment } from '../../model/build-site.js';
import { ABSENT, type Known, known, unknown } from '../../model/known.js';
import { isLiteral, type Text } from '../../model/text.js';
import type { Setting } from './settings.js';
import { innerPlace, type JenkinsFile, placeAt, textOf } from './strings.js';

const ANY = 'a block sets variables that are no literals';
const MAX_DEPTH = 5;

/** Where each variable is set last, and where any may be. */
interface Index {
  readonly last: ReadonlyMap<string, number>;
  readonly any: number;
}

const indexes = new WeakMap<readonly Setting[], Index>();

function indexOf(settings: readonly Setting[]): Index {
  const before = indexes.get(settings);
  if (before) return before;
  const last = new Map(settings.map(({ name }, i) => [name, i]));
  const index = { last, any: last.get('*') ?? -1 };
  last.delete('*');
  indexes.set(settings, index);
  return index;
}

/** Worked out for the names that are asked for, for a pipeline may set hundreds. */
export function environmentIn(file: JenkinsFile, settings: readonly Setting[]): Environment {
  const { last, any } = indexOf(settings);
  return {
    get(name) {
      const at = last.get(name);
      if (any > (at ?? -1)) return unknown(ANY);
      return at === undefined ? ABSENT : valueAt(file, settings, at);
    },
    names: () => [...last.keys()],
  };
}

function valueAt(file: JenkinsFile, settings: readonly Setting[], at: number): Known<Text> {
  const { value, span, global } = settings[at] as Setting;
  const entry = placeAt(file, span.start, span.end);
  const why = global ? 'code sets it at some time' : 'it is no literal';
  if (!value) return unknown(why, { place: entry, way: 'own', entry });
  const text = textOf(value, name => literalOf(settings, name, at));
  return known(text, { place: innerPlace(file, value), way: 'own', entry });
}

/** What a name in a string of Groovy comes to, as far as it is literal; `before`: by what is set before that. */
export function literalOf(
  settings: readonly Setting[],
  name: string,
  before = settings.length,
  depth = 0,
): string | undefined {
  let at = before - 1;
  while (at >= 0 && settings[at]?.name !== name && settings[at]?.name !== '*') at -= 1;
  const value = settings[at]?.value;
  if (!value || depth > MAX_DEPTH) return undefined;
  const text = textOf(value, one => literalOf(settings, one, at, depth + 1));
  return isLiteral(text) ? text.text : undefined;
}
