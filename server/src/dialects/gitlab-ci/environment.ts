/** The variables of a GitLab job: global and job variables, expanded, with what may change them. */

import type { Environment } from '../../model/build-site.js';
import { ABSENT, type Known, known, unknown } from '../../model/known.js';
import { expand, type Text } from '../../model/text.js';
import type { OutsideVariables } from '../dialect.js';
import type { GitlabConfig } from './config.js';
import { flatItems, followReference } from './references.js';
import { type Fields, isNull, originOf, type Reading, readFields, scalarOf, type Value } from './values.js';

/** Everything that decides a job's variables. */
export interface VariableSources {
  readonly reading: Reading;
  /** `variables:` after merging, job over global. */
  readonly fields: Fields;
  /** Names that `rules:variables`, `workflow:rules:variables` or `parallel:matrix` may set, with the reason. */
  readonly conditional: ReadonlyMap<string, string>;
  /** Variables set outside the files; they win. */
  readonly outside: OutsideVariables;
  /** Why further variables may be set where we cannot see; empty when they cannot. */
  readonly gaps: readonly string[];
  /** Variables of the site around a service; a service sees them below its own. */
  readonly outer?: Environment;
}

/**
 * Names under which Docker's tools look. Variables set outside the files (project settings, schedules) are
 * taken not to touch these, so one that no file sets is absent.
 */
const DOCKERS_OWN =
  /^DOCKER_(?:HOST|CONTEXT|CONFIG|TLS|TLS_VERIFY|CERT_PATH|TLS_CERTDIR|TLS_SAN|API_VERSION|DRIVER|BUILDKIT)$/;

/** An environment that also knows how its values are written. */
export interface GitlabEnvironment extends Environment {
  /** The value before variables are put in; `undefined` when it is not known. */
  raw(name: string): string | undefined;
}

export function environmentOf(sources: VariableSources): GitlabEnvironment {
  const lookup = (name: string): string | undefined => {
    const found = raw(sources, name);
    if (found.state === 'known') return found.value.text;
    if (found.state === 'absent' && DOCKERS_OWN.test(name)) return '';
    return undefined;
  };
  return {
    get(name) {
      const found = raw(sources, name);
      if (found.state === 'unknown') return unknown(found.why, found.origin);
      if (found.state === 'absent') return sources.outer ? sources.outer.get(name) : ABSENT;
      const { text, expands } = found.value;
      const value: Text = expands ? expand(text, lookup) : { text, holes: [] };
      return known(value, found.origin);
    },
    raw(name) {
      const found = raw(sources, name);
      return found.state === 'known' ? found.value.text : undefined;
    },
    names: () => [...new Set([...(sources.outer?.names() ?? []), ...sources.fields.keys()])],
  };
}

function raw(sources: VariableSources, name: string): Known<{ text: string; expands: boolean }> {
  const outside = sources.outside.values.get(name);
  if (outside && !sources.outer) {
    return known({ text: outside.value, expands: true }, { place: outside.place, way: 'own' });
  }
  const reason = sources.conditional.get(name);
  if (reason !== undefined) return unknown(reason);
  const value = sources.fields.get(name);
  if (!value) return sources.gaps.length > 0 ? unknown(sources.gaps.join('; ')) : ABSENT;
  const origin = originOf(sources.reading, value);
  if (value.doubt !== undefined) return unknown(value.doubt, origin);
  const inner = value.fields?.get('value');
  const scalar = scalarOf(value.fields ? inner : value);
  if (!scalar || isNull(scalar)) return unknown('its value is not a text', origin);
  const expands = scalarOf(value.fields?.get('expand'))?.text !== 'false';
  // A variable in its long form has no entry of its own to take away.
  const { entry: _, ...within } = inner ? originOf(sources.reading, inner) : origin;
  return known({ text: scalar.text, expands }, inner ? within : origin);
}

/** Names in `variables:` of every entry of a `rules:` list, also those that a `!reference` brings in. */
export function conditionalNames(
  rules: Value | undefined,
  config: GitlabConfig,
  reason: string,
): Map<string, string> {
  const names = new Map<string, string>();
  if (!rules) return names;
  for (const item of flatItems(config, rules.node).items) {
    const rule = config.tree.resolve(item);
    if (rule?.kind !== 'map') continue;
    const written = rule.entries.find(entry => entry.key.text === 'variables')?.value;
    const variables = written && followReference(config, written);
    if (variables?.kind !== 'map') continue;
    for (const entry of variables.entries) names.set(entry.key.text, reason);
  }
  return names;
}

/** Names that `parallel: matrix:` sets; `complete` is false when a reference leads out of view. */
export function matrixNames(
  parallel: Value | undefined,
  config: GitlabConfig,
): { names: Map<string, string>; complete: boolean } {
  const names = new Map<string, string>();
  const map = parallel && followReference(config, parallel.node);
  if (!parallel || map?.kind === 'scalar') return { names, complete: true };
  const matrix = map?.kind === 'map' ? readFields(config, map, { way: 'own' }).get('matrix') : undefined;
  if (!matrix) return { names, complete: map !== undefined };
  const { items, complete } = flatItems(config, matrix.node);
  for (const item of items) {
    const row = config.tree.resolve(item);
    if (row?.kind !== 'map') continue;
    for (const name of readFields(config, row, { way: 'own' }).keys())
      names.set(name, 'parallel:matrix sets it');
  }
  return { names, complete };
}
