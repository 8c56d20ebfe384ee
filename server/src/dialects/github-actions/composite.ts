/** Finds the composite actions of the repository that a step uses, and binds their inputs. */
import type { MapNode } from '../../syntax/tree.js';
import type { Unit } from '../dialect.js';
import type { Resolve } from './expressions.js';
import { expandExpressions } from './expressions.js';
import { mapOf, nodeAt, rootNode, type Source, scalarAt, textAt, textOf } from './values.js';

/** The paths at which an action lies that a step calls `./path`. */
export function pathsOfAction(uses: string): readonly string[] {
  const folder = uses.replace(/^\.\//, '').replace(/\/+$/, '');
  const at = folder === '' || folder === '.' ? '' : `${folder}/`;
  return [`${at}action.yml`, `${at}action.yaml`];
}

export function isLocal(uses: string): boolean {
  return uses.startsWith('./') && !uses.includes('${{') && !uses.split('/').includes('..');
}

/** The file of a local action; `undefined` where it is not in view. */
export function localFile(unit: Unit, from: string, paths: readonly string[]): Source | undefined {
  for (const target of paths) {
    const [found] = unit.follow?.({ kind: 'include', target }, from) ?? [];
    if (found) return found;
  }
  return undefined;
}

/** `runs:` of an action that consists of steps. */
export function compositeRuns(source: Source): MapNode | undefined {
  const runs = mapOf(source, rootNode(source, 'runs'));
  return textAt(source, runs, 'using')?.toLowerCase() === 'composite' ? runs : undefined;
}

/**
 * What `inputs.…` comes to in a file that was called with `given`: its own value, else the default that the file says.
 * `declared` is the map of inputs, whose names count without regard to case.
 */
export function inputValues(
  source: Source,
  declared: MapNode | undefined,
  given: ReadonlyMap<string, string | undefined> | undefined,
): Resolve {
  return name => {
    const input = /^inputs\.([\w-]+)$/.exec(name)?.[1]?.toLowerCase();
    if (input === undefined) return undefined;
    if (!given) return undefined;
    if (given.has(input)) return given.get(input);
    const entry = declared?.entries.find(({ key }) => key.text.toLowerCase() === input);
    const map = mapOf(source, entry?.value);
    const fallback = scalarAt(source, map, 'default');
    if (fallback) return literalOf(textOf(fallback), () => undefined);
    return map && textAt(source, map, 'required') !== 'true' ? '' : undefined;
  };
}

/** `with:` as the called file gets it; `undefined` for a value that is not known. */
export function givenInputs(
  source: Source,
  map: MapNode | undefined,
  resolve: Resolve,
): ReadonlyMap<string, string | undefined> {
  const inputs = new Map<string, string | undefined>();
  for (const { key } of map?.entries ?? []) {
    const node = nodeAt(source, map, key.text);
    const text = node?.kind === 'scalar' ? literalOf(textOf(node), resolve) : undefined;
    inputs.set(key.text.toLowerCase(), text);
  }
  return inputs;
}

function literalOf(text: string, resolve: Resolve): string | undefined {
  const expanded = expandExpressions(text, resolve);
  return expanded.holes.length === 0 ? expanded.text : undefined;
}
