/** Reads how the container of a Compose service is set up: privileges, namespaces, ports, health, and what it waits for. */
import type { Container, PublishedPort, Wait } from '../../model/build-site.js';
import { ABSENT, type Known, known, type Origin, type Sourced, unknown } from '../../model/known.js';
import { HOLE, isLiteral } from '../../model/text.js';
import { field, fieldsOf, itemsOf, type Layer, originOf, textOf, under } from './layers.js';
import { readMounts } from './mounts.js';
import type { ComposeProject, WrittenService } from './project.js';
import { inside, itemOrigin, last, readFlag, readWord, readWords } from './values.js';

/** What of a container does not depend on who looks at it. */
export type OwnContainer = Omit<Container, 'names' | 'namesElsewhere' | 'openNames'>;

export function readContainer(project: ComposeProject, name: string, service: WrittenService): OwnContainer {
  return {
    name,
    hostname: readWord(service, 'hostname'),
    privileged: readFlag(service, 'privileged'),
    runtime: readWord(service, 'runtime'),
    user: readWord(service, 'user'),
    mounts: readMounts(service, project, name),
    securityOptions: readWords(service, 'security_opt'),
    capabilities: readWords(service, 'cap_add'),
    hostNamespaces: hostNamespaces(service),
    ports: under(service.layers, 'ports').flatMap(itemsOf).flatMap(portsOf),
    probe: readProbe(service),
    waits: readWaits(service),
  };
}

const NAMESPACES = [
  ['pid', 'pid'],
  ['network_mode', 'network'],
  ['ipc', 'ipc'],
  ['userns_mode', 'user'],
] as const;

function hostNamespaces(service: WrittenService): Container['hostNamespaces'] {
  return NAMESPACES.flatMap(([key, value]) => {
    const word = readWord(service, key);
    return word.state === 'known' && word.value === 'host' ? [{ value, origin: word.origin }] : [];
  });
}

/** `[[address:]published:]target[/protocol]`, with ranges. Source: docker/go-connections nat/parse.go. */
const PORT = /^(?:(?:(.*):)?([\d-]*|[^:]*):)?(\d+)(?:-(\d+))?(?:\/(\w+))?$/;

const MAX_RANGE = 1_000;

function portsOf(item: Layer): readonly PublishedPort[] {
  if (item.node.kind === 'map') return longPort(item);
  const text = textOf(item);
  const origin = itemOrigin(item);
  if (!text) return [];
  const match = PORT.exec(text.text);
  if (!match) return [{ target: undefined, address: unknown('it holds a variable', origin), origin }];
  const [, address, , from, to = from, protocol = 'tcp'] = match;
  if (protocol !== 'tcp') return [];
  const count = Math.min(Number(to) - Number(from) + 1, MAX_RANGE);
  return Array.from({ length: Math.max(0, count) }, (_, i) => ({
    target: Number(from) + i,
    address: addressOf(address, origin),
    origin,
  }));
}

function addressOf(text: string | undefined, origin: Origin): Known<string> {
  if (text === undefined || text === '') return ABSENT;
  return text.includes(HOLE) ? unknown('it holds a variable', origin) : known(text, origin);
}

function longPort(item: Layer): readonly PublishedPort[] {
  const word = (key: string): string | undefined => {
    const layer = field(item, key);
    return layer && textOf(layer)?.text;
  };
  const [target, address, protocol] = [word('target'), word('host_ip'), word('protocol')];
  const origin = itemOrigin(item);
  if (protocol !== undefined && protocol !== 'tcp') return [];
  return [{ target: Number(target) || undefined, address: addressOf(address, origin), origin }];
}

/** `disable: true` and a test of `NONE` switch off what the image has. */
function readProbe(service: WrittenService): Known<boolean> {
  const layer = last(service, 'healthcheck');
  if (!layer) return service.gaps.length > 0 ? unknown(service.gaps.join('; ')) : ABSENT;
  const check = inside(service, 'healthcheck');
  const disabled = readFlag(check, 'disable');
  const test = readWords(check, 'test');
  const none = test.state === 'known' && test.value[0]?.value === 'NONE';
  return known(!none && !(disabled.state === 'known' && disabled.value), originOf(layer));
}

const CONDITIONS: Readonly<Record<string, Wait>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** A list of names, or a map with `condition`. */
function readWaits(service: WrittenService): ReadonlyMap<string, Sourced<Wait>> {
  const waits = new Map<string, Sourced<Wait>>();
  for (const layer of under(service.layers, 'depends_on')) {
    if (layer.node.kind === 'map') {
      for (const [name, { entry }] of fieldsOf(layer)) {
        const value = field(layer, name);
        const condition = value && field(value, 'condition');
        const word = condition && textOf(condition)?.text;
        const at = condition ?? { ...layer, node: entry.key, entry };
        waits.set(name, { value: CONDITIONS[word ?? ''] ?? 'started', origin: originOf(at) });
      }
    } else {
      for (const item of itemsOf(layer)) {
        const text = textOf(item);
        if (text && isLiteral(text)) waits.set(text.text, { value: 'started', origin: itemOrigin(item) });
      }
    }
  }
  return waits;
}
