/** The fix "switch to TLS on 2376": variables of the pipeline, and the certificates volume of the runner. */
import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan, FixView, SiteView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { type Known, type Origin, settled } from '../model/known.js';
import { isLiteral, type Text } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import { eraOf } from '../trace/entrypoints.js';
import { serviceNames } from '../trace/names.js';
import { certificateVolume } from './certificate-volume.js';
import type { SiteContext } from './define.js';

const CERT_DIR = '/certs';

/**
 * With the official client image on the Docker executor the entrypoint does the rest once DOCKER_TLS_CERTDIR is
 * set, so whatever contradicts it is dropped; any other client gets all four variables.
 * Empty when a value comes from where it cannot be changed, or the daemon does not answer to the name `docker`,
 * which is the name in its certificate.
 */
export function switchToTls(context: SiteContext, view: FixView): readonly FixPlan[] {
  const { site } = context;
  const dind = dindOf(site);
  if (!dind || !canSwitch(site, dind)) return [];
  const runner = context.runners.length === 1 ? context.runners[0] : undefined;
  if (context.runners.length > 1) return [];
  const official = affected(context, view).every(other => isOfficial(other));
  const variables = official ? officialVariables(site, dind) : allVariables(site, dind);
  const volume = certificateVolume(runner, `${CERT_DIR}/client`);
  if (!variables || volume === 'impossible') return [];
  const needsRunner = runner === undefined || volume === 'unknown';
  return [
    {
      title: `Switch to TLS on port 2376${needsRunner ? ' (the runner must share /certs/client)' : ''}`,
      safety: needsRunner ? 'unsafe' : 'safe',
      preferred: true,
      intents: [...variables, ...(Array.isArray(volume) ? volume : [])],
    },
  ];
}

function dindOf(site: BuildSite): Service | undefined {
  return settled(site.services)?.find(service => {
    const image = dockerImage(service.ref);
    return image !== undefined && image.variant !== 'cli';
  });
}

function canSwitch(site: BuildSite, dind: Service): boolean {
  const image = dockerImage(dind.ref);
  if (!image?.versionKnown || eraOf(image.version) === 'before-tls') return false;
  if (dind.entrypoint.state !== 'absent' || !serviceNames(dind).names.includes('docker')) return false;
  const command = settled(dind.command);
  if (dind.command.state === 'unknown') return false;
  // Other flags may stay; those about hosts and TLS would have to be weighed one by one.
  if (command?.some(word => /^(?:dockerd$|--?[hH]|--tls)/.test(word))) return false;
  const host = settled(site.env.get('DOCKER_HOST'));
  return site.env.get('DOCKER_HOST').state !== 'unknown' && (host === undefined || /^tcp:/.test(host.text));
}

/** Every site whose variables change with this one's, because they stand in one place. */
function affected(context: SiteContext, view: FixView): readonly SiteView[] {
  const places = ['DOCKER_HOST', 'DOCKER_TLS_CERTDIR'].flatMap(name => {
    const value = context.site.env.get(name);
    return value.state === 'known' ? view.sitesWith(value.origin.place) : [];
  });
  return [
    { site: context.site, runners: context.runners },
    ...places.filter(({ site }) => dindOf(site) !== undefined),
  ];
}

function isOfficial({ site, runners }: SiteView): boolean {
  const image = settled(site.image);
  const kubernetes = runners.some(({ runner }) => settled(runner.executor) === 'kubernetes');
  return (
    image !== undefined &&
    dockerImage(image.ref) !== undefined &&
    image.entrypoint.state === 'absent' &&
    !kubernetes
  );
}

/** A variable that a fix may change: written in a file, and whole. */
function written(value: Known<Text>): { readonly text: string; readonly origin: Origin } | undefined {
  if (value.state !== 'known' || !isLiteral(value.value) || !value.origin.entry) return undefined;
  return { text: value.value.text, origin: value.origin };
}

const DROPPED = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

function officialVariables(site: BuildSite, dind: Service): readonly Intent[] | undefined {
  const intents: Intent[] = [];
  const certDir = certDirIntent(site, dind);
  const dropped = DROPPED.flatMap(name => written(site.env.get(name))?.origin.entry ?? []);
  if (certDir) intents.push(certDir, ...dropped.map(entry => ({ kind: 'remove-entry', entry }) as const));
  else {
    const [first, ...rest] = dropped;
    if (!first) return undefined;
    intents.push({ kind: 'replace-entry', entry: first, name: 'DOCKER_TLS_CERTDIR', value: CERT_DIR });
    intents.push(...rest.map(entry => ({ kind: 'remove-entry', entry }) as const));
  }
  return [...intents, ...healthCheck(dind)];
}

/** Gives the certificates folder where the daemon reads it from; nothing when no file sets it yet. */
function certDirIntent(site: BuildSite, dind: Service): Intent | undefined {
  const own =
    written(dind.variables.get('DOCKER_TLS_CERTDIR')) ?? written(site.env.get('DOCKER_TLS_CERTDIR'));
  return own && { kind: 'replace-value', at: own.origin.place, value: CERT_DIR };
}

/** A readiness probe on the plain port would wait for ever. */
function healthCheck(dind: Service): readonly Intent[] {
  const port = written(dind.variables.get('HEALTHCHECK_TCP_PORT'));
  return port?.text === '2375' ? [{ kind: 'replace-value', at: port.origin.place, value: '2376' }] : [];
}

function allVariables(site: BuildSite, dind: Service): readonly Intent[] | undefined {
  const wanted = {
    DOCKER_HOST: 'tcp://docker:2376',
    DOCKER_TLS_CERTDIR: CERT_DIR,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: `${CERT_DIR}/client`,
  };
  const near = ['DOCKER_HOST', 'DOCKER_TLS_CERTDIR'].flatMap(
    name => written(site.env.get(name))?.origin.entry ?? [],
  )[0];
  const intents: Intent[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const old = name === 'DOCKER_TLS_CERTDIR' ? undefined : site.env.get(name);
    if (old?.state === 'unknown') return undefined;
    const change =
      name === 'DOCKER_TLS_CERTDIR' ? certDirIntent(site, dind) : replacement(old && written(old), value);
    intents.push(change ?? { kind: 'set-variable', site: site.place, near, name, value });
  }
  return [...intents, ...healthCheck(dind)];
}

function replacement(old: ReturnType<typeof written>, value: string): Intent | undefined {
  return old && { kind: 'replace-value', at: old.origin.place, value };
}
