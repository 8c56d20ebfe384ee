/** Finds the daemon that a program is pointed to by a flag, where it has no DOCKER_HOST. */
import type { Environment } from '../../model/build-site.js';
import { type Known, known, type Origin } from '../../model/known.js';
import { isLiteral, literal, type Text } from '../../model/text.js';
import { itemsOf, type Layer, originOf, partOf, textOf } from './layers.js';
import { last, type Written } from './values.js';

/**
 * Traefik's provider, and the flags of docker's own tools, which many programs took over.
 * Source: traefik docs, reference of the Docker provider; docker/cli cli/flags/options.go.
 */
const FLAG = /^(?:--providers\.docker\.endpoint|--docker\.endpoint|--host|-H)(?:[= ](.*))?$/i;
const ADDRESS = /^(?:tcp|unix):\/\//;
const VARIABLE = 'TRAEFIK_PROVIDERS_DOCKER_ENDPOINT';

/** The same variables, with DOCKER_HOST as a flag of the command, or a variable that means it, gives it. */
export function withHostFlag(env: Environment, written: Written): Environment {
  const own = env.get('DOCKER_HOST');
  const host = own.state === 'absent' ? (flagIn(written) ?? meant(env)) : undefined;
  if (!host) return env;
  return {
    get: name => (name === 'DOCKER_HOST' ? host : env.get(name)),
    names: () => [...env.names(), 'DOCKER_HOST'],
  };
}

function meant(env: Environment): Known<Text> | undefined {
  const value = env.get(VARIABLE);
  return value.state === 'known' && ADDRESS.test(value.value.text) ? value : undefined;
}

function flagIn(written: Written): Known<Text> | undefined {
  const items = [last(written, 'entrypoint'), last(written, 'command')].flatMap(layer =>
    layer ? itemsOf(layer) : [],
  );
  for (const [i, item] of items.entries()) {
    const text = textOf(item);
    if (!text) continue;
    const match = FLAG.exec(text.text);
    if (match?.[1] !== undefined) return address(item, match[1]);
    const next = match ? items[i + 1] : undefined;
    const value = next && textOf(next);
    if (next && value) return address(next, value.text);
  }
  return undefined;
}

function address(item: Layer, value: string): Known<Text> | undefined {
  const text = textOf(item);
  if (!text || !isLiteral(text) || !ADDRESS.test(value)) return undefined;
  const place = partOf(item, text, text.text.length - value.length, text.text.length);
  const { entry: _, ...origin }: Origin = originOf(item);
  return known(literal(value), { ...origin, place });
}
