/** Plays a job through for one completion: what starts, what the client dials, and what goes wrong. */
import { settled } from '../model/known.js';
import type { Completion } from './completion.js';
import { connect } from './connect.js';
import { daemonEnvironment, type StartedDaemon, startDind } from './daemon.js';
import { parseEndpoint, showEndpoint } from './endpoint.js';
import { type ClientEnvironment, eraOf, imageCertDir, startClient } from './entrypoints.js';
import type { Run } from './run.js';
import type { Scene } from './scene.js';
import type { ClientView, DaemonView, Fault, Step } from './types.js';

export interface Outcome {
  readonly client: ClientView;
  readonly daemon: DaemonView;
  readonly faults: readonly Omit<Fault, 'certain'>[];
  /** What could not be told although the completion decides the rest. */
  readonly unsure: readonly string[];
  readonly because: readonly Step[];
  /** Every dind service of the job, also those that the client does not use. */
  readonly daemons: readonly StartedDaemon[];
}

export function simulate(scene: Scene, way: Completion): Outcome {
  const run: Run = { scene, way, faults: [], unsure: [], because: [] };
  const daemons = scene.dinds.map(dind => ({ dind, outcome: startDind(run, dind) }));
  const started = run.faults.length;
  const env = clientEnvironment(run, daemons);
  const tls = (env.DOCKER_TLS_VERIFY ?? '') !== '';
  const written = env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  const endpoint = parseEndpoint(written, tls);
  const client: ClientView = {
    endpoint: showEndpoint(endpoint, written),
    tls: tls ? 'verify' : 'none',
    ...(env.DOCKER_CERT_PATH ? { certPath: env.DOCKER_CERT_PATH } : {}),
  };
  explainClient(run, client);
  const daemon = connect(run, endpoint, env, daemons);
  return {
    client,
    daemon,
    faults: forClient(run.faults, started, daemon),
    unsure: run.unsure,
    because: run.because,
    daemons,
  };
}

/** A client that goes to another daemon does not mind that the dind service beside it is dead. */
function forClient(faults: Outcome['faults'], started: number, daemon: DaemonView): Outcome['faults'] {
  if (daemon.kind !== 'host-socket' && daemon.kind !== 'remote') return faults;
  return faults.map((fault, i) => (i < started ? { ...fault, fatal: false } : fault));
}

/** What the CLI gets: the job's variables, through the entrypoint of the image where that is run. */
function clientEnvironment(run: Run, daemons: readonly StartedDaemon[]): ClientEnvironment {
  const { scene, way } = run;
  const variant = way.client;
  const given = {
    ...(scene.host.value === undefined ? {} : { DOCKER_HOST: scene.host.value }),
    ...(variant.verify === undefined ? {} : { DOCKER_TLS_VERIFY: variant.verify }),
    ...(variant.certPath === undefined ? {} : { DOCKER_CERT_PATH: variant.certPath }),
  };
  if (!variant.client || !variant.entrypointKept || way.executor !== 'docker') return given;
  const certDir = variant.certDir ?? imageCertDir(variant.client.version);
  const made = daemons.some(({ outcome }) => outcome.runs === 'dockerd' && outcome.certDir === certDir);
  const hasCertificates = way.certificatesShared && certDir !== undefined && made;
  if (way.socket === 'unseen' && !scene.host.value)
    run.unsure.push('whether the runner mounts a docker socket into the job');
  const env = startClient({
    era: eraOf(variant.client.version),
    env: { ...given, ...(certDir === undefined ? {} : { DOCKER_TLS_CERTDIR: certDir }) },
    sockets: way.socket === undefined || way.socket === 'unseen' ? [] : ['/var/run/docker.sock'],
    hasCertificates,
  });
  if (env.DOCKER_HOST !== given.DOCKER_HOST || env.DOCKER_TLS_VERIFY !== given.DOCKER_TLS_VERIFY) {
    const place = settled(scene.site.image)?.origin.place;
    run.because.push({
      message:
        env.DOCKER_HOST === given.DOCKER_HOST
          ? 'The docker image turns TLS on by itself, for it finds certificates.'
          : `DOCKER_HOST is not set, so the docker image dials ${env.DOCKER_HOST} by itself.`,
      ...(place ? { place } : {}),
    });
  }
  return env;
}

/** The folder of the first TLS daemon beside the job. */
export function daemonCertDir(scene: Scene): string | undefined {
  const [dind] = scene.dinds;
  return dind && daemonEnvironment(dind).DOCKER_TLS_CERTDIR;
}

function explainClient(run: Run, client: ClientView): void {
  const { host } = run.scene;
  const how =
    client.tls === 'none'
      ? 'without TLS'
      : `with TLS and the certificates in ${client.certPath ?? '~/.docker'}`;
  run.because.push({
    message: `docker dials ${client.endpoint} ${how}.`,
    ...(host.place ? { place: host.place } : {}),
  });
}
