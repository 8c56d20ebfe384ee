/** Tells what a container with the docker image runs: dockerd with which arguments, or something else. */
import type { Service } from '../model/build-site.js';
import { settled } from '../model/known.js';

/** A container with the daemon's image may as well run a client: its entrypoint hands over to what it is told to run. */
export function isClient(service: Service): boolean {
  const { container, entrypoint, command } = service;
  if (!container || entrypoint.state === 'unknown') return false;
  const [program] = settled(entrypoint) ?? [];
  // What is run is told then, whatever its arguments are.
  if (program !== undefined) return !SCRIPT.test(program) && !DOCKERD.test(program);
  return command.state !== 'unknown' && daemonArguments(service) === undefined;
}

const SCRIPT = /^(?:.*\/)?dockerd-entrypoint\.sh$/;
const DOCKERD = /^(?:.*\/)?dockerd$/;

/**
 * The arguments that dockerd-entrypoint.sh gets, from `entrypoint` and `command`. `undefined` when something else
 * is run, which may or may not start it in the end. Source: dockerd-entrypoint.sh hands a first word that is no
 * flag to docker-entrypoint.sh, which runs it, also when it is the script itself. `dockerd` in front runs without it.
 */
export function daemonArguments(service: Service): readonly string[] | undefined {
  if (service.entrypoint.state === 'unknown' || service.command.state === 'unknown') return undefined;
  const words = [...(settled(service.entrypoint) ?? []), ...(settled(service.command) ?? [])];
  const [first] = words;
  if (first !== undefined && SCRIPT.test(first)) return words.slice(1);
  if (first !== undefined && DOCKERD.test(first)) return ['dockerd', ...words.slice(1)];
  if (service.entrypoint.state === 'known') return undefined;
  return first === undefined || first.startsWith('-') ? words : undefined;
}

/** What a flag is given, in both spellings: `--flag value` and `--flag=value`. */
export function valuesOf(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, i) =>
    word === flag ? (words[i + 1] ?? []) : word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : [],
  );
}
