/** The host names under which the services of a Compose project find each other. */
import { settled } from '../../model/known.js';
import { field, itemsOf, keysOf, type Layer, textOf, under } from './layers.js';
import type { ComposeProject, WrittenService } from './project.js';
import { readFlag, readWord } from './values.js';

/** How a service looks to the others. */
interface Host {
  readonly service: WrittenService;
  /** The service whose network namespace it is in; its own name, or that of one which lends it. */
  readonly namespace: string;
  /** Aliases by network; empty where it is in none of the project's. */
  readonly networks: ReadonlyMap<string, readonly string[]>;
  /** Names that hold in each of its networks. */
  readonly names: readonly string[];
  /** Its links, as alias and name of the other. */
  readonly links: readonly (readonly [string, string])[];
  readonly openNames: string | undefined;
}

export type Hosts = ReadonlyMap<string, Host>;

export function hostsOf(project: ComposeProject): Hosts {
  return new Map([...project.services].map(([name, service]) => [name, hostOf(project, name, service)]));
}

/** The names under which `from` finds `to`, and those that `to` has where `from` is not. */
export function namesBetween(
  hosts: Hosts,
  from: string,
  to: string,
): { readonly names: readonly string[]; readonly elsewhere: readonly string[] } {
  const [here, there] = [owner(hosts, from), owner(hosts, to)];
  if (!here || !there) return { names: [], elsewhere: [] };
  const shared = [...there.networks].filter(([network]) => here.networks.has(network));
  const local = here === there ? ['localhost', '127.0.0.1'] : [];
  const linked = here.links.flatMap(([alias, name]) => (owner(hosts, name) === there ? [alias] : []));
  const aliases = shared.flatMap(([, names]) => names);
  const names = shared.length > 0 ? [...there.names, ...aliases] : [];
  const all = [...there.names, ...[...there.networks.values()].flat()];
  const found = [...new Set([...local, ...names, ...linked])];
  return { names: found, elsewhere: all.filter(name => !found.includes(name)) };
}

/** Equal for services that find the others under the same names, but for those that share their namespace. */
export function spotOf(hosts: Hosts, name: string): string {
  const host = owner(hosts, name);
  return host ? JSON.stringify([[...host.networks.keys()].sort(), host.links]) : '';
}

/** Whether two services share a network namespace. */
export function isNextTo(hosts: Hosts, one: string, other: string): boolean {
  return owner(hosts, one) === owner(hosts, other);
}

const MAX_LENDERS = 10;

/** The host whose namespace a service is in. */
function owner(hosts: Hosts, name: string): Host | undefined {
  let host = hosts.get(name);
  for (let hops = 0; host && host.namespace !== name && hops < MAX_LENDERS; hops++) {
    name = host.namespace;
    host = hosts.get(name);
  }
  return host;
}

/** Why names out of view may lead somewhere from inside of a service. */
export function openNames(hosts: Hosts, name: string): string | undefined {
  return hosts.get(name)?.openNames ?? owner(hosts, name)?.openNames;
}

function hostOf(project: ComposeProject, name: string, service: WrittenService): Host {
  const mode = readWord(service, 'network_mode');
  const lender = /^service:(.+)$/.exec(settled(mode) ?? '')?.[1];
  const networks = mode.state === 'absent' ? networksOf(service) : new Map<string, readonly string[]>();
  const given = [readWord(service, 'container_name'), readWord(service, 'hostname')];
  return {
    service,
    namespace: lender ?? name,
    networks,
    names: [name, ...given.flatMap(one => settled(one) ?? [])],
    links: under(service.layers, 'links').flatMap(itemsOf).flatMap(linkOf),
    openNames: whyOpen(project, service, mode.state !== 'absent' && lender === undefined, [
      ...networks.keys(),
    ]),
  };
}

/** `service` or `service:alias`. */
function linkOf(item: Layer): readonly (readonly [string, string])[] {
  const [name, alias] = textOf(item)?.text.split(':') ?? [];
  return name === undefined ? [] : [[alias ?? name, name]];
}

/** A list of names, or a map with `aliases`; without either it is the network `default`. */
function networksOf(service: WrittenService): ReadonlyMap<string, readonly string[]> {
  const layers = under(service.layers, 'networks');
  const networks = new Map<string, readonly string[]>();
  for (const layer of layers) {
    if (layer.node.kind === 'map') {
      for (const key of keysOf([layer])) {
        const aliases = field(layer, key);
        const words = aliases ? under([aliases], 'aliases').flatMap(itemsOf) : [];
        const texts = words.flatMap(word => textOf(word)?.text ?? []);
        networks.set(key, [...(networks.get(key) ?? []), ...texts]);
      }
    } else for (const item of itemsOf(layer)) networks.set(textOf(item)?.text ?? '', []);
  }
  return networks.size > 0 ? networks : new Map([['default', []]]);
}

const NAMING = ['extra_hosts', 'external_links', 'dns', 'dns_search'];

function whyOpen(
  project: ComposeProject,
  service: WrittenService,
  hasMode: boolean,
  networks: readonly string[],
): string | undefined {
  if (hasMode) return 'it is in a network that is not of this project';
  if (service.gaps.length > 0) return service.gaps.join('; ');
  if (project.gaps.length > 0) return project.gaps.join('; ');
  const naming = NAMING.find(key => under(service.layers, key).length > 0);
  if (naming) return `its ${naming} may know it`;
  const external = networks.some(name => isExternal(project, name));
  return external ? 'one of its networks is external' : undefined;
}

/** `external: true`, or the old `external: { name: … }`. */
function isExternal({ networks }: ComposeProject, name: string): boolean {
  const written = { layers: under(networks, name), gaps: [] };
  const value = under(written.layers, 'external').at(-1);
  if (!value) return false;
  return value.node.kind === 'map' || settled(readFlag(written, 'external')) !== false;
}
