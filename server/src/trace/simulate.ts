/** Plays a job through for one completion: what starts, what the client dials, and what goes wrong. */
import type { Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { checkPreparation, checkProbe } from './before-script.js';
import { type Client, clientOf } from './client.js';
import type { Completion } from './completion.js';
import { connect } from './connect.js';
import { daemonEnvironment, type StartedDaemon, startDaemons, viewOf } from './daemon.js';
import { defaultHost, type Endpoint, parseEndpoint, showEndpoint } from './endpoint.js';
import { type ClientEnvironment, eraOf, imageCertDir, startClient } from './entrypoints.js';
import { rollOf } from './names.js';
import { type Dial, type FoundFault, type Run, SOCKET_UNSEEN } from './run.js';
import type { Scene } from './scene.js';
import type { Use } from './script-environment.js';
import { keepsFolder, sharesFolder } from './shared-folders.js';
import type { Lookup, Variable } from './shell-state.js';
import type { ClientView, DaemonView, Step } from './types.js';
import { readVariable } from './variables.js';

export interface Outcome {
  readonly client: ClientView;
  readonly daemon: DaemonView;
  readonly faults: readonly FoundFault[];
  /** What could not be told although the completion decides the rest. */
  readonly unsure: readonly string[];
  /** What could not be told, so that it is open where the client goes. */
  readonly missing: readonly string[];
  readonly because: readonly Step[];
  /** The daemon among them that the client came to. */
  readonly reached?: StartedDaemon | undefined;
  /** Every dind service of the job, also those that the client does not use. */
  readonly daemons: readonly StartedDaemon[];
}

export function simulate(scene: Scene, way: Completion, use: Use): Outcome {
  const roll = rollOf(scene.services, way.executor === 'kubernetes');
  const run: Run = { scene, way, use, roll, faults: [], unsure: [], because: [] };
  const { self } = scene.site;
  if (!self) checkPreparation(run);
  const daemons = startDaemons(run);
  if (way.executor !== 'shell' && !self) for (const daemon of daemons) checkProbe(run, daemon);
  const started = run.faults.length;
  const { given, env } = clientEnvironment(run, daemons);
  const found = lookup(run, env);
  const missing: string[] = [];
  const client = clientOf({ settings: use.settings, found, missing });
  const { unsure, because } = run;
  const written = client.host.value || defaultHost(client.tls !== 'none');
  const verify = found('DOCKER_TLS_VERIFY').value;
  if (isForeign(run) && verify !== undefined && !/^1?$/.test(verify))
    missing.push('what its program makes of DOCKER_TLS_VERIFY');
  if (isForeign(run) && !/^(?:tcp|unix|ssh|npipe):\/\//.test(written))
    missing.push('what its program makes of DOCKER_HOST');
  if (missing.length > 0) {
    const nowhere: DaemonView = { kind: 'unknown', listens: [] };
    const base = { client: { tls: 'unknown' } as const, daemon: nowhere, unsure, missing, because, daemons };
    return { ...base, faults: forClient(run.faults, started, nowhere) };
  }
  const dial: Dial = { ...run, client, found };
  const endpoint = parseEndpoint(written);
  const view = clientView(client, use, endpoint, written);
  if (!use.scripted || client.passedOver) explainEntrypoint(run, given, env);
  explainClient(dial, view);
  const daemon = connect(dial, endpoint, daemons);
  return {
    client: view,
    daemon,
    faults: forClient(run.faults, started, daemon, self && (dial.reached ?? 'nobody')),
    unsure,
    missing,
    because,
    daemons,
    reached: daemons.find(({ dind }) => dind.service === dial.reached),
  };
}

/** Nothing shows that docker's own client runs in the container, and others take other values. */
function isForeign({ scene, use, way }: Run): boolean {
  return scene.site.self !== undefined && use.commands.length === 0 && !way.client.client;
}

/** Starts the daemons alone: what a container that is one comes to, without any client. */
export function startAlone(scene: Scene, way: Completion, use: Use): Outcome {
  const roll = rollOf(scene.services, false);
  const run: Run = { scene, way, use, roll, faults: [], unsure: [], because: [] };
  const daemons = startDaemons(run);
  const [first] = daemons;
  const daemon: DaemonView = first ? viewOf(first) : { kind: 'unknown', listens: [] };
  return {
    client: { tls: 'unknown' },
    daemon,
    faults: run.faults,
    unsure: run.unsure,
    missing: [],
    because: [],
    daemons,
  };
}

function clientView(client: Client, use: Use, endpoint: Endpoint, written: string): ClientView {
  const path = client.certPath.value;
  return {
    endpoint: showEndpoint(endpoint, written),
    tls: client.tls,
    ...(path ? { certPath: path } : {}),
    ...(isGone(client, use) ? { hostGone: true } : {}),
  };
}

/** The script takes DOCKER_HOST away, and nothing says instead what to dial. */
function isGone({ host }: Client, { settings }: Use): boolean {
  const binding = settings.variables.bindings.get('DOCKER_HOST');
  return binding?.kind === 'gone' && host.value === undefined && host.place === binding.place;
}

/**
 * A client that goes to another daemon does not mind that the dind service beside it is dead. `reached` is the one that
 * it goes to, where that is known of containers that live on their own.
 */
function forClient(
  faults: readonly FoundFault[],
  started: number,
  daemon: DaemonView,
  reached?: Service | 'nobody',
): readonly FoundFault[] {
  const beside = ['host-socket', 'hosted', 'remote', 'socket-proxy', 'unknown'].includes(daemon.kind);
  if (!beside && !reached) return faults;
  return faults.map((fault, i) => {
    const apart = beside || (fault.of !== undefined && fault.of !== reached);
    return i < started && apart && !fault.beforeScript ? { ...fault, fatal: false } : fault;
  });
}

/** What the CLI gets: the job's variables, through the entrypoint of the image where that is run. */
function clientEnvironment(
  run: Run,
  daemons: readonly StartedDaemon[],
): { readonly given: ClientEnvironment; readonly env: ClientEnvironment } {
  const { scene, way, use } = run;
  const variant = way.client;
  const given = {
    ...(scene.host.value === undefined ? {} : { DOCKER_HOST: scene.host.value }),
    ...(variant.verify === undefined ? {} : { DOCKER_TLS_VERIFY: variant.verify }),
    ...(variant.certPath === undefined ? {} : { DOCKER_CERT_PATH: variant.certPath }),
  };
  if (!variant.client || !variant.entrypointKept || !way.runsEntrypoint) return { given, env: given };
  // Without a daemon beside it nobody makes certificates, whatever their folder.
  const certDir = daemons.length > 0 ? (variant.certDir ?? imageCertDir(variant.client.version)) : undefined;
  const hasCertificates =
    certDir !== undefined && daemons.some(daemon => bringsCertificates(run, daemon, `${certDir}/client`));
  const scripted = use.settings.flags.host ?? use.settings.variables.bindings.get('DOCKER_HOST');
  if (way.socket === 'unseen' && !scene.host.value && !scripted) run.unsure.push(SOCKET_UNSEEN);
  const env = startClient({
    era: eraOf(variant.client.version),
    env: { ...given, ...(certDir === undefined ? {} : { DOCKER_TLS_CERTDIR: certDir }) },
    sockets: hasSocket(run, daemons) ? [SOCKET] : [],
    hasCertificates,
  });
  return { given, env };
}

const SOCKET = '/var/run/docker.sock';

/** One of the host is mounted there, or a daemon beside it puts its own on a volume that both have. */
function hasSocket(run: Run, daemons: readonly StartedDaemon[]): boolean {
  const { socket } = run.way;
  if (socket !== undefined && socket !== 'unseen') return true;
  if (!run.scene.site.self) return false;
  return daemons.some(
    ({ dind, outcome }) =>
      outcome.runs === 'dockerd' &&
      outcome.listens.some(
        ({ endpoint }) =>
          endpoint.startsWith('unix://') &&
          sharesFolder(run, dind.service, endpoint.slice('unix://'.length), SOCKET),
      ),
  );
}

/** The daemon puts certificates for its clients there. */
function bringsCertificates(run: Run, { dind, outcome }: StartedDaemon, folder: string): boolean {
  const made = outcome.runs === 'dockerd' ? outcome.certDir : undefined;
  return made !== undefined && keepsFolder(run, dind.service, `${made}/client`, folder);
}

function explainEntrypoint({ scene, because }: Run, given: ClientEnvironment, env: ClientEnvironment): void {
  const sameHost = env.DOCKER_HOST === given.DOCKER_HOST;
  if (sameHost && env.DOCKER_TLS_VERIFY === given.DOCKER_TLS_VERIFY) return;
  const place = settled(scene.site.image)?.origin.place;
  because.push({
    message: sameHost
      ? 'The docker image turns TLS on by itself, for it finds certificates.'
      : `DOCKER_HOST is not set, so the docker image dials ${env.DOCKER_HOST} by itself.`,
    ...(place ? { place } : {}),
  });
}

/** What the shell of the script finds in its environment. */
function lookup({ scene, way }: Run, env: ClientEnvironment): Lookup {
  const { site, host } = scene;
  return name => {
    if (name === 'DOCKER_HOST')
      return host.why === undefined ? { value: env.DOCKER_HOST, place: host.place } : host;
    if (name === 'DOCKER_TLS_VERIFY') return { value: env[name], place: scene.verify.place };
    if (name === 'DOCKER_CERT_PATH') return { value: env[name], place: scene.certPath.place };
    // That a file out of view sets one of these rare ones is not to be feared.
    if (CLIENTS_OWN.test(name) && site.env.get(name).state !== 'known') return NOT_SET;
    const own = readVariable(site.env, name);
    // The image says so to whatever runs in it, entrypoint or not.
    if (name === 'DOCKER_TLS_CERTDIR') {
      const { client, certDir } = way.client;
      const image = client && way.executor !== 'shell' ? imageCertDir(client.version) : undefined;
      return { value: certDir ?? image, place: own.place };
    }
    // Other variables may come from the project, the image or the runner.
    const seen = own.value !== undefined || own.why !== undefined || site.env.names().includes(name);
    return seen ? own : { ...NOT_SET, why: `nothing in view sets ${name}` };
  };
}

const NOT_SET: Variable = { value: undefined, place: undefined };
const CLIENTS_OWN = /^DOCKER_(?:CONTEXT|CONFIG|TLS)$/;

/** The folder of the first TLS daemon beside the job. */
export function daemonCertDir(scene: Scene): string | undefined {
  const [dind] = scene.dinds;
  return dind && daemonEnvironment(dind).DOCKER_TLS_CERTDIR;
}

function explainClient({ because, client }: Dial, view: ClientView): void {
  const { passedOver } = client;
  if (passedOver)
    because.push({
      message: `DOCKER_HOST counts more than the context ${passedOver.name} that the script chooses.`,
      place: passedOver.place,
    });
  if (view.hostGone) {
    const kind = view.tls === 'none' ? 'its default' : 'its default with TLS';
    const message = `The script takes DOCKER_HOST away, so docker goes by ${kind}, ${view.endpoint}.`;
    because.push({ message, ...(client.host.place ? { place: client.host.place } : {}) });
  }
  const folder = view.certPath ?? '~/.docker';
  const how = {
    none: 'without TLS',
    verify: `with TLS and the certificates in ${folder}`,
    unverified: 'with TLS, but without checking whom it talks to',
    unknown: 'somehow',
  }[view.tls];
  const { place } = client.host;
  because.push({ message: `docker dials ${view.endpoint} ${how}.`, ...(place ? { place } : {}) });
}
