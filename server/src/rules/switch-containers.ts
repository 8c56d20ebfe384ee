/** The fixes that bring TLS and its certificates to a dind and its clients, where each is a container of its own. */

import type { BuildSite, Container, Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Known, settled } from '../model/known.js';
import { isLiteral, type Text } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import { eraOf } from '../trace/entrypoints.js';
import { mountAt, plainPath } from '../trace/sharing.js';
import type { Self } from './containers.js';
import { setsOwn } from './switch-to-tls.js';

/** A site that is a container of its own. */
type OwnSite = BuildSite & { readonly self: Self };

/** A client, and the folder in which it looks for the certificates. */
interface Reader {
  readonly site: OwnSite;
  readonly folder: string;
}

const CERT_DIR = '/certs';
const VOLUME = 'docker-certs';

/** Gives a client at `folder` the volume on which a daemon that makes certificates keeps those for its clients. */
export function shareCertificates(
  site: BuildSite,
  folder: string,
  service: Service,
  certDir: string,
  view: FixView,
): readonly FixPlan[] {
  const daemon = ownSite(service.container?.name, site, view);
  if (!daemon || !isOwn(site)) return [];
  const intents = sharing(daemon, `${certDir}/client`, [{ site, folder }]);
  if (!intents || intents.length === 0) return [];
  const title = `Share ${certDir}/client of "${daemon.name}" by a volume`;
  return [{ title, safety: 'safe', preferred: true, intents }];
}

/**
 * Lets the daemon `name` make certificates and points every client in view at its TLS port. Empty where there is none,
 * where one of them cannot follow, and where others reach the daemon by its host.
 */
export function switchContainers(
  name: string | undefined,
  site: BuildSite,
  view: FixView,
): readonly FixPlan[] {
  const daemon = ownSite(name, site, view);
  const served = daemon && serving(daemon);
  if (!daemon || !served || isOpen(daemon.self.container)) return [];
  const clients = view.all().flatMap(({ site: other }) => (mayDial(other, daemon) ? [other] : []));
  const moved = clients.map(client => following(client, daemon));
  if (moved.some(one => one === undefined)) return [];
  const known = moved.flatMap(one => one ?? []);
  const shared = sharing(daemon, `${served.certDir}/client`, known);
  const intents = [...served.intents, ...known.flatMap(one => one.intents), ...(shared ?? [])];
  if (!shared || known.length === 0 || intents.length === 0) return [];
  const probed = daemon.self.container.probe.state !== 'absent';
  const reach = known.length > 1 ? ` for all ${known.length} services that dial "${daemon.name}"` : '';
  const title = `Switch to TLS on port 2376${reach}${probed ? ' (its health check may want it too)' : ''}`;
  return [{ title, safety: probed || reach !== '' ? 'unsafe' : 'safe', preferred: true, intents }];
}

/** The site of a container of the same project, where the same file names it. */
export function siteOfContainer(
  name: string | undefined,
  from: BuildSite,
  view: FixView,
): BuildSite | undefined {
  return ownSite(name, from, view);
}

/** The host of a container leads to its ports. */
function isOpen({ ports, hostNamespaces }: Container): boolean {
  return ports.length > 0 || hostNamespaces.some(({ value }) => value === 'network');
}

function isOwn(site: BuildSite): site is OwnSite {
  return site.self !== undefined && site.dialect === 'compose';
}

function ownSite(name: string | undefined, from: BuildSite, view: FixView): OwnSite | undefined {
  const found = view.all().find(({ site }) => site.root === from.root && site.self?.container.name === name);
  return found && isOwn(found.site) && found.site.path === from.path ? found.site : undefined;
}

/** What makes a daemon serve TLS on 2376; nothing where its command or its version stand against that. */
function serving({ self, env, path }: OwnSite): { certDir: string; intents: readonly Intent[] } | undefined {
  const image = dockerImage(self.ref);
  if (!image?.versionKnown || eraOf(image.version) === 'before-tls') return undefined;
  if (self.entrypoint.state !== 'absent' || self.command.state === 'unknown') return undefined;
  const command = settled(self.command) ?? [];
  const rest = command.filter(word => word !== '--tls=false');
  if (rest.some(word => /^(?:[^-]|--?[hH]|--tls)/.test(word))) return undefined;
  const certDir = env.get('DOCKER_TLS_CERTDIR');
  const off = certDir.state === 'known' && /^(?:""|''|)$/.test(certDir.value.text);
  if (certDir.state === 'unknown' || (off && certDir.origin.place.path !== path)) return undefined;
  const given = certDir.state === 'known' && !off ? literalOf(certDir) : CERT_DIR;
  if (given === undefined) return undefined;
  const intents: Intent[] = off ? [{ kind: 'replace-value', at: certDir.origin.place, value: CERT_DIR }] : [];
  if (rest.length < command.length)
    intents.push({ kind: 'set-service-key', service: self.origin.place, key: 'command', value: rest });
  return { certDir: given, intents };
}

/** Whether a service may be a client of the daemon: it dials one of its names, or nobody can tell what it dials. */
function mayDial(site: BuildSite, daemon: OwnSite): site is OwnSite {
  if (!isOwn(site) || site.root !== daemon.root || site.name === daemon.name) return false;
  const names = site.neighbours?.find(({ container }) => container.name === daemon.name)?.container.names;
  const host = site.env.get('DOCKER_HOST');
  if (!names || names.length === 0) return false;
  if (host.state === 'known') return names.includes(hostIn(host.value)?.name ?? '');
  const image = settled(site.image);
  return host.state === 'unknown' || (image !== undefined && dockerImage(image.ref) !== undefined);
}

function hostIn({ text }: Text): { readonly name: string; readonly port: string } | undefined {
  const [, name, port = '2375'] = /^tcp:\/\/([\w.-]+)(?::(\d+))?\/?$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, port };
}

/** What points a client at the TLS port; `undefined` where it cannot be told that it then gets there. */
function following(site: OwnSite, daemon: OwnSite): (Reader & { intents: readonly Intent[] }) | undefined {
  const host = site.env.get('DOCKER_HOST');
  const dialled = host.state === 'known' ? hostIn(host.value) : undefined;
  const folder = folderOf(site);
  if (host.state !== 'known' || !dialled || folder === undefined || setsOwn(site)) return undefined;
  if (site.path !== daemon.path || !host.origin.entry || host.origin.place.path !== site.path)
    return undefined;
  const covered = ['docker', 'localhost', settled(daemon.self.container.hostname)].includes(dialled.name);
  if (!covered || !['2375', '2376'].includes(dialled.port)) return undefined;
  const value = `tcp://${dialled.name}:2376`;
  const at = host.origin.place;
  return { site, folder, intents: host.value.text === value ? [] : [{ kind: 'replace-value', at, value }] };
}

/** Where a client looks: as its variables say, or where the entrypoint of docker's own image does. */
function folderOf({ self, env }: OwnSite): string | undefined {
  const [verify, path] = [env.get('DOCKER_TLS_VERIFY'), env.get('DOCKER_CERT_PATH')];
  if (verify.state === 'known' && verify.value.text !== '') return literalOf(path);
  const own = dockerImage(self.ref) !== undefined && self.entrypoint.state === 'absent';
  if (!own || verify.state !== 'absent' || path.state !== 'absent') return undefined;
  const certDir = env.get('DOCKER_TLS_CERTDIR');
  if (certDir.state === 'absent') return `${CERT_DIR}/client`;
  const given = literalOf(certDir);
  return given === undefined || given === '' ? undefined : `${given}/client`;
}

function literalOf(value: Known<Text>): string | undefined {
  return value.state === 'known' && isLiteral(value.value) ? value.value.text : undefined;
}

/** The mounts that bring the folder `theirs` of a daemon to its readers; `undefined` where others stand in the way. */
function sharing(daemon: OwnSite, theirs: string, readers: readonly Reader[]): readonly Intent[] | undefined {
  const spots = [{ site: daemon, folder: theirs }, ...readers];
  const used = spots.map(({ site, folder }) => volumeAt(site, folder));
  if (used.includes('taken')) return undefined;
  const name = used.find(one => one !== 'none') ?? VOLUME;
  // The name may be that of something else.
  if (used.every(one => one === 'none') && mounts(daemon, `volume:${VOLUME}`)) return undefined;
  return spots.flatMap(({ site, folder }, i) => {
    const volume = `${name}:${folder}${i === 0 ? '' : ':ro'}`;
    return used[i] === name ? [] : [{ kind: 'add-mount' as const, runner: site.place, volume }];
  });
}

/** The named volume that is mounted at a folder; `taken` where the folder is part of something else. */
function volumeAt({ self: { container } }: OwnSite, folder: string): string {
  if (container.mounts.state === 'unknown') return 'taken';
  const there = mountAt(container, folder);
  // What no other container sees may be replaced or covered.
  if (there?.source === undefined || there.source.startsWith('anonymous:')) return 'none';
  const named = /^volume:(.+)$/.exec(there.source)?.[1];
  const whole = plainPath(there.target) === plainPath(folder) && !there.taken;
  return named !== undefined && whole ? named : 'taken';
}

/** Whether any container of the project mounts a source. */
function mounts({ self, neighbours = [] }: OwnSite, source: string): boolean {
  return [self, ...neighbours].some(({ container }) =>
    settled(container.mounts)?.some(mount => mount.source === source),
  );
}
