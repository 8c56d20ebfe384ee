/** Reads `image:` and `services:` of a GitLab job. */
import type { Environment, ImageUse, Service } from '../../model/build-site.js';
import { parseImage } from '../../model/image-ref.js';
import { ABSENT, type Known, known, type Place, unknown } from '../../model/known.js';
import { expand, type Text } from '../../model/text.js';
import type { Node, ScalarNode } from '../../syntax/tree.js';
import type { GitlabConfig } from './config.js';
import { environmentOf, type GitlabEnvironment } from './environment.js';
import { dereference, flatItems } from './references.js';
import { isPutIn } from './sources.js';
import { isNull, originOf, readValue, scalarOf, type Value } from './values.js';

/** What the containers of a job need to be read: the file, and the job's variables. */
export interface ContainerContext {
  readonly config: GitlabConfig;
  readonly env: GitlabEnvironment;
  /** Why a key that the job does not have may be written where we cannot see. */
  readonly gaps: (key: 'image' | 'services') => readonly string[];
}

export function readImage(context: ContainerContext, value: Value | undefined): Known<ImageUse> {
  if (!value || isNull(value.node)) return missing(context.gaps('image'));
  if (value.doubt !== undefined) return doubted(value.doubt, readImage(context, settledValue(value)));
  const target = dereference(context.config, value);
  if (!target) return unknown('a !reference leads out of view', originOf(context.config, value));
  const name = scalarOf(target.fields ? dereference(context.config, target.fields.get('name')) : target);
  if (!name) return unknown('the image has no name');
  const { place, whole } = writtenAt(context, name);
  const origin = { ...originOf(context.config, target), place };
  const entrypoint = target.fields ? readWords(context, target.fields.get('entrypoint')) : ABSENT;
  return known({ ref: parseImage(expandText(context.env, name.text)), origin, whole, entrypoint }, origin);
}

/**
 * The services of a job. A list replaces another as a whole, so an entry that cannot be read makes the list
 * unknown: the daemon may be the one that is missing.
 */
export function readServices(context: ContainerContext, value: Value | undefined): Known<readonly Service[]> {
  if (!value || isNull(value.node)) return missing(context.gaps('services'));
  const origin = originOf(context.config, value);
  if (value.doubt !== undefined) return doubted(value.doubt, readServices(context, settledValue(value)));
  const { items, complete } = flatItems(context.config, value.node);
  if (!complete) return unknown('a !reference leads out of view', origin);
  const services: Service[] = [];
  for (const item of items) {
    const service = readService(context, item, value);
    if (!service) return unknown('a service cannot be read', origin);
    services.push(service);
  }
  return known(services, origin);
}

/** The value as if nothing could replace it. */
function settledValue({ doubt: _, ...value }: Value): Value {
  return value;
}

function doubted<T>(why: string, item: Known<T>): Known<T> {
  return item.state === 'known' ? { state: 'unknown', why, origin: item.origin, likely: item.value } : item;
}

function readService(context: ContainerContext, node: Node, list: Value): Service | undefined {
  const value = readValue(context.config, node, { way: list.way, ...(list.from ? { from: list.from } : {}) });
  const name = scalarOf(value?.fields ? dereference(context.config, value.fields.get('name')) : value);
  if (!value || !name) return undefined;
  const fields = value.fields;
  const alias = scalarOf(fields?.get('alias'));
  const aliases = alias ? expandText(context.env, alias.text) : undefined;
  const { place, whole } = writtenAt(context, name);
  const origin = { ...originOf(context.config, value), place };
  return {
    ref: parseImage(expandText(context.env, name.text)),
    origin,
    whole,
    aliases: !aliases
      ? ABSENT
      : aliases.holes.length > 0
        ? unknown('its alias comes from a variable')
        : known(aliases.text.split(/[\s,]+/).filter(Boolean), origin),
    entrypoint: readWords(context, fields?.get('entrypoint')),
    command: readWords(context, fields?.get('command')),
    variables: environmentOf({
      config: context.config,
      fields: fields?.get('variables')?.fields ?? new Map(),
      conditional: new Map(),
      outside: { key: '', values: new Map() },
      gaps: () => [],
      outer: context.env,
    }),
  };
}

/** A list of words. Of one text, for which GitLab makes no pipeline, the words that it is to mean. */
function readWords(context: ContainerContext, value: Value | undefined): Known<readonly string[]> {
  if (!value || isNull(value.node)) return ABSENT;
  const origin = originOf(context.config, value);
  const { items, complete: all } = flatItems(context.config, value.node);
  const texts = items.map(item => (item.kind === 'scalar' ? expandText(context.env, item.text) : undefined));
  if (!all || texts.some(text => !text || text.holes.length > 0))
    return unknown('it holds parts that are not known', origin);
  const words = texts.map(text => text?.text ?? '');
  return known(value.node.kind === 'scalar' ? (words[0] ?? '').split(/\s+/) : words, origin);
}

function missing(gaps: readonly string[]): Known<never> {
  return gaps.length > 0 ? unknown(gaps.join('; ')) : ABSENT;
}

const WHOLE_VARIABLE = /^\$(?:(\w+)|\{(\w+)\})$/;

/**
 * Where an image is written: at the variable, when the name is nothing but one variable, so that a bad value
 * that many jobs share is one finding, and its fix goes where the value is. `whole` is false for a name that
 * is put together from parts.
 */
function writtenAt(context: ContainerContext, node: ScalarNode): { place: Place; whole: boolean } {
  let place = context.config.place(node);
  let text = node.text;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const match = WHOLE_VARIABLE.exec(text);
    const name = match?.[1] ?? match?.[2];
    const value = name === undefined ? undefined : context.env.get(name);
    if (name === undefined || value?.state !== 'known') break;
    place = value.origin.place;
    text = context.env.raw(name) ?? text;
  }
  return { place, whole: !text.includes('$') && !isPutIn(node) };
}

const MAX_HOPS = 5;

/** Puts the job's variables into an image name; one that no file sets stays a hole. */
function expandText(env: Environment, raw: string): Text {
  return expand(raw, name => {
    const value = env.get(name);
    return value.state === 'known' && value.value.holes.length === 0 ? value.value.text : undefined;
  });
}
