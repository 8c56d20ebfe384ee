/** Gathers what decides a trace: the client's image and variables, the daemons beside it, the runner. */
import type { BuildSite, Container, PairedRunner, Service } from '../model/build-site.js';
import { ABSENT, settled } from '../model/known.js';
import { programOf } from '../syntax/shell.js';
import { clientVariants } from './client-variants.js';
import { daemonArguments, isClient } from './daemon-arguments.js';
import { type DockerImage, dockerImage, isOpen } from './docker-image.js';
import { textOf } from './runner-facts.js';
import type { Variable } from './shell-state.js';
import { hasGroup, socketMounts } from './socket-mounts.js';
import { isSocketProxy } from './socket-proxy.js';
import { readVariable, withRunner } from './variables.js';

export interface DindService {
  readonly service: Service;
  readonly image: DockerImage;
}

/** One way in which the client's side may turn out, where parts of it are not known. */
export interface ClientVariant {
  /** The docker image of the job; `undefined` for another image. */
  readonly client: DockerImage | undefined;
  /** The image's own entrypoint is run when the executor runs entrypoints. */
  readonly entrypointKept: boolean;
  readonly verify: string | undefined;
  readonly certPath: string | undefined;
  readonly certDir: string | undefined;
}

/** Everything about a site that a simulation needs. */
export interface Scene {
  readonly site: BuildSite;
  readonly runner: PairedRunner | undefined;
  /** In the order in which they start: those of the runner, then those of the job. */
  readonly services: readonly Service[];
  readonly dinds: readonly DindService[];
  /** Services that lead to the socket of the host. */
  readonly proxies: readonly Service[];
  /** The containers beside one that is no job. */
  readonly neighbours: readonly Container[];
  readonly host: Variable;
  readonly verify: Variable;
  readonly certPath: Variable;
  /** At least one; several where the client's image or variables are not known. */
  readonly variants: readonly ClientVariant[];
  /** What is not known of the client and is played through; nothing is sure to be reached then. */
  readonly open: readonly string[];
  /** What cannot be told and leaves everything open. */
  readonly missing: readonly string[];
  readonly assumptions: readonly string[];
  /** Which services run beside the job is known. */
  readonly servicesKnown: boolean;
  /** What the dind services listen on is known. */
  readonly daemonsKnown: boolean;
  /** A script makes certificates or a docker configuration of its own. */
  readonly ownCertificates: boolean;
  /** A script starts a daemon in the job's own container. */
  readonly ownDaemon: boolean;
}

export function sceneOf(bare: BuildSite, runner: PairedRunner | undefined): Scene {
  const site = { ...bare, env: withRunner(bare.env, runner) };
  const executor = runner && settled(runner.runner.executor);
  // Only containers have services, and only their images have entrypoints.
  const onHost = executor === 'shell' || executor === 'other';
  const contained = !onHost || runner?.runner.servicesOnHost === true;
  const missing = executor === 'other' ? ['which docker the host of the runner has'] : [];
  const assumptions: string[] = executor === 'shell' && runner?.how !== 'hosted' ? [HOST_HAS_DOCKER] : [];
  if (site.self && isGivenGroup(site.self.container)) assumptions.push(GROUP_FITS);
  const services = site.neighbours ?? (contained ? servicesOf(site, runner, missing) : []);
  const daemonDoubts: string[] = [];
  const dinds = dindsOf(services, daemonDoubts, assumptions);
  missing.push(...daemonDoubts);
  const { variants, open } = clientVariants(site, runner, assumptions);
  return {
    site,
    runner,
    services,
    dinds,
    proxies: services.filter(({ ref }) => isSocketProxy(ref)),
    neighbours: (site.neighbours ?? []).map(({ container }) => container),
    host: readVariable(site.env, 'DOCKER_HOST'),
    verify: readVariable(site.env, 'DOCKER_TLS_VERIFY'),
    certPath: readVariable(site.env, 'DOCKER_CERT_PATH'),
    variants,
    open,
    missing,
    assumptions,
    servicesKnown: site.self !== undefined || (site.services.state === 'known' && contained),
    daemonsKnown: daemonDoubts.length === 0,
    ownCertificates:
      site.scripts.some(script => /\bca\.pem\b|\.docker\b|DOCKER_CONFIG=/.test(script.text)) ||
      site.env.get('DOCKER_CONFIG').state !== 'absent',
    ownDaemon: startsDaemon(site),
  };
}

const HOST_HAS_DOCKER =
  'docker is installed on the host of the runner, and the user of the runner may use its daemon';

const GROUP_FITS = 'the group that the container is given is that of the socket';

/** Its user is not known, and gets the socket of the host with a group beside it. */
function isGivenGroup(self: Container): boolean {
  return self.user.state === 'unknown' && hasGroup(self) && socketMounts(self).length > 0;
}

const DAEMONS =
  /^(?:dockerd|dockerd-entrypoint\.sh|dockerd-rootless\.sh|start-docker\.sh|containerd|rootlesskit)$/;

function startsDaemon({ commands }: BuildSite): boolean {
  return commands.some(({ shell }) => {
    const name = programOf(shell)?.name ?? '';
    if (DAEMONS.test(name)) return true;
    if (!/^(?:service|systemctl|rc-service)$/.test(name)) return false;
    return shell.words.some(word => /^docker/.test(word.text));
  });
}

function servicesOf(
  site: BuildSite,
  runner: PairedRunner | undefined,
  missing: string[],
): readonly Service[] {
  if (site.services.state === 'unknown') missing.push(`the services of the job (${site.services.why})`);
  const added = runner?.runner.services;
  if (added?.state === 'unknown') missing.push('the services that the runner adds');
  // Source: gitlab-runner executors/docker/services.go, getServicesDefinitions.
  const all = [...((added && settled(added)) ?? []), ...(settled(site.services) ?? [])];
  const fixed = textOf(runner?.runner, 'docker.disable_entrypoint_overwrite') === 'true';
  return all.map(service => ({
    ...service,
    ...(fixed ? { entrypoint: ABSENT } : {}),
    variables: withRunner(service.variables, runner),
  }));
}

function dindsOf(
  services: readonly Service[],
  missing: string[],
  assumptions: string[],
): readonly DindService[] {
  return services.flatMap(service => {
    const image = dockerImage(service.ref);
    if (!image || image.variant === 'cli' || isClient(service) || isOpen(service, image)) return [];
    if (image.mirrored)
      assumptions.push(`${service.ref.repository} keeps the entrypoint of the official docker image`);
    const certDir = readVariable(service.variables, 'DOCKER_TLS_CERTDIR');
    if (certDir.why) missing.push(`DOCKER_TLS_CERTDIR (${certDir.why})`);
    // No version makes certificates without a folder for them.
    if (!image.versionKnown && certDir.value !== '') missing.push('the version of the dind image');
    if (!daemonArguments(service)) missing.push('what the dind service runs');
    return [{ service, image }];
  });
}
