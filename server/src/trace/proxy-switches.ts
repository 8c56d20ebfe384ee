/** What the settings of a socket proxy let through, and to whom. */
import type { Service } from '../model/build-site.js';
import { type Place, settled } from '../model/known.js';
import { hasSwitches } from './socket-proxy.js';
import { readVariable } from './variables.js';

/**
 * Whether the switches of a proxy let clients write; `undefined` where its settings are not variables, or are not
 * known. Without them every POST is answered with 403. Source: haproxy.cfg of Tecnativa/docker-socket-proxy.
 */
export function letsWrite(service: Service): boolean | undefined {
  if (isWollomatic(service) || !hasSwitches(service.ref)) return undefined;
  return switchedOn(service, 'POST');
}

/** Requests that a command of docker makes, by its first words; `undefined` for one of which they are not known. */
const ASKS: readonly (readonly [RegExp, 'GET' | 'POST', readonly string[]])[] = [
  [/^(?:buildx |image |compose )?build\b/, 'POST', ['build', 'session', 'grpc']],
  [/^(?:ps|container ls)\b/, 'GET', ['containers/json']],
  [/^(?:container )?(?:run|create)\b/, 'POST', ['containers/create']],
  [/^(?:container )?exec\b/, 'POST', ['containers/abc/exec', 'exec/abc/start']],
  [/^(?:images|image ls)\b/, 'GET', ['images/json']],
  [/^(?:image )?pull\b/, 'POST', ['images/create']],
  [/^(?:image )?push\b/, 'POST', ['images/abc/push']],
  [/^info\b/, 'GET', ['info']],
  [/^version\b/, 'GET', ['version']],
];

/** Whether a proxy lets through what `docker WORDS` asks for; `undefined` where that is not known. */
export function proxyLets(service: Service, words: string): boolean | undefined {
  const [, method, sections] = ASKS.find(([pattern]) => pattern.test(words)) ?? [];
  if (!method || !sections) return letsWrite(service) === false ? undefined : letsWrite(service);
  const answers = sections.map(section => proxyAllows(service, method, `/v1.44/${section}`));
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
}

/** What Tecnativa's proxy lets through unless told otherwise. Source: Dockerfile of Tecnativa/docker-socket-proxy. */
const ON_BY_DEFAULT: ReadonlySet<string> = new Set(['EVENTS', 'PING', 'VERSION']);

/**
 * Whether a proxy lets a request through; `undefined` where its settings are not known. `path` starts with the version
 * of the API. Sources: haproxy.cfg of Tecnativa/docker-socket-proxy, internal/config of wollomatic/socket-proxy.
 */
export function proxyAllows(service: Service, method: 'GET' | 'POST', path: string): boolean | undefined {
  if (!hasSwitches(service.ref)) return undefined;
  if (isWollomatic(service)) return matchesAny(patternsOf(service, method), path);
  const section = (path.split('/')[2] ?? '').replace(/^_/, '').toUpperCase();
  const writes = method === 'GET' ? true : letsWrite(service);
  const open = switchedOn(service, section);
  return writes === false || open === false ? false : writes && open;
}

/**
 * Whether other containers reach a proxy. That of wollomatic listens to itself alone unless told otherwise, or puts a
 * socket of its own in place of the port. Source: README of wollomatic/socket-proxy.
 */
export function listensToOthers(service: Service): boolean {
  if (!isWollomatic(service)) return true;
  const given = (name: string): string | undefined => {
    const flag = new RegExp(`^--?${name}=(.*)$`);
    const words = settled(service.command) ?? [];
    const own = words.flatMap(word => flag.exec(word)?.[1] ?? []).at(-1);
    return own ?? readVariable(service.variables, `SP_${name.toUpperCase()}`).value;
  };
  const address = given('listenip');
  return address !== undefined && !/^127\./.test(address) && given('proxysocketendpoint') === undefined;
}

function isWollomatic({ ref }: Service): boolean {
  return /wollomatic\//.test(ref.repository);
}

function switchedOn({ variables }: Service, name: string): boolean | undefined {
  const value = readVariable(variables, name);
  if (value.why !== undefined) return undefined;
  return value.value === undefined ? ON_BY_DEFAULT.has(name) : isOn(value.value);
}

function isOn(value: string): boolean {
  return /^(?:1|true|on|yes)$/i.test(value);
}

/** Where a switch stands; of a proxy that takes flags, its command. */
export function switchPlace({ variables, command }: Service, name: string): Place | undefined {
  const place = readVariable(variables, name).place;
  return place ?? (command.state === 'known' ? command.origin.place : undefined);
}

/** The patterns for one method, from flags, else from variables; `undefined` where they are not known. */
function patternsOf({ command, variables }: Service, method: string): readonly string[] | undefined {
  if (command.state === 'unknown') return undefined;
  const flag = new RegExp(`^--?allow${method}=(.*)$`);
  const given = (settled(command) ?? []).flatMap(word => flag.exec(word)?.[1] ?? []);
  if (given.length > 0) return given;
  const names = variables.names().filter(name => new RegExp(`^SP_ALLOW_${method}(?:_\\d+)?$`).test(name));
  const values = names.map(name => readVariable(variables, name));
  return values.some(({ why }) => why !== undefined) ? undefined : values.flatMap(({ value }) => value ?? []);
}

/** Patterns in which repetitions are repeated may take for ever. */
const NESTED = /[+*}][^()]*\)[+*{]/;

function matchesAny(patterns: readonly string[] | undefined, path: string): boolean | undefined {
  if (!patterns) return undefined;
  const answers = patterns.map(pattern => {
    if (NESTED.test(pattern) || pattern.length > 1_000) return undefined;
    try {
      return new RegExp(`^(?:${pattern})$`).test(path);
    } catch {
      return undefined;
    }
  });
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}
