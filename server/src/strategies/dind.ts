/** What the strategies with a docker daemon beside the job have in common. */
import { settled } from '../model/known.js';
import type { Trace } from '../trace/types.js';
import {
  BUILDX_PUSH,
  dockerImage,
  dockerRunner,
  emptyDir,
  gitlabJob,
  kubernetesRunner,
  login,
} from './gitlab.js';
import type { Recipe } from './recipe.js';

export interface DindParts {
  readonly about: string;
  readonly variant?: 'dind' | 'dind-rootless';
  readonly variables: Readonly<Record<string, string>>;
  /** `command` of the service. */
  readonly command?: string;
  /** Keys of the runner's section. */
  readonly runner: readonly string[];
}

/** Only the service is privileged, and only if it runs such an image. */
export function privilegedDinds(variant: 'dind' | 'dind-rootless'): readonly string[] {
  return [
    'privileged = false',
    'services_privileged = true',
    `allowed_privileged_services = ["docker:*-${variant}"]`,
  ];
}

/** In pods it is the security context of the services that makes them privileged. */
export const PRIVILEGED_SERVICES: readonly string[] = [
  '[runners.kubernetes.service_container_security_context]',
  '  privileged = true',
];

/** A folder that only these containers share, in memory since it holds keys. */
export function certificates(): readonly string[] {
  return emptyDir('docker-certs', '/certs/client', 'Memory');
}

/** The four variables, all of them: on Kubernetes the entrypoint of the image, which would set three, does not run. */
export const TLS_IN_PODS: Readonly<Record<string, string>> = {
  DOCKER_HOST: 'tcp://docker:2376',
  DOCKER_TLS_CERTDIR: '/certs',
  DOCKER_TLS_VERIFY: '1',
  DOCKER_CERT_PATH: '/certs/client',
};

export function dindOnDocker(parts: DindParts): Recipe {
  return { pipeline: dindJob(parts), runner: dockerRunner(parts.runner) };
}

/** `port` is what the runner waits for before the job begins; without it there is no wait at all. */
export function dindOnKubernetes(parts: DindParts & { readonly port: 2375 | 2376 }): Recipe {
  const wait = ['  variables:', `    HEALTHCHECK_TCP_PORT: "${parts.port}"`];
  return { pipeline: dindJob(parts, wait), runner: kubernetesRunner(parts.runner) };
}

function dindJob(
  { about, variant = 'dind', variables, command }: DindParts,
  more: readonly string[] = [],
): string {
  const image = dockerImage(variant);
  const details = [...(command === undefined ? [] : [`  command: ${command}`]), ...more];
  return gitlabJob({
    about,
    image: dockerImage('cli'),
    services: details.length === 0 ? [`- ${image}`] : [`- name: ${image}`, ...details],
    variables,
    before: [login('docker')],
    script: BUILDX_PUSH,
  });
}

/** Whether the client of a trace talks to a daemon that runs as a service beside it, on an ordinary runtime. */
export function usesDind(trace: Trace): boolean {
  return trace.client !== undefined && trace.daemon.kind === 'dind' && !isOnSysbox(trace);
}

/** By the runtime of its runner, or by its own where the file of the daemon names one. */
export function isOnSysbox({ runner, beside, reached }: Trace): boolean {
  const daemons = reached ? [...beside, reached] : beside;
  const runtimes = [runner?.runner.runtime, ...daemons.map(({ service }) => service.container?.runtime)];
  return runtimes.some(runtime => runtime !== undefined && /sysbox/.test(settled(runtime) ?? ''));
}

export function usesSocket({ client }: Trace): boolean {
  return client?.endpoint?.startsWith('unix:') === true;
}

/** How the daemon's TCP port asks for certificates, where the client uses that port. */
export function portTls(trace: Trace): 'verify' | 'no-client-auth' | 'none' | undefined {
  if (!usesDind(trace) || usesSocket(trace)) return undefined;
  return trace.daemon.listens.find(({ endpoint }) => endpoint.startsWith('tcp:'))?.tls;
}
