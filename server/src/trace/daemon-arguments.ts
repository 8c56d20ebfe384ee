/** Tells what a container with the docker image runs: dockerd with which arguments, or something else. */
import type { Service } from '../model/build-site.js';
import { settled } from '../model/known.js';

/** A container with the daemon's image may as well run a client: its entrypoint hands over to what it is told to run. */
export function isClient(service: Service): boolean {
  const { container, entrypoint, command } = service;
  if (!container || entrypoint.state === 'unknown') return false;
  const own = settled(entrypoint) ?? [];
  if (own.length === 0) return command.state !== 'unknown' && daemonArguments(service) === undefined;
  // What is run is told then, whatever its arguments are.
  const [program] = behindEnv([...own, ...(settled(command) ?? [])]);
  return program !== undefined && !SCRIPT.test(program) && !DOCKERD.test(program);
}

const SCRIPT = /^(?:.*\/)?dockerd-entrypoint\.sh$/;
const DOCKERD = /^(?:.*\/)?dockerd$/;
const ENV = /^(?:.*\/)?env$/;

/**
 * The arguments that dockerd-entrypoint.sh gets, from `entrypoint` and `command`. `undefined` when something else
 * is run, which may or may not start it in the end. Source: dockerd-entrypoint.sh hands a first word that is no
 * flag to docker-entrypoint.sh, which runs it, also when it is the script itself. `dockerd` in front runs without it.
 */
export function daemonArguments(service: Service): readonly string[] | undefined {
  const all = wordsOf(service);
  if (!all) return undefined;
  const words = behindEnv(all);
  const [first] = words;
  if (first !== undefined && SCRIPT.test(first)) return words.slice(1);
  if (first !== undefined && DOCKERD.test(first)) return ['dockerd', ...words.slice(1)];
  // Without a program `env` prints what it has, and ends.
  if (first === undefined && all.length > 0) return all;
  if (service.entrypoint.state === 'known') return undefined;
  return first === undefined || first.startsWith('-') ? words : undefined;
}

/**
 * Whether the container runs its program without DOCKER_HOST, which is for clients: `entrypoint: [env, -u, DOCKER_HOST]`,
 * as guides have written it since docker-library/docker pull request 166.
 */
export function dropsHost(service: Service): boolean {
  const words = wordsOf(service) ?? [];
  return behindEnv(words) !== words;
}

/** What a container is told to run; `undefined` when a part of it is not known. */
function wordsOf({ entrypoint, command }: Service): readonly string[] | undefined {
  if (entrypoint.state === 'unknown' || command.state === 'unknown') return undefined;
  return [...(settled(entrypoint) ?? []), ...(settled(command) ?? [])];
}

function behindEnv(words: readonly string[]): readonly string[] {
  const [program = '', flag = '', name] = words;
  if (!ENV.test(program)) return words;
  if (flag === '-u' && name === 'DOCKER_HOST') return words.slice(3);
  return /^(?:-u|--unset=)DOCKER_HOST$/.test(flag) ? words.slice(2) : words;
}

/** What a flag is given, in both spellings: `--flag value` and `--flag=value`. */
export function valuesOf(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, i) =>
    word === flag ? (words[i + 1] ?? []) : word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : [],
  );
}
