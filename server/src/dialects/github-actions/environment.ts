/** The variables of a job or a step: `env:` of the workflow, the job and the step, the inner one first. */
import type { Environment } from '../../model/build-site.js';
import { ABSENT, type Known, known, type Origin, unknown, type Way } from '../../model/known.js';
import type { Text } from '../../model/text.js';
import type { Entry, Node } from '../../syntax/tree.js';
import { expandExpressions, type Resolve } from './expressions.js';
import { mapOf, place, placeOfEntry, type Source, textOf } from './values.js';

/** One `env:`. */
export interface EnvironmentLevel {
  readonly source: Source;
  readonly node: Node | undefined;
  readonly way: Way;
}

export const NO_ENVIRONMENT: Environment = { get: () => ABSENT, names: () => [] };

/** `levels` from the outermost to the innermost. `resolve` gets what may stand in their expressions. */
export function environmentOf(levels: readonly EnvironmentLevel[], resolve: Resolve): Environment {
  const entries = new Map<string, { readonly entry: Entry; readonly level: EnvironmentLevel }>();
  const open = levels.filter(({ source, node }) => node !== undefined && !mapOf(source, node));
  for (const level of levels)
    for (const entry of mapOf(level.source, level.node)?.entries ?? [])
      entries.set(entry.key.text, { entry, level });
  const asked = new Map<string, Known<Text>>();
  const read = (name: string): Known<Text> => {
    const found = entries.get(name);
    if (open.length > 0) return unknown('an expression makes the variables');
    return found ? variableOf(found.entry, found.level, resolve) : ABSENT;
  };
  return {
    get(name) {
      const before = asked.get(name);
      if (before) return before;
      const value = read(name);
      asked.set(name, value);
      return value;
    },
    names: () => [...entries.keys()],
  };
}

function variableOf(entry: Entry, { source, way }: EnvironmentLevel, resolve: Resolve): Known<Text> {
  const node = entry.value && source.tree.resolve(entry.value);
  const at = node ? place(source, node) : place(source, entry.key);
  const origin: Origin = { place: at, way, entry: placeOfEntry(source, entry) };
  if (!node) return known({ text: '', holes: [] }, origin);
  if (node.kind !== 'scalar') return unknown('its value is not a text', origin);
  return known(expandExpressions(textOf(node), resolve), origin);
}

/** Values that expressions may name besides variables: `matrix.x`, `inputs.x`. */
export function withContexts(env: Environment, resolve: Resolve, origin: Origin): Environment {
  return {
    names: () => env.names(),
    get(name) {
      if (!name.includes('.')) return env.get(name);
      if (name.startsWith('env.')) return env.get(name.slice('env.'.length));
      const text = resolve(name);
      return text === undefined ? unknown(`\${{ ${name} }}`) : known({ text, holes: [] }, origin);
    },
  };
}

/** Variables above others. */
export function layered(outer: Environment | undefined, inner: Environment): Environment {
  if (!outer || outer.names().length === 0) return inner;
  if (inner.names().length === 0) return outer;
  return {
    names: () => [...new Set([...outer.names(), ...inner.names()])],
    get(name) {
      const own = inner.get(name);
      return own.state === 'absent' ? outer.get(name) : own;
    },
  };
}

/** Asks an environment for what an expression says of it, `env.NAME`; anything else of `others`. */
export function resolveWith(env: Environment, others: Resolve): Resolve {
  return name => {
    if (!name.startsWith('env.')) return others(name);
    const found = env.get(name.slice('env.'.length));
    return found.state === 'known' && found.value.holes.length === 0 ? found.value.text : undefined;
  };
}
