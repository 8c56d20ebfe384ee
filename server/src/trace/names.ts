/** The host names under which a job finds its services. */
import type { Service } from '../model/build-site.js';
import type { ImageRef } from '../model/image-ref.js';
import { kept } from '../model/kept.js';
import { HOLE } from '../model/text.js';

/** Names of a service, or `undefined` for the part that depends on something unknown. */
export interface ServiceNames {
  readonly names: readonly string[];
  /** False when further names may exist that cannot be told. */
  readonly complete: boolean;
}

/**
 * Those that its container has by itself, else GitLab Runner's rule: names from the image path, `/` once as `__` and once as `-`, the port of the registry
 * left out; then every word of `alias:`. Source: gitlab-runner helpers/container/services/services.go.
 */
export const serviceNames = kept((service: Service): ServiceNames => {
  if (service.container) return { names: service.container.names, complete: true };
  const derived = derivedNames(service.ref);
  const aliases = service.aliases.state === 'known' ? service.aliases.value : [];
  return {
    names: [...new Set([...(derived ?? []), ...aliases])],
    complete: derived !== undefined && service.aliases.state !== 'unknown',
  };
});

/** Names that come from the image alone; `undefined` when a part of its path is unknown. */
export function derivedNames(ref: ImageRef): readonly string[] | undefined {
  if (ref.repository.includes(HOLE) || ref.repository === '') return undefined;
  const [host = '', ...path] = ref.repository.split('/');
  const segments = path.length === 0 ? [host] : [host.replace(/:\d+$/, ''), ...path];
  return [...new Set([segments.join('__'), segments.join('-')])];
}

/** Whether a service of which not all is known may have a name. A path of several parts gives names with `__` or `-`. */
export function mayBeCalled(service: Service, name: string): boolean {
  if (service.container) return false;
  if (service.aliases.state === 'unknown') return true;
  if (derivedNames(service.ref) !== undefined) return false;
  return !service.ref.repository.includes('/') || /__|-/.test(name);
}

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** A name that a pod may have: a lowercase subdomain of RFC 1123. */
export function isHostName(name: string): boolean {
  return name.length <= 253 && HOST_NAME.test(name);
}

/** Which service a job reaches under which name. */
export interface Roll {
  /** By names in lower case. */
  readonly byName: ReadonlyMap<string, Service>;
  /** False when further names may exist. */
  readonly complete: boolean;
  readonly started: ReadonlySet<Service>;
  /** Names that several containers have, and which of them answers cannot be told. */
  readonly shared: ReadonlyMap<string, readonly Service[]>;
  /** Whether a service whose names are not all known may have this one. */
  mayHave(name: string): boolean;
}

/**
 * The names that are given out, in the order in which services start. On the Docker executor the first service keeps
 * a name, and one of which no name is left does not start (executors/docker/services.go); in a pod all start, and
 * names that are no host names are left out (executors/kubernetes/host_aliases.go).
 */
export function rollOf(services: readonly Service[], inPod: boolean): Roll {
  return inPod ? rollInPod(services) : rollApart(services);
}

// The ways in which a job may run have these two, however many they are.
const rollInPod = kept((services: readonly Service[]) => giveOut(services, true));
const rollApart = kept((services: readonly Service[]) => giveOut(services, false));

function giveOut(services: readonly Service[], inPod: boolean): Roll {
  const byName = new Map<string, Service>();
  const started = new Set<Service>();
  const shared = new Map<string, Service[]>();
  let complete = true;
  for (const service of services) {
    const own = serviceNames(service);
    complete &&= own.complete;
    const free = own.names.filter(name => !byName.has(name.toLowerCase()) && (!inPod || isHostName(name)));
    if (inPod || service.container || free.length > 0 || !own.complete) started.add(service);
    for (const name of service.container ? own.names : []) {
      const key = name.toLowerCase();
      shared.set(key, [...(shared.get(key) ?? []), service]);
    }
    for (const name of free) byName.set(name.toLowerCase(), service);
  }
  return {
    byName,
    shared: new Map([...shared].filter(([, all]) => all.length > 1)),
    complete,
    started,
    mayHave: name => services.some(service => mayBeCalled(service, name)),
  };
}
