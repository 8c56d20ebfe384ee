/** The variables of a GitLab job: global and job variables, expanded, with what may change them. */

import type { Environment } from '../../model/build-site.js';
import { ABSENT, type Known, known, type Origin, unknown } from '../../model/known.js';
import { expand, type Text } from '../../model/text.js';
import type { OutsideVariables } from '../dialect.js';
import type { GitlabConfig } from './config.js';
import { psychText } from './psych.js';
import { dereference } from './references.js';
import { type Fields, isNull, originOf, scalarOf, type Value } from './values.js';

/** Everything that decides a job's variables. */
export interface VariableSources {
  readonly config: GitlabConfig;
  /** `variables:` after merging, job over global. */
  readonly fields: Fields;
  /** Names that `rules:variables`, `workflow:rules:variables` or `parallel:matrix` may set, with the reason. */
  readonly conditional: ReadonlyMap<string, string>;
  /** Variables set outside the files; they win. */
  readonly outside: OutsideVariables;
  /** One way in which the site runs: what it sets, and which conditional variables are decided by that. */
  readonly way?: { readonly chosen: ReadonlyMap<string, Value>; readonly decides: ReadonlySet<string> };
  /** Why a variable that is not there may be set where we cannot see; empty when it cannot. */
  readonly gaps: (name: string) => readonly string[];
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
  const read = (name: string): Known<Text> => {
    const found = raw(sources, name);
    if (found.state === 'unknown') return unknown(found.why, found.origin);
    if (found.state === 'absent') return sources.outer ? sources.outer.get(name) : ABSENT;
    const { text, expands } = found.value;
    return known(expands ? expand(text, lookup) : { text, holes: [] }, found.origin);
  };
  // Every rule asks for the same few.
  const asked = new Map<string, Known<Text>>();
  return {
    get(name) {
      const before = asked.get(name);
      if (before) return before;
      const value = read(name);
      asked.set(name, value);
      return value;
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
  const chosen = sources.way?.chosen.get(name);
  const reason = sources.conditional.get(name);
  if (reason !== undefined && !sources.way?.decides.has(name)) return unknown(reason);
  const value = chosen ?? sources.fields.get(name);
  if (!value) {
    const gaps = sources.gaps(name);
    return gaps.length > 0 ? unknown(gaps.join('; ')) : ABSENT;
  }
  const origin = originOf(sources.config, value);
  if (value.doubt !== undefined) return unknown(value.doubt, origin);
  const text = textIn(sources.config, value, origin);
  // One value of a matrix stands in a list; other ways of the job have the others.
  return chosen && text.state === 'known' ? known(text.value, withoutEntry(text.origin)) : text;
}

/** A variable is a text, or `{ value, expand, description }`. */
function textIn(
  config: GitlabConfig,
  written: Value,
  origin: Origin,
): Known<{ text: string; expands: boolean }> {
  const value = dereference(config, written);
  if (!value) return unknown('a !reference leads out of view', origin);
  const inner = dereference(config, value.fields?.get('value'));
  // A variable that is only described is empty.
  if (value.fields && !inner) return known({ text: '', expands: true }, origin);
  const scalar = scalarOf(value.fields ? inner : value);
  if (!scalar || isNull(scalar)) return unknown('its value is not a text', origin);
  const expands = scalarOf(value.fields?.get('expand'))?.text !== 'false';
  const at = originOf(config, inner ?? value);
  // A variable in its long form has no entry of its own to take away, nor has one that stands elsewhere.
  return known({ text: psychText(scalar), expands }, inner || value !== written ? withoutEntry(at) : at);
}

function withoutEntry({ entry: _, ...origin }: Origin): Origin {
  return origin;
}
