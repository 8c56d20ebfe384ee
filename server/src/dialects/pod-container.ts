/** Reads how a container of a pod is set up: what it may, what it shares with its node, and its ports. */
import type { Container, PublishedPort } from '../model/build-site.js';
import { ABSENT, type Known, known, type Sourced, unknown } from '../model/known.js';
import type { MapNode, Node } from '../syntax/tree.js';
import {
  type Field,
  field,
  inside,
  itemsOf,
  mapsIn,
  originOf,
  type PodFile,
  readFlag,
  readWord,
  sure,
  textIn,
  wordIn,
} from './pod-values.js';

/** The parts of a pod that its containers have in common. */
export interface PodSettings {
  readonly spec: Node;
  readonly metadata: Node | undefined;
}

type OwnContainer = Omit<Container, 'names' | 'namesElsewhere' | 'openNames' | 'mounts'>;

export function readContainer(file: PodFile, pod: PodSettings, map: MapNode, name: string): OwnContainer {
  const own = field(file, map, 'securityContext')?.node;
  const shared = field(file, pod.spec, 'securityContext')?.node;
  const user = readWord(file, own, 'runAsUser');
  return {
    name,
    hostname: hostname(file, pod),
    privileged: readFlag(file, own, 'privileged'),
    runtime: runtime(file, pod),
    user: user.state === 'absent' ? readWord(file, shared, 'runAsUser') : user,
    securityOptions: securityOptions(file, pod, map, name),
    capabilities: capabilities(file, own),
    hostNamespaces: hostNamespaces(file, pod.spec),
    ports: mapsIn(file, field(file, map, 'ports')?.node).flatMap(item => portOf(file, item)),
    servedPorts: [...declaredPorts(file, map), ...probedPorts(file, map)],
    probe: ABSENT,
    waits: new Map(),
  };
}

/** A pod that stands for itself is called like its host. */
function hostname(file: PodFile, { spec, metadata }: PodSettings): Known<string> {
  const own = readWord(file, spec, 'hostname');
  return own.state === 'absent' ? readWord(file, metadata, 'name') : own;
}

/** CRI-O's user namespaces, as Sysbox wants them, come by an annotation. */
const USER_NAMESPACE = 'io.kubernetes.cri-o.userns-mode';

function runtime(file: PodFile, { spec, metadata }: PodSettings): Known<string> {
  const name = readWord(file, spec, 'runtimeClassName');
  // Such a class says it all; the annotation is a part of what Sysbox wants.
  if (name.state === 'known' && /sysbox|kata|gvisor|runsc/.test(name.value)) return name;
  const annotated = field(file, inside(file, metadata, 'annotations'), USER_NAMESPACE);
  if (annotated) return unknown('CRI-O gives it a user namespace', originOf(file, annotated));
  const users = readFlag(file, spec, 'hostUsers');
  if (users.state === 'known' && !users.value) return unknown('it has a user namespace', users.origin);
  if (name.state !== 'known') return name;
  return unknown(`the cluster says what ${name.value} is`, name.origin);
}

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/**
 * What confines the container, in the words of docker. What confines one about which nothing is said is for the node to
 * say: the kubelet's default for seccomp is a setting of its own.
 */
function securityOptions(
  file: PodFile,
  { spec, metadata }: PodSettings,
  map: MapNode,
  name: string,
): Container['securityOptions'] {
  const options: Sourced<string>[] = [];
  const add = (value: string, found: Field): void =>
    void options.push({ value, origin: originOf(file, found) });
  for (const [key, word] of [
    ['seccompProfile', 'seccomp'],
    ['appArmorProfile', 'apparmor'],
  ] as const) {
    const type = [map, spec]
      .map(node => field(file, inside(file, node, 'securityContext', key), 'type'))
      .find(found => found !== undefined);
    if (type) add(`${word}=${(textIn(type.node)?.text ?? '').toLowerCase()}`, type);
  }
  const annotation = field(file, inside(file, metadata, 'annotations'), APPARMOR + name);
  if (annotation) add(`apparmor=${textIn(annotation.node)?.text ?? ''}`, annotation);
  const proc = field(file, inside(file, map, 'securityContext'), 'procMount');
  if (proc && textIn(proc.node)?.text === 'Unmasked') add('systempaths=unconfined', proc);
  const context = inside(file, map, 'securityContext');
  const escalation = readFlag(file, context, 'allowPrivilegeEscalation');
  if (escalation.state === 'known' && !escalation.value)
    options.push({ value: 'no-new-privileges', origin: escalation.origin });
  const [first] = options;
  return first
    ? sure(file, known(options, first.origin))
    : unknown('the node says what confines its containers');
}

function capabilities(file: PodFile, context: Node | undefined): Container['capabilities'] {
  const found = field(file, inside(file, context, 'capabilities'), 'add');
  if (!found?.node) return sure(file, ABSENT);
  const words = itemsOf(file, found.node).flatMap(item => {
    const text = textIn(item)?.text;
    const place = { path: file.path, block: item.block, start: item.start, end: item.end };
    return text === undefined ? [] : [{ value: text, origin: { place, way: 'own' as const, entry: place } }];
  });
  return sure(file, known(words, originOf(file, found)));
}

const NAMESPACES = [
  ['hostPID', 'pid'],
  ['hostNetwork', 'network'],
  ['hostIPC', 'ipc'],
] as const;

function hostNamespaces(file: PodFile, spec: Node): Container['hostNamespaces'] {
  return NAMESPACES.flatMap(([key, value]) => {
    const flag = readFlag(file, spec, key);
    return flag.state === 'known' && flag.value ? [{ value, origin: flag.origin }] : [];
  });
}

function portOf(file: PodFile, item: MapNode): readonly PublishedPort[] {
  const host = field(file, item, 'hostPort');
  if (!host || !/^(?:TCP)?$/.test(wordIn(file, item, 'protocol') ?? '')) return [];
  const target = Number(wordIn(file, item, 'containerPort')) || undefined;
  return [{ target, address: readWord(file, item, 'hostIP'), origin: originOf(file, host) }];
}

/** A Service of the cluster may lead to them. */
function declaredPorts(file: PodFile, map: MapNode): readonly number[] {
  return mapsIn(file, field(file, map, 'ports')?.node).flatMap(
    item => Number(wordIn(file, item, 'containerPort')) || [],
  );
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** A port by its name is declared; a command is likely to dial what it has a number for. */
function probedPorts(file: PodFile, map: MapNode): readonly number[] {
  const commands = (node: Node | undefined): readonly string[] =>
    itemsOf(file, inside(file, node, 'exec', 'command')).flatMap(item => textIn(item)?.text ?? []);
  const probes = PROBES.flatMap(key => field(file, map, key)?.node ?? []);
  const hook = inside(file, map, 'lifecycle', 'postStart');
  const words = [
    ...probes.flatMap(probe =>
      ['tcpSocket', 'httpGet'].flatMap(key => wordIn(file, inside(file, probe, key), 'port') ?? []),
    ),
    ...[...probes, ...(hook ? [hook] : [])].flatMap(commands),
  ];
  return words.flatMap(word => (word.match(/\b\d+\b/g) ?? []).map(Number));
}
