/** The fixes that bring TLS and its certificates to a dind and its clients, where each is a container of its own. */

import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { type Intent, placeOfIntent } from '../model/intent.js';
import { type Known, type Place, placeKey, settled, written } from '../model/known.js';
import { nounOf } from '../model/site-words.js';
import type { Text } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import { daemonCommands, toolsOf } from '../trace/tools.js';
import { dockerCommands } from './docker-commands.js';
import { usersOfVariable } from './reach.js';
import { CERT_DIR, literalOf, serving } from './switch-daemon.js';
import { machineDials } from './switch-machine.js';
import { isOwn, type OwnSite, type Reader, setUpAt, sharing } from './switch-mounts.js';
import { setsOwn } from './switch-to-tls.js';

/** Gives a client at `folder` the volume on which a daemon that makes certificates keeps those for its clients. */
export function shareCertificates(
  site: BuildSite,
  folder: string,
  service: Service,
  certDir: string,
  view: FixView,
): readonly FixPlan[] {
  const daemon = siteOfService(service, site, view);
  if (!daemon || !isOwn(site)) return [];
  const host = site.env.get('DOCKER_HOST');
  const dialled = host.state === 'known' ? hostIn(host.value) : undefined;
  const named = daemon.env.get('DOCKER_TLS_SAN').state !== 'absent';
  // With the certificates the client would come as far as the name, and no further.
  if (dialled && !named && !isCovered(daemon, dialled.name)) return [];
  const intents = sharing(daemon, `${certDir}/client`, [{ site, folder }]);
  if (!intents || intents.length === 0) return [];
  const title = `Share ${certDir}/client of "${daemon.self.container.name}" by a volume`;
  return [{ title, safety: 'safe', preferred: true, intents }];
}

/**
 * Lets a daemon make certificates and points every client in view at its TLS port. Empty where there is none, where one
 * of them cannot follow, and where others may reach the daemon.
 */
export function switchContainers(
  service: Service | undefined,
  site: BuildSite,
  view: FixView,
): readonly FixPlan[] {
  const daemon = siteOfService(service, site, view);
  const served = daemon && serving(daemon);
  if (!daemon || !served) return [];
  const moves = served.intents.length > 0;
  if (moves && isOpen(daemon)) return [];
  const others = view.all().flatMap(({ site: other }) => (isBeside(other, daemon) ? [other] : []));
  const clients = others.filter(other => mayDial(other, daemon));
  const moved = clients.map(client => following(client, daemon, moves));
  if (moved.some(one => one === undefined) || others.some(other => namesPort(other, daemon))) return [];
  const known = moved.flatMap(one => one ?? []);
  if (machineDials(daemon, known, view)) return [];
  const shared = sharing(daemon, `${served.certDir}/client`, known);
  const intents = distinct([...served.intents, ...known.flatMap(one => one.intents), ...(shared ?? [])]);
  if (!shared || known.length === 0 || intents.length === 0) return [];
  if (reachesOthers([daemon, ...clients], moves, view)) return [];
  const turns = moves || known.some(({ dials }) => dials);
  const what = turns ? 'Switch to TLS on port 2376' : 'Turn TLS on and share the certificates';
  return [planOf(what, daemon, known, intents)];
}

/**
 * Points a client that has no address at the daemon beside it, with TLS where that makes certificates. Empty where it is
 * not clear which one is meant, or how it listens.
 */
export function pointAtDaemon(site: BuildSite, view: FixView): readonly FixPlan[] {
  const [dind, more] = (site.neighbours ?? []).filter(({ ref, container }) => {
    const isDind = /^dind/.test(dockerImage(ref)?.variant ?? '');
    return isDind && container.names.includes('localhost');
  });
  const daemon = siteOfService(more ? undefined : dind, site, view);
  const served = daemon && serving(daemon);
  if (!isOwn(site) || !daemon || !served) return [];
  const set = (name: string, value: string): Intent => {
    return { kind: 'set-variable', site: setUpAt(site), near: undefined, name, value };
  };
  if (served.off)
    return plan(site, 'Set DOCKER_HOST to tcp://localhost:2375', [
      set('DOCKER_HOST', 'tcp://localhost:2375'),
    ]);
  const folder = `${served.certDir}/client`;
  const mounts = sharing(daemon, folder, [{ site, folder }]);
  const tools = dockerCommands(toolsOf(site));
  const told = ['DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'].some(name => site.env.get(name).state !== 'absent');
  if (!mounts || told || tools.some(({ name }) => name === 'buildx create')) return [];
  const tls = [set('DOCKER_TLS_VERIFY', '1'), set('DOCKER_CERT_PATH', folder)];
  const intents = [set('DOCKER_HOST', 'tcp://localhost:2376'), ...tls, ...mounts];
  return plan(site, 'Set DOCKER_HOST to tcp://localhost:2376, with TLS', intents);
}

function plan(site: OwnSite, title: string, intents: readonly Intent[]): readonly FixPlan[] {
  return setsOwn(site) ? [] : [{ title, safety: 'safe', preferred: true, intents }];
}

function planOf(
  what: string,
  daemon: OwnSite,
  known: readonly Client[],
  intents: readonly Intent[],
): FixPlan {
  const { container } = daemon.self;
  const probed = container.probe.state !== 'absent';
  const many = known.length > 1;
  const all = known.length === 2 ? 'both' : `all ${known.length}`;
  const reach = many ? ` for ${all} ${nounOf(daemon)}s that dial "${container.name}"` : '';
  const doubtful = known.filter(({ sure }) => !sure).map(({ site }) => `"${site.name}"`);
  const notes = [
    ...(probed ? ['its health check may want it too'] : []),
    ...(doubtful.length > 0
      ? [`if all that runs in ${doubtful.join(' and ')} heeds DOCKER_TLS_VERIFY, as docker does`]
      : []),
  ];
  const title = `${what}${reach}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
  return { title, safety: many || notes.length > 0 ? 'unsafe' : 'safe', preferred: true, intents };
}

/** The site of a container of the same project, where the same file names it. */
export function siteOfService(
  service: Service | undefined,
  from: BuildSite,
  view: FixView,
): OwnSite | undefined {
  const [found, more] = view.all().flatMap(({ site }) => {
    const isIts = isOwn(site) && site.root === from.root && service && isSame(site.self, service);
    return isIts ? [site] : [];
  });
  // An anchor may give two pods the same.
  return found && !more && found.path === from.path ? found : undefined;
}

/** Containers of two pods may have one name, and services of Compose take their image from one place. */
function isSame(one: Service, other: Service): boolean {
  return (
    one.container?.name === other.container?.name &&
    placeKey(one.origin.place) === placeKey(other.origin.place)
  );
}

/** The host of a container leads to its ports, or a Service of the cluster does to those of its pod. */
function isOpen({ self, neighbours = [] }: OwnSite): boolean {
  const { ports, hostNamespaces } = self.container;
  const served = [self, ...neighbours].some(({ container }) => container.servedPorts?.includes(2375));
  return served || ports.length > 0 || hostNamespaces.some(({ value }) => value === 'network');
}

/** A site that finds the daemon beside it. */
function isBeside(site: BuildSite, daemon: OwnSite): site is OwnSite {
  return isOwn(site) && site.root === daemon.root && site !== daemon && namesOf(site, daemon).length > 0;
}

/** The names by which a site finds the daemon. */
function namesOf({ neighbours }: BuildSite, { self }: OwnSite): readonly string[] {
  return neighbours?.find(one => isSame(one, self))?.container.names ?? [];
}

/** Whether a site may be a client of the daemon: it dials one of its names, or nobody can tell what it dials. */
function mayDial(site: OwnSite, daemon: OwnSite): boolean {
  const host = site.env.get('DOCKER_HOST');
  if (host.state === 'known') return namesOf(site, daemon).includes(hostIn(host.value)?.name ?? '');
  const image = settled(site.image);
  return host.state === 'unknown' || (image !== undefined && dockerImage(image.ref) !== undefined);
}

function hostIn({ text }: Text): { readonly name: string; readonly port: string } | undefined {
  const [, name, port = '2375'] = /^tcp:\/\/([\w.-]+)(?::(\d+))?\/?$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, port };
}

/** Whether anything else than DOCKER_HOST has the plain port for a site: another variable, what it runs. */
function namesPort(site: OwnSite, daemon: OwnSite): boolean {
  const { self, env, scripts } = site;
  const variables = env.names().filter(name => name !== 'DOCKER_HOST');
  const texts = [
    ...variables.map(name => written(env.get(name))?.text ?? ''),
    ...[self.entrypoint, self.command].map(words => written(words)?.join(' ') ?? ''),
    ...scripts.map(({ text }) => text),
  ];
  return namesOf(site, daemon).some(name =>
    texts.some(text => text.includes(`${name}:2375`) || text.includes(`${name} 2375`)),
  );
}

/** Whether the certificate that the daemon makes is for a name by which it is dialled. */
function isCovered({ self }: OwnSite, name: string): boolean {
  return ['docker', 'localhost', '127.0.0.1', settled(self.container.hostname)].includes(name);
}

interface Client extends Reader {
  readonly intents: readonly Intent[];
  /** It is docker that dials, as far as anything does. */
  readonly sure: boolean;
  /** It has dialled another port. */
  readonly dials: boolean;
}

/** What points a client at the TLS port; `undefined` where it cannot be told that it then gets there. */
function following(site: OwnSite, daemon: OwnSite, moves: boolean): Client | undefined {
  const host = site.env.get('DOCKER_HOST');
  const dialled = host.state === 'known' ? hostIn(host.value) : undefined;
  if (host.state !== 'known' || !dialled || setsOwn(site)) return undefined;
  const near = host.origin.entry;
  if (site.path !== daemon.path || !near || host.origin.place.path !== site.path) return undefined;
  const covered = isCovered(daemon, dialled.name);
  const tls = clientTls(site, near, moves);
  if (!covered || !['2375', '2376'].includes(dialled.port) || !tls) return undefined;
  const value = `tcp://${dialled.name}:2376`;
  const at = host.origin.place;
  const dial: readonly Intent[] = host.value.text === value ? [] : [{ kind: 'replace-value', at, value }];
  return { ...tls, site, dials: dial.length > 0, intents: [...dial, ...tls.intents] };
}

/**
 * Where a client looks: as its variables say, where the entrypoint of docker's own image does, or as it is told. `moves`:
 * the port that it dials now goes away, which what it runs out of view may use in other ways than docker does.
 */
function clientTls(site: OwnSite, near: Place, moves: boolean): Omit<Client, 'site' | 'dials'> | undefined {
  const { self, env } = site;
  const [verify, path] = [env.get('DOCKER_TLS_VERIFY'), env.get('DOCKER_CERT_PATH')];
  const official = dockerImage(self.ref) !== undefined;
  const isFirst = self.entrypoint.state === 'absent' && !self.container.entered;
  if (official && isFirst && verify.state === 'absent' && path.state === 'absent') {
    const certDir = env.get('DOCKER_TLS_CERTDIR');
    const given = certDir.state === 'absent' ? CERT_DIR : literalOf(certDir);
    return given === undefined || given === ''
      ? undefined
      : { folder: `${given}/client`, intents: [], sure: true };
  }
  const folder = literalOf(path) || `${CERT_DIR}/client`;
  const told = [
    put(site, near, 'DOCKER_TLS_VERIFY', '1', text => /^(?:|0|false|no|off)$/i.test(text)),
    put(site, near, 'DOCKER_CERT_PATH', folder, text => text === ''),
  ];
  const intents = told.flatMap(one => one ?? []);
  if (told.includes(undefined)) return undefined;
  if (intents.length === 0) return { folder, intents, sure: true };
  const tools = toolsOf(site);
  // Builders of buildx take no TLS from variables.
  if (dockerCommands(tools).some(({ name }) => name === 'buildx create')) return undefined;
  return { folder, intents, sure: daemonCommands(tools).length > 0 || (official && !moves) };
}

/** Gives a client a variable, also in the place of a value that will not do; `undefined` where that cannot be told. */
function put(
  site: OwnSite,
  near: Place,
  name: string,
  value: string,
  isWrong: (text: string) => boolean,
): readonly Intent[] | undefined {
  const old = site.env.get(name);
  if (old.state === 'absent') return [{ kind: 'set-variable', site: setUpAt(site), near, name, value }];
  const text = literalOf(old);
  if (old.state === 'unknown' || text === undefined || old.origin.place.path !== site.path) return undefined;
  return isWrong(text) ? [{ kind: 'replace-value', at: old.origin.place, value }] : [];
}

const CLIENTS = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

/** Whether a value that is to change is also that of a site which is not among these. */
function reachesOthers([daemon, ...clients]: readonly OwnSite[], moves: boolean, view: FixView): boolean {
  const all: readonly (OwnSite | undefined)[] = [daemon, ...clients];
  const shared = (name: string, value: Known<Text> | undefined): boolean =>
    value?.state === 'known' &&
    usersOfVariable(view, name, value.origin.place).some(({ site }) => !all.some(one => one === site));
  return (
    clients.some(({ env }) => CLIENTS.some(name => shared(name, env.get(name)))) ||
    (moves && shared('DOCKER_TLS_CERTDIR', daemon?.self.variables.get('DOCKER_TLS_CERTDIR'))) ||
    (moves && shared('DOCKER_HOST', daemon?.self.variables.get('DOCKER_HOST')))
  );
}

/** Values that several sites have in one place are changed once. */
function distinct(intents: readonly Intent[]): readonly Intent[] {
  const keyOf = (intent: Intent): string => {
    const words = 'volume' in intent ? intent.volume : 'name' in intent ? intent.name : '';
    return `${intent.kind} ${placeKey(placeOfIntent(intent))} ${words}`;
  };
  return [...new Map(intents.map(intent => [keyOf(intent), intent])).values()];
}
