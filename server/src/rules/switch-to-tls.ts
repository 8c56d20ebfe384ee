/** The fix "switch to TLS on 2376": variables of the pipeline, and the certificates volume of the runner. */
import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan, FixView, SiteView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Known, type Origin, placeKey, settled } from '../model/known.js';
import { isLiteral, type Text } from '../model/text.js';
import { bindsSocket } from '../trace/completion.js';
import { daemonArguments } from '../trace/daemon-arguments.js';
import { dindServices, dockerImage } from '../trace/docker-image.js';
import { eraOf } from '../trace/entrypoints.js';
import { serviceNames } from '../trace/names.js';
import { daemonCommands, toolsOf } from '../trace/tools.js';
import { certificateVolume } from './certificate-volume.js';
import type { SiteContext } from './define.js';
import { whom } from './reach.js';

const CERT_DIR = '/certs';

/**
 * With the official client image on the Docker executor the entrypoint does the rest once DOCKER_TLS_CERTDIR is
 * set, so whatever contradicts it is dropped; any other client gets all four variables.
 * Empty when a value comes from where it cannot be changed, or the daemon does not answer to the name `docker`,
 * which is the name in its certificate.
 */
export function switchToTls(context: SiteContext, view: FixView): readonly FixPlan[] {
  const { site } = context;
  const dinds = dindServices(site);
  const [dind] = dinds;
  const traces = [...context.paired, ...context.blind];
  const settles = traces.some(({ decided }) => decided) && !setsOwn(site);
  if (!dind || dinds.length > 1 || context.runners.length > 1 || !settles || !canSwitch(context, dind))
    return [];
  const [runner] = context.runners;
  const others = affected(context, view);
  if (!others.every(other => mayFollow(other.site, site))) return [];
  const official = others.every(other => isOfficial(other));
  const variables = official
    ? officialVariables(site, dind)
    : allVariables(site, dind, reachesOthers(others, view));
  const volume = certificateVolume(runner, `${CERT_DIR}/client`);
  if (!variables || volume === 'impossible') return [];
  const needsRunner = runner === undefined || volume === 'unknown';
  const shared = SHARED.map(name => site.env.get(name)).find(value => value.state === 'known')?.origin;
  const unseen = DROPPED.some(name => site.env.get(name).state === 'unknown');
  return [
    {
      title: `Switch to TLS on port 2376${shared ? whom(shared, others) : ''}${needsRunner ? ' (the runner must share /certs/client)' : ''}`,
      safety: needsRunner || unseen ? 'unsafe' : 'safe',
      preferred: true,
      intents: [...variables, ...(typeof volume === 'string' ? [] : volume)],
    },
  ];
}

function canSwitch({ site, runners }: SiteContext, dind: Service): boolean {
  const image = dockerImage(dind.ref);
  // A container that is set up by itself takes no variables from the job, and brings it nothing without a volume.
  if (dind.container) return false;
  if (!image?.versionKnown || eraOf(image.version) === 'before-tls') return false;
  if (!serviceNames(dind).names.includes('docker')) return false;
  // Without DOCKER_HOST the docker image would take the socket that the runner mounts: another daemon, and root on the host.
  if (runners.some(({ runner }) => bindsSocket(runner.mounts))) return false;
  const words = daemonArguments(dind);
  // Other flags may stay; those about hosts and TLS would have to be weighed one by one.
  if (!words || /^[^-]/.test(words[0] ?? '') || words.some(word => /^(?:--?[hH]|--tls)/.test(word)))
    return false;
  const host = settled(site.env.get('DOCKER_HOST'));
  return site.env.get('DOCKER_HOST').state !== 'unknown' && (host === undefined || /^tcp:/.test(host.text));
}

/** What a script sets would still stand against the job's variables. */
export function setsOwn({ commands }: BuildSite): boolean {
  return commands.some(({ shell }) =>
    [...shell.assignments.map(({ name }) => name), ...shell.words.map(({ text }) => text)].some(word =>
      /^DOCKER_(?:HOST|TLS_VERIFY|CERT_PATH|TLS_CERTDIR)(?:=|$)/.test(word),
    ),
  );
}

/** The variables that say where a job finds its daemon. */
const SHARED = ['DOCKER_HOST', 'DOCKER_TLS_CERTDIR'];

/** Every site whose variables change with this one's, because they stand in one place. */
function affected(context: SiteContext, view: FixView): readonly SiteView[] {
  const places = SHARED.flatMap(name => {
    const value = context.site.env.get(name);
    return value.state === 'known' ? view.sitesWith(value.origin.place) : [];
  });
  const using = places.filter(({ site }) => usesDocker(site));
  return [{ site: context.site, runners: context.runners }, ...using];
}

/** Whether another job that shares a value with `first` works on when that changes: its daemon changes alike. */
function mayFollow(site: BuildSite, first: BuildSite): boolean {
  if (site === first) return true;
  const [dind, more] = dindServices(site);
  if (!dind || more || !serviceNames(dind).names.includes('docker')) return false;
  const [own, other] = [dind, dindServices(first)[0]].map(one => one?.variables.get('DOCKER_TLS_CERTDIR'));
  if (own?.state === 'absent') return true;
  if (own?.state !== 'known') return false;
  return (
    own.value.text !== '' ||
    (other?.state === 'known' && placeKey(own.origin.place) === placeKey(other.origin.place))
  );
}

function isOfficial({ site, runners }: SiteView): boolean {
  const image = settled(site.image);
  const host = settled(site.env.get('DOCKER_HOST'));
  // localhost is what jobs on Kubernetes dial, where the entrypoint of the client image is not run.
  const local = host !== undefined && /^tcp:\/\/(?:localhost|127\.)/.test(host.text);
  const kubernetes =
    runners.length === 0 ? local : runners.some(({ runner }) => settled(runner.executor) === 'kubernetes');
  return (
    image !== undefined &&
    dockerImage(image.ref) !== undefined &&
    image.entrypoint.state === 'absent' &&
    !kubernetes
  );
}

/** A variable that a fix may change: written whole in a file of the pipeline that is ours to change. */
function written(value: Known<Text>): { readonly text: string; readonly origin: Origin } | undefined {
  if (value.state !== 'known' || !isLiteral(value.value)) return undefined;
  const { entry, way } = value.origin;
  if (!entry || way === 'runner' || way === 'hosted' || entry.path.startsWith('../')) return undefined;
  return { text: value.value.text, origin: value.origin };
}

const DROPPED = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

function officialVariables(site: BuildSite, dind: Service): readonly Intent[] | undefined {
  const intents: Intent[] = [];
  const certDir = certDirIntent(site, dind);
  const known = DROPPED.filter(name => site.env.get(name).state === 'known');
  const dropped = known.flatMap(name => written(site.env.get(name))?.origin.entry ?? []);
  // A value that cannot be taken away would still stand against the rest.
  if (dropped.length < known.length || certDir === 'fixed') return undefined;
  const removals = dropped.map((entry, i) => ({
    kind: 'remove-entry' as const,
    entry,
    ...(known[i] === 'DOCKER_HOST' ? { orValue: 'tcp://docker:2376' } : {}),
  }));
  if (certDir) return [certDir, ...removals, ...healthCheck(dind)];
  const [first, ...rest] = removals;
  if (!first) return undefined;
  intents.push({ kind: 'replace-entry', entry: first.entry, name: 'DOCKER_TLS_CERTDIR', value: CERT_DIR });
  return [...intents, ...rest, ...healthCheck(dind)];
}

/** Gives the certificates folder where the daemon reads it from; nothing when no file sets it yet. */
function certDirIntent(site: BuildSite, dind: Service): Intent | 'fixed' | undefined {
  const places = [dind.variables.get('DOCKER_TLS_CERTDIR'), site.env.get('DOCKER_TLS_CERTDIR')];
  const set = places.find(value => value.state !== 'absent');
  if (!set) return undefined;
  const own = written(set);
  return own ? { kind: 'replace-value', at: own.origin.place, value: CERT_DIR } : 'fixed';
}

/** A readiness probe on the plain port would wait for ever. */
function healthCheck(dind: Service): readonly Intent[] {
  const port = written(dind.variables.get('HEALTHCHECK_TCP_PORT'));
  return port?.text === '2375' ? [{ kind: 'replace-value', at: port.origin.place, value: '2376' }] : [];
}

/** Whether jobs that use docker in another way would get to see new variables that all jobs take in. */
function reachesOthers(others: readonly SiteView[], view: FixView): boolean {
  const known = new Set(others.map(({ site }) => placeKey(site.place)));
  return view.all().some(({ site }) => usesDocker(site) && !known.has(placeKey(site.place)));
}

function usesDocker(site: BuildSite): boolean {
  return dindServices(site).length > 0 || daemonCommands(toolsOf(site)).length > 0;
}

function allVariables(site: BuildSite, dind: Service, isShared: boolean): readonly Intent[] | undefined {
  const certDir = certDirIntent(site, dind);
  if (certDir === 'fixed') return undefined;
  const wanted = {
    DOCKER_HOST: 'tcp://docker:2376',
    DOCKER_TLS_CERTDIR: CERT_DIR,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: `${CERT_DIR}/client`,
  };
  const beside = ['DOCKER_HOST', 'DOCKER_TLS_CERTDIR'].flatMap(name => written(site.env.get(name)) ?? [])[0];
  if (beside && beside.origin.way !== 'own' && isShared) return undefined;
  const near = beside?.origin.entry;
  const intents: Intent[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const old = site.env.get(name);
    const set = written(old);
    if (name !== 'DOCKER_TLS_CERTDIR' && old.state === 'known' && !set) return undefined;
    const change = name === 'DOCKER_TLS_CERTDIR' ? certDir : replacement(set, value);
    intents.push(change ?? { kind: 'set-variable', site: site.place, near, name, value });
  }
  return [...intents, ...healthCheck(dind)];
}

function replacement(old: ReturnType<typeof written>, value: string): Intent | undefined {
  return old && { kind: 'replace-value', at: old.origin.place, value };
}
