/** Finds the daemon that a program is pointed to by a flag, where it has no DOCKER_HOST. */
import type { Environment, ImageUse } from '../../model/build-site.js';
import { isDockerImage } from '../../model/image-ref.js';
import { type Known, known, type Origin, type Place } from '../../model/known.js';
import { isLiteral, literal, type Text } from '../../model/text.js';
import { readShell } from '../../syntax/shell.js';
import { itemsOf, type Layer, originOf, partOf, placeIn, textOf } from './layers.js';
import { last, type Written } from './values.js';

/**
 * Traefik's provider, and the flags of docker's own tools, which many programs took over.
 * Source: traefik docs, reference of the Docker provider; docker/cli cli/flags/options.go.
 */
const FLAG = /^(?:--providers\.docker\.endpoint|--docker\.endpoint|--host|-H)(?:[= ](.*))?$/i;
const ADDRESS = /^(?:tcp|unix):\/\//;
const VARIABLE = 'TRAEFIK_PROVIDERS_DOCKER_ENDPOINT';

/** Dozzle's variable, where it is one address without TLS. Source: dozzle.dev, Remote Host Setup. */
const REMOTE = 'DOZZLE_REMOTE_HOST';
const PLAIN = /^tcp:\/\/[\w.-]+:2375$/;

/** The daemon's own flags of that name say where it listens; docker's client is followed by its commands. */
const DOCKERD = /^(?:.*\/)?dockerd(?:-entrypoint\.sh|-rootless\.sh)?$/;

/** The same variables, with DOCKER_HOST as a flag of the command, or a variable that means it, gives it. */
export function withHostFlag(env: Environment, written: Written, image: ImageUse | undefined): Environment {
  const own = env.get('DOCKER_HOST');
  const docker = image !== undefined && isDockerImage(image.ref);
  const host = own.state === 'absent' && !docker ? (flagIn(written) ?? meant(env)) : undefined;
  if (!host) return env;
  return {
    get: name => (name === 'DOCKER_HOST' ? host : env.get(name)),
    names: () => [...env.names(), 'DOCKER_HOST'],
  };
}

function meant(env: Environment): Known<Text> | undefined {
  const value = env.get(VARIABLE);
  if (value.state === 'known' && ADDRESS.test(value.value.text)) return value;
  const remote = env.get(REMOTE);
  return remote.state === 'known' && PLAIN.test(remote.value.text) ? remote : undefined;
}

/** A word of entrypoint or command, and where parts of it stand. */
interface Word {
  readonly text: string;
  place(start: number, end: number): Place;
  readonly layer: Layer;
}

function flagIn(written: Written): Known<Text> | undefined {
  const words = [last(written, 'entrypoint'), last(written, 'command')].flatMap(layer =>
    layer ? wordsIn(layer) : [],
  );
  if (words.some(({ text }) => DOCKERD.test(text))) return undefined;
  for (const [i, word] of words.entries()) {
    const match = FLAG.exec(word.text);
    const next = match ? words[i + 1] : undefined;
    if (match?.[1] !== undefined) return address(word, match[1]);
    if (next) return address(next, next.text);
  }
  return undefined;
}

function wordsIn(layer: Layer): readonly Word[] {
  if (layer.node.kind === 'seq') {
    return itemsOf(layer).flatMap(item => {
      const text = textOf(item);
      return text && isLiteral(text)
        ? [
            {
              text: text.text,
              layer: item,
              place: (start: number, end: number) => partOf(item, text, start, end),
            },
          ]
        : [{ text: '', layer: item, place: () => placeIn(item) }];
    });
  }
  const text = textOf(layer);
  const words = text && isLiteral(text) ? (readShell(text.text).commands[0]?.words ?? []) : [];
  return words.flatMap(word => {
    if (!text || word.quoted !== 'none') return [{ text: word.text, layer, place: () => placeIn(layer) }];
    const at = word.start;
    return [
      {
        text: word.text,
        layer,
        place: (start: number, end: number) => partOf(layer, text, at + start, at + end),
      },
    ];
  });
}

function address({ text, layer, place }: Word, value: string): Known<Text> | undefined {
  if (!ADDRESS.test(value)) return undefined;
  const { entry: _, ...origin }: Origin = originOf(layer);
  return known(literal(value), { ...origin, place: place(text.length - value.length, text.length) });
}
