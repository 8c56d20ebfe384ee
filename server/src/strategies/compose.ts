/** Puts Compose files of recipes together: a service that builds and pushes, and the containers that it needs beside it. */
import { dockerImage } from './gitlab.js';

export interface ComposeParts {
  /** What the project does, for the comment above it. */
  readonly about: string;
  readonly image: string;
  /** The image has an entrypoint that is no shell. */
  readonly shell?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines of YAML of the service, without indentation. */
  readonly keys?: readonly string[];
  /** Volumes besides the sources. */
  readonly volumes?: readonly string[];
  /** Lines of the script, as a shell reads them. */
  readonly script: readonly string[];
  /** Lines of YAML of the services beside it, without indentation. */
  readonly beside?: readonly string[];
  /** Names of volumes that the project has. */
  readonly named?: readonly string[];
}

/** Where the image goes; below it lies the cache of tools that keep one in the registry. */
export const COMPOSE_IMAGE = '@registry@/@image@';

/** A secret whose value comes from the environment of Compose, and goes to no file on the machine. */
const PASSWORD_FILE = '/run/secrets/registry_password';

/** Compose says which variable is not set, and stops. */
const VARIABLES = { REGISTRY_USER: '${REGISTRY_USER:?}', TAG: '${TAG:-latest}' };

export function composeFile(parts: ComposeParts): string {
  const { about, image, shell, environment = {}, keys = [], volumes = [], script, beside = [] } = parts;
  const variables = Object.entries({ ...environment, ...VARIABLES });
  const start =
    shell === undefined ? ['command:', '  - sh', '  - -ec'] : [`entrypoint: [${shell}, -ec]`, 'command:'];
  const service = [
    `image: ${image}`,
    ...keys,
    'working_dir: /workspace',
    'environment:',
    ...variables.map(([name, value]) => `  ${name}: ${quoted(value)}`),
    'secrets: [registry_password]',
    'volumes:',
    ...['.:/workspace:ro', ...volumes].map(volume => `  - ${volume}`),
    ...start,
    '  - |',
    // Compose takes a single dollar for a variable of its own.
    ...script.map(line => `    ${line.replaceAll('$', '$$$$')}`),
  ];
  const all = [
    `# ${about}`,
    // The cursor is put there first, so the line is short.
    '#   export REGISTRY_USER=me REGISTRY_PASSWORD=…',
    '#   docker compose run --rm @job@',
    'services:',
    '  @job@:',
    ...service.map(line => `    ${line}`),
    ...beside.map(line => `  ${line}`),
    'secrets:',
    '  registry_password:',
    '    environment: REGISTRY_PASSWORD',
    ...(parts.named ? ['volumes:', ...parts.named.map(name => `  ${name}:`)] : []),
  ];
  return `${all.join('\n')}\n`;
}

/** The file with its path in the command that runs it, for a name that Compose does not look for. */
export function composeAt(pipeline: string, path: string): string {
  const word = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return pipeline.replace(/^# +docker compose(?= run )/m, command => `${command} -f ${word}`);
}

/** As text in YAML; numbers and nothing at all would be something else there. */
function quoted(value: string): string {
  return /^(?:\d*|.*: .*)$/.test(value) ? `"${value}"` : value;
}

/** The password goes through standard input. */
export function composeLogin(tool: 'docker' | 'buildah' | 'podman'): string {
  return `${tool} login --username "$REGISTRY_USER" --password-stdin @registry@ < ${PASSWORD_FILE}`;
}

/** Writes the login where tools without a login command look for it. */
export function composeAuthFile(folder: string): readonly string[] {
  return [
    `auth="$(printf "%s:%s" "$REGISTRY_USER" "$(cat ${PASSWORD_FILE})" | base64 -w 0)"`,
    `mkdir -p ${folder}`,
    `printf '{"auths":{"%s":{"auth":"%s"}}}' @registry@ "$auth" > ${folder}/config.json`,
  ];
}

/** Builds and pushes; the daemon keeps the cache. */
const dockerPush = (): readonly string[] => [
  composeLogin('docker'),
  `docker buildx build --push --tag "${COMPOSE_IMAGE}:$TAG" .`,
];

/** A service with docker's client, and what it needs to find its daemon. */
export function composeClient(parts: Omit<ComposeParts, 'script' | 'image'>): string {
  return composeFile({ ...parts, image: dockerImage('cli'), script: dockerPush() });
}

/** A daemon beside the client, which keeps its images, and what the client waits for. */
export interface ComposeDind extends Pick<ComposeParts, 'about' | 'environment' | 'volumes'> {
  readonly variant?: 'dind' | 'dind-rootless';
  /** What lets the daemon run: privilege, or a runtime that makes it needless. */
  readonly allow: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where both see certificates or a socket: a volume, and its place at the daemon. */
  readonly shared: readonly [name: string, path: string];
}

export function composeDind(parts: ComposeDind): string {
  const { about, environment = {}, volumes = [], variant = 'dind', allow, variables, shared } = parts;
  const rootless = variant === 'dind-rootless';
  const storage = rootless ? '/home/rootless/.local/share/docker' : '/var/lib/docker';
  const probe = rootless ? 'docker, --host, "unix:///run/user/1000/docker.sock", info' : 'docker, info';
  return composeClient({
    about,
    environment,
    volumes,
    keys: ['depends_on:', '  docker:', '    condition: service_healthy'],
    beside: [
      'docker:',
      `  image: ${dockerImage(variant)}`,
      `  ${allow}`,
      '  environment:',
      ...Object.entries(variables).map(([name, value]) => `    ${name}: ${value}`),
      '  volumes:',
      `    - ${shared.join(':')}`,
      `    - docker-data:${storage}`,
      '  healthcheck:',
      `    test: [CMD, ${probe}]`,
      '    interval: 2s',
      '    retries: 30',
    ],
    named: [shared[0], 'docker-data'],
  });
}

/** For clients of a daemon with TLS whose certificates lie in the volume. */
export const COMPOSE_TLS: Pick<ComposeDind, 'environment' | 'volumes' | 'variables' | 'shared'> = {
  environment: {
    DOCKER_HOST: 'tcp://docker:2376',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: '/certs/client',
  },
  volumes: ['docker-certs:/certs/client:ro'],
  variables: { DOCKER_TLS_CERTDIR: '/certs' },
  shared: ['docker-certs', '/certs/client'],
};

/** For builders that make user namespaces of their own. */
export const COMPOSE_UNCONFINED: readonly string[] = [
  'security_opt:',
  '  - seccomp=unconfined',
  '  - apparmor=unconfined',
];
