/** Puts a socket proxy between a Compose service and the docker socket of its host. */
import { pinFor } from '../../catalog/builder-images.js';
import { SOCKET_READERS, type SocketReader, sectionsOfDocker } from '../../catalog/socket-clients.js';
import type { BuildSite } from '../../model/build-site.js';
import type { FileEdit, Intent } from '../../model/intent.js';
import { type Place, settled } from '../../model/known.js';
import { dockerCommand } from '../../rules/docker-commands.js';
import { applyEdits } from '../../syntax/patch.js';
import { dockerImage } from '../../trace/docker-image.js';
import { socketMounts } from '../../trace/socket-mounts.js';
import { isSocketProxy } from '../../trace/socket-proxy.js';
import { opaquePrograms, toolsOf } from '../../trace/tools.js';
import type { Conversion, TraceRow } from '../api.js';
import type { ConversionHost } from './convert.js';
import { refuse } from './refusal.js';
import { nameOf } from './script-parts.js';
import { isWorse, type Looked } from './verify.js';
import { strategyNow } from './ways.js';

const PROXY = 'tecnativa/docker-socket-proxy';
const NAME = 'socket-proxy';
const ADDRESS = `tcp://${NAME}:2375`;

/** Reading containers is what such a proxy is there for. */
const ACCEPTS: readonly string[] = ['socket-proxy-containers-read'];

/** @throws Refusal where the service could not do what it does any more, or where that cannot be told */
export function convertService(path: string, job: string, host: ConversionHost): Conversion {
  const [site] = host.sites(path, job);
  if (!site?.self) {
    const { unknown } = host.missing(path, job);
    return {
      refused: `There is no service "${job}" in ${path} that is set up there.`,
      ...(unknown ? { unknown } : {}),
    };
  }
  if (site.gaps.length > 0) refuse(`Not all of the service is in view: ${site.gaps.join('; ')}.`, site.place);
  const rows = host.project.trace().filter(row => row.path === path && row.site === job);
  if (rows.length === 0 || rows.some(row => strategyNow(row) !== 'dood'))
    refuse('The service does not use the docker socket of its host.', site.place);
  const intents = intentsOf(site);
  const edits = host.write(intents);
  if (typeof edits === 'string') refuse(`It cannot be written: ${edits}.`, site.place);
  return outcome(site, host, edits);
}

function intentsOf(site: BuildSite): readonly Intent[] {
  const [mount, another] = site.self ? socketMounts(site.self.container) : [];
  if (!mount || another || mount.origin.place.path !== site.path)
    refuse('The mount of the socket is not written in the service alone.', site.place);
  checkNeighbours(site);
  const { sections, variables, more } = addressing(site);
  const tag = pinFor(PROXY, undefined) ?? refuse('No release of a socket proxy is known.', site.place);
  const container = {
    name: NAME,
    image: `${PROXY}:${tag}`,
    variables: Object.fromEntries([...sections].sort().map(section => [section, '1'])),
    mounts: [`${mount.source}:/var/run/docker.sock`],
  };
  const { place } = mount.origin;
  // What a list gets at its end comes before the keys behind it.
  return [...more, { kind: 'put-between', site: site.place, mount: place, variables, container }];
}

function checkNeighbours(site: BuildSite): void {
  const neighbours = site.neighbours ?? [];
  const proxy = neighbours.find(({ ref }) => isSocketProxy(ref));
  if (proxy)
    refuse(
      `The project has a socket proxy already, "${proxy.container.name}"; have the service use that one.`,
      proxy.origin.place,
    );
  const taken = neighbours.find(({ container }) => container.name === NAME);
  if (taken) refuse(`The project has another service "${NAME}".`, taken.origin.place);
  const host = site.self?.container.hostNamespaces.find(({ value }) => value === 'network');
  if (host)
    refuse(
      'The service is in the network of its host, where it finds no other service by name.',
      host.origin.place,
    );
}

interface Addressing {
  readonly sections: ReadonlySet<string>;
  /** With which the service gets to know the proxy. */
  readonly variables: Readonly<Record<string, string>>;
  readonly more: readonly Intent[];
}

function addressing(site: BuildSite): Addressing {
  const image = settled(site.image)?.ref;
  const reader = image && SOCKET_READERS.find(({ repository }) => repository.test(image.repository));
  if (reader) return readerAddressing(site, reader);
  if (image && dockerImage(image))
    return { sections: dockerSections(site), variables: { DOCKER_HOST: ADDRESS }, more: [] };
  return refuse(
    'What the service asks of the daemon is not known, so no proxy can be set up for it that lets just that through.',
    site.place,
  );
}

function readerAddressing(site: BuildSite, { sections, variable, flag, writes }: SocketReader): Addressing {
  const writing = site.env.names().find(name => writes?.test(name));
  if (writing !== undefined)
    refuse(
      `With ${writing} the service does more than read, and a proxy that lets that through protects nothing.`,
      site.place,
    );
  if (variable !== undefined)
    return { sections: new Set(sections), variables: { [variable]: ADDRESS }, more: [] };
  const command = site.self?.command;
  const at = command?.state === 'absent' ? undefined : command?.origin?.place;
  const written = site.scripts.map(({ text }) => text).join(' ');
  if (!flag || !at || !written.includes(flag.slice(0, flag.lastIndexOf('.'))))
    return refuse(
      'The service is not set up by flags of its command, and where its settings are is not known.',
      site.place,
    );
  const file = mountedAt(site, /^\/etc\/traefik(?:$|\/traefik\.)/);
  if (file) refuse('Settings in a file count in place of flags, and one may be mounted here.', file);
  if (/swarm/i.test(written))
    refuse('What a swarm is asked for is more than reading containers.', site.place);
  const value = `${flag}=${ADDRESS}`;
  return { sections: new Set(sections), variables: {}, more: [{ kind: 'add-item', at, value }] };
}

function mountedAt(site: BuildSite, target: RegExp): Place | undefined {
  const mounts = (site.self && settled(site.self.container.mounts)) ?? [];
  return mounts.find(mount => target.test(mount.target))?.origin.place;
}

/** What all commands of the service need together. */
function dockerSections(site: BuildSite): ReadonlySet<string> {
  const uses = toolsOf(site);
  // A shell is seen through where it is handed its script.
  const isShell = (name: string): boolean =>
    /^(?:ba|da|a)?sh$/.test(name) && site.commands.some(one => one.nested);
  const opaque = opaquePrograms(site).find(name => !isShell(name));
  if (opaque !== undefined || uses.length === 0)
    refuse(
      `What the service asks of the daemon does not show in its command${opaque ? `, which runs ${opaque}` : ''}.`,
      site.place,
    );
  const sections = uses.flatMap(use => {
    const docker = dockerCommand(use);
    const found = docker && sectionsOfDocker(docker.name);
    return found ?? refuse(`${nameOf(use.command)} takes more than a proxy should let through.`, use.command);
  });
  return new Set(sections);
}

function outcome(site: BuildSite, host: ConversionHost, edits: readonly FileEdit[]): Conversion {
  const texts = new Map(
    edits.map(file => [file.path, applyEdits(host.project.text(file.path) ?? '', file.edits)]),
  );
  const wrong = verified(site, host, host.copy(texts));
  if (wrong !== undefined) refuse(`The result would not hold: ${wrong.replace(/\.$/, '')}.`, site.place);
  const notes = [
    `The proxy lets through what ${site.name} needs, and nothing else: requests that only later versions of it send are refused.`,
    `Proxy and service share the network "${NAME}", from which nothing outside is reached.`,
  ];
  return { edits, texts, notes };
}

/** What is wrong with the result; `undefined` where nothing is. */
function verified(site: BuildSite, before: Looked, after: Looked): string | undefined {
  const isIt = (row: TraceRow): boolean => row.path === site.path && row.site === site.name;
  const checked = after.project.check();
  const broken = checked.find(({ path }) => path === site.path)?.broken;
  if (broken) return `the new text cannot be read: ${broken.message}`;
  const rows = after.project.trace();
  for (const { strategy, verdict, because } of rows.filter(isIt)) {
    if (verdict === 'fails') return because.at(-1)?.message ?? 'it would fail';
    if (strategy !== 'socket-proxy') return `it would be taken for ${strategy ?? 'no strategy'}`;
  }
  if (!rows.some(isIt)) return 'the service would not use a daemon any more';
  const shown = (all: readonly TraceRow[]): string =>
    all
      .filter(row => !isIt(row) && row.site !== NAME)
      .map(row => [row.path, row.site, row.strategy, row.verdict, row.client?.endpoint].join())
      .join('\n');
  if (shown(before.project.trace()) !== shown(rows)) return 'another service would change as well';
  return isWorse(before.project.check(), checked, ACCEPTS);
}
