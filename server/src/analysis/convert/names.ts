/** Tells whether two words of a script name the same image, and in which registry it lies. */
import type { BuildSite } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import { expand, HOLE, type Text } from '../../model/text.js';
import { scriptSets } from '../../trace/script-way.js';
import type { Value } from './values.js';

/** The word with the variables of the job put in; what is not known is a hole with the name of its variable. */
function textOf(site: BuildSite, { word }: Value): Text {
  const written = expand(word.text, () => undefined);
  const names = [...written.holes];
  const holes: string[] = [];
  const text = written.text.replaceAll(HOLE, () => {
    const name = names.shift() ?? '';
    const value = scriptSets(site, name) ? undefined : settled(site.env.get(name));
    holes.push(...(value?.holes ?? [name]));
    return value?.text ?? HOLE;
  });
  return { text, holes };
}

function keyOf(site: BuildSite, value: Value): string {
  const { text, holes } = textOf(site, value);
  return JSON.stringify([text, holes]);
}

/** Whether both name one image, of `other` in another site where that is given: `x` is `x:latest`. */
export function isSameImage(site: BuildSite, one: Value, other: Value, otherSite = site): boolean {
  const [a, b] = [textOf(site, one), textOf(otherSite, other)];
  if (a.holes.join() !== b.holes.join()) return false;
  return a.text === b.text || `${a.text}:latest` === b.text || a.text === `${b.text}:latest`;
}

/** Whether a name is one of a repository, with or without a tag. */
export function isTagOf(site: BuildSite, repository: Value, name: Value): boolean {
  const [a, b] = [textOf(site, repository), textOf(site, name)];
  const isSame = b.text === a.text || b.text.startsWith(`${a.text}:`);
  return isSame && a.holes.every((hole, i) => hole === b.holes[i]);
}

/** Values that name different images, the first of each. */
export function distinct(site: BuildSite, values: readonly Value[]): readonly Value[] {
  const seen = new Map(values.toReversed().map(value => [keyOf(site, value), value]));
  return values.filter(value => seen.get(keyOf(site, value)) === value);
}

/** Names of variables that a word takes in. */
export function variablesIn({ word }: Value): readonly string[] {
  return [...word.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(match => match[1] ?? '');
}

/** Variables of GitLab that hold the name of a registry, with what may follow. Source: gitlabhq doc/ci/variables/predefined_variables.md. */
const REGISTRIES = /^(?:CI_REGISTRY|CI_REGISTRY_IMAGE|CI_TEMPLATE_REGISTRY_HOST)$/;

/** Whether an image lies in the registry of the project itself, by its variables. */
export function isInProjectRegistry(site: BuildSite, value: Value): boolean {
  const { text, holes } = textOf(site, value);
  return text.startsWith(HOLE) && /^CI_REGISTRY(?:_IMAGE)?$/.test(holes[0] ?? '') && /^.[/:]|^.$/.test(text);
}

/** The registry that a name begins with, holes and all; `undefined` where it names none. */
export function hostOf(site: BuildSite, value: Value): string | undefined {
  const { text } = textOf(site, value);
  const slash = text.indexOf('/');
  return slash < 0 ? undefined : text.slice(0, slash);
}

/** A host of which the end is written out: `$ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com`. */
const DOMAIN = /\.[a-z\d-]+\.[a-z]{2,}(?::\d+)?$/;

/** Where an image is pushed to: `named` says its registry, `hub` leaves it to the default, else it cannot be told. */
export function registryOf(site: BuildSite, value: Value): 'named' | 'hub' | undefined {
  const { text, holes } = textOf(site, value);
  const host = hostOf(site, value) ?? '';
  if (DOMAIN.test(host)) return 'named';
  if (text.startsWith(HOLE))
    return REGISTRIES.test(holes[0] ?? '') && /^.[/:]|^.$/.test(text) ? 'named' : undefined;
  if (host.includes('.') || host.includes(':') || host === 'localhost') return 'named';
  return host.includes(HOLE) || text === '' || text.startsWith('$') ? undefined : 'hub';
}
