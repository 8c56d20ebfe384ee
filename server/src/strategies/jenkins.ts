/** Puts Jenkinsfiles of recipes together: a stage that builds and pushes, in a container of docker or of a pod. */
import { dockerImage } from './gitlab.js';
import type { Recipe } from './recipe.js';

/** Where the image goes; below it lies the cache of tools that keep one in the registry. */
const IMAGE = '@registry@/@image@';
const TAGGED = `${IMAGE}:$GIT_COMMIT`;

export interface JenkinsParts {
  /** What the pipeline does, for the comment above it. */
  readonly about: string;
  /** Lines of `agent { … }`, without indentation. */
  readonly agent: readonly string[];
  /** What the machine or the cluster has to have for it. */
  readonly needs?: readonly string[];
  /** Further variables, as Groovy. */
  readonly environment?: readonly string[];
  /** Lines of `steps { … }`. */
  readonly steps: readonly string[];
}

/** `credentials` makes REGISTRY_USR and REGISTRY_PSW of a user name with its password. */
export function jenkinsfile({ about, agent, needs = [], environment = [], steps }: JenkinsParts): Recipe {
  const all = [
    `// ${about}`,
    'pipeline {',
    ...indented([
      ...block('agent', agent),
      ...block('environment', ["REGISTRY = credentials('@credentials@')", ...environment]),
      ...block('stages', block("stage('@job@')", block('steps', steps))),
    ]),
    '}',
  ];
  return { pipeline: `${all.join('\n')}\n`, needs: [...needs, CREDENTIALS] };
}

const CREDENTIALS = 'credentials called registry: the user of the registry and its password';

/** Jenkins starts containers as the user of the agent, whom the image has to know. */
export const AGENT_USER =
  'an agent whose user has the number 1000, as in the images of Jenkins: it is the one that the image has subordinate ids for';

function block(name: string, lines: readonly string[]): readonly string[] {
  return [`${name} {`, ...indented(lines), '}'];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map(line => (line === '' ? '' : `    ${line}`));
}

/** A step with a script; its lines hold neither backslashes nor three quotes, which mean something to Groovy. */
export function shellStep(lines: readonly string[], shebang = ''): readonly string[] {
  return [`sh '''${shebang}`, ...indented(lines), "'''"];
}

/** A container on a machine with docker, in which the steps run as the user of the agent. */
export function dockerAgent(image: string, args: readonly string[]): readonly string[] {
  return block('docker', [`image '${image}'`, "label '@tag@'", `args '${args.join(' ')}'`]);
}

/** The steps run in the first container. */
export function podAgent(pod: readonly string[]): readonly string[] {
  return block('kubernetes', [
    "defaultContainer 'build'",
    "yaml '''",
    ...indented(['apiVersion: v1', 'kind: Pod', ...pod]),
    "'''",
  ]);
}

/** A container that waits for steps. */
export function buildContainer(image: string, more: readonly string[] = [], wait = 'cat'): readonly string[] {
  return [
    '- name: build',
    `  image: ${image}`,
    `  command: [${wait}]`,
    '  tty: true',
    ...more.map(line => `  ${line}`),
  ];
}

/** `env` of a container. */
export function variables(values: Readonly<Record<string, string>>): readonly string[] {
  return [
    'env:',
    ...Object.entries(values).map(([name, value]) => `  - { name: ${name}, value: "${value}" }`),
  ];
}

/** A container that is root of its node for whoever gets into it. */
export const PRIVILEGED: readonly string[] = ['securityContext:', '  privileged: true'];

/** A pod of these containers; `more` are further keys of its specification. */
export function pod(containers: readonly string[], more: readonly string[] = []): readonly string[] {
  return [
    'spec:',
    ...[...more, 'containers:', ...containers.map(line => `  ${line}`)].map(line => `  ${line}`),
  ];
}

/** For builders that make user namespaces of their own; Kubernetes knows the field for AppArmor since 1.30. */
export function unconfined(more: readonly string[] = []): readonly string[] {
  return [
    'securityContext:',
    ...more.map(line => `  ${line}`),
    '  seccompProfile: { type: Unconfined }',
    '  appArmorProfile: { type: Unconfined }',
  ];
}

/** The same for docker. */
export const UNCONFINED_ARGS: readonly string[] = [
  '--security-opt seccomp=unconfined',
  '--security-opt apparmor=unconfined',
];

/** Jenkins runs containers as a user that they may not know, and whose home is the root of the disk. */
export const HOME = '-e HOME=/tmp';

/** The password goes through standard input. */
function login(tool: 'docker' | 'buildah' | 'podman'): string {
  return `echo "$REGISTRY_PSW" | ${tool} login --username "$REGISTRY_USR" --password-stdin @registry@`;
}

/** Writes the login where tools without a login command look for it. */
function authFile(folder: string): readonly string[] {
  return [
    'auth="$(printf "%s:%s" "$REGISTRY_USR" "$REGISTRY_PSW" | base64 -w 0)"',
    `mkdir -p ${folder}`,
    `printf '{"auths":{"%s":{"auth":"%s"}}}' @registry@ "$auth" > ${folder}/config.json`,
  ];
}

/** Builds with BuildKit, keeps the layers in the registry, and pushes. */
export const dockerSteps = (): readonly string[] => [
  login('docker'),
  `cache="type=registry,ref=${IMAGE}/cache"`,
  `docker buildx build --push --cache-from "$cache" --cache-to "$cache,mode=max" --tag "${TAGGED}" .`,
];

/** The daemon keeps the layers. */
export const hostSteps = (): readonly string[] => [
  login('docker'),
  `docker buildx build --push --tag "${TAGGED}" .`,
];

/** With a builder that is made first, and keeps the layers. */
export function builderSteps(create: readonly string[]): readonly string[] {
  return [login('docker'), ...create, `docker buildx build --push --tag "${TAGGED}" .`];
}

/** dockerd is not there at once. */
export function afterDind(lines: readonly string[]): readonly string[] {
  return ["timeout 60 sh -c 'until docker info; do sleep 1; done'", ...lines];
}

export function daemonlessSteps(tool: 'buildah' | 'podman'): readonly string[] {
  return [
    login(tool),
    `cache="${IMAGE}/cache"`,
    `${tool} build --layers --cache-from "$cache" --cache-to "$cache" --tag "${TAGGED}" .`,
    `${tool} push "${TAGGED}"`,
  ];
}

export const buildkitSteps = (): readonly string[] => [
  ...authFile('~/.docker'),
  `cache="type=registry,ref=${IMAGE}/cache"`,
  'set -- --frontend dockerfile.v0 --local context=. --local dockerfile=.',
  'set -- "$@" --import-cache "$cache" --export-cache "$cache,mode=max"',
  `buildctl-daemonless.sh build "$@" --output "type=image,name=${TAGGED},push=true"`,
];

export const kanikoSteps = (): readonly string[] => [
  ...authFile('/kaniko/.docker'),
  `/kaniko/executor --context "$WORKSPACE" --cache=true --cache-repo "${IMAGE}/cache" --destination "${TAGGED}"`,
];

/** Variables of a client whose certificates lie in /certs/client. */
const TLS_CLIENT: Readonly<Record<string, string>> = {
  DOCKER_TLS_VERIFY: '1',
  DOCKER_CERT_PATH: '/certs/client',
};

export interface DindParts {
  readonly about: string;
  readonly variant?: 'dind' | 'dind-rootless';
}

/**
 * dind and client as containers of docker on the machine of the agent. `allow` lets the daemon run. A volume for each
 * executor is enough, since an executor runs one build at a time.
 */
export function dindOnAgent({
  about,
  variant = 'dind',
  allow,
}: DindParts & { readonly allow: string }): Recipe {
  const certificates = '-v docker-certs-${env.EXECUTOR_NUMBER}:/certs/client';
  const client = { DOCKER_HOST: 'tcp://docker:2376', ...TLS_CLIENT };
  const set = Object.entries(client).map(([name, value]) => `-e ${name}=${value}`);
  const inside = ['--link ${dind.id}:docker', `${certificates}:ro`, HOME, ...set].join(' ');
  return jenkinsfile({
    about,
    agent: ["label '@tag@'"],
    steps: block('script', [
      `docker.image('${dockerImage(variant)}').withRun("${allow} -e DOCKER_TLS_CERTDIR=/certs ${certificates}") { dind ->`,
      ...indented([
        `docker.image('${dockerImage('cli')}').inside("${inside}") {`,
        ...indented(shellStep(afterDind(dockerSteps()))),
        '}',
      ]),
      '}',
    ]),
  });
}

export interface PodDindParts extends DindParts {
  /** Lines of the container of the daemon that let it run. */
  readonly allow: readonly string[];
  /** Further keys of the pod. */
  readonly keys?: readonly string[];
  /** Lines of its metadata. */
  readonly metadata?: readonly string[];
  /** What both see: a volume with certificates, or with the socket. */
  readonly share: 'certificates' | 'socket';
}

const SOCKET = 'unix:///run/dind/docker.sock';

/** dind and client in one pod. */
export function dindInPod({
  about,
  variant = 'dind',
  allow,
  keys = [],
  share,
  metadata,
}: PodDindParts): Recipe {
  const certificates = share === 'certificates';
  const client = certificates
    ? { DOCKER_HOST: 'tcp://localhost:2376', ...TLS_CLIENT }
    : { DOCKER_HOST: SOCKET };
  const daemon = { ...(certificates ? {} : { DOCKER_HOST: SOCKET }), DOCKER_TLS_CERTDIR: '/certs' };
  const mount = `- { name: shared, mountPath: ${certificates ? '/certs/client' : '/run/dind'} }`;
  const shared = ['volumeMounts:', `  ${mount}`];
  const dind = [...allow, ...variables(daemon), ...shared].map(line => `  ${line}`);
  return jenkinsfile({
    about,
    agent: podAgent([
      ...(metadata ? ['metadata:', ...metadata.map(line => `  ${line}`)] : []),
      ...pod(
        [
          ...buildContainer(dockerImage('cli'), [...variables(client), ...shared]),
          '- name: dind',
          `  image: ${dockerImage(variant)}`,
          ...dind,
        ],
        [...keys, 'volumes:', '  - name: shared', '    emptyDir: { medium: Memory }'],
      ),
    ]),
    steps: shellStep(afterDind(dockerSteps())),
  });
}
