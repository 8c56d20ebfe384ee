/** Puts the files of GitHub Actions recipes together: a workflow with one job that builds and pushes to GitHub's registry. */
import { pinnedImage } from '../catalog/builder-images.js';
import { pinnedAction } from '../catalog/docker-actions.js';
import { dockerImage } from './gitlab.js';

export interface WorkflowParts {
  /** What the job does, for the comment above it. */
  readonly about: string;
  /** Value of `runs-on:`. */
  readonly runsOn: string;
  /** Lines of YAML of the job between `permissions:` and `steps:`, without indentation. */
  readonly around?: readonly string[];
  /** Lines of YAML below `steps:`, behind the one that fetches the sources. */
  readonly steps: readonly string[];
}

/** The token of the workflow may read the sources and write packages, and nothing else. */
export function workflow({ about, runsOn, around = [], steps }: WorkflowParts): string {
  const job = [
    `runs-on: ${runsOn}`,
    'permissions:',
    '  contents: read',
    '  packages: write',
    ...around,
    'steps:',
    ...indented([...checkout(), ...steps]),
  ];
  const all = [
    `# ${about}`,
    'name: container image',
    'on:',
    '  push:',
    '    branches: [@branch@]',
    'jobs:',
    '  @job@:',
    ...indented(indented(job)),
  ];
  return `${all.join('\n')}\n`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map(line => `  ${line}`);
}

/** The token is not left in the working copy, where builds would find it. */
const checkout = (): readonly string[] => [
  `- uses: ${pinnedAction('actions/checkout')}`,
  '  with:',
  '    persist-credentials: false',
];

/** The machine that a job gets of GitHub. */
export const HOSTED = 'ubuntu-24.04';

/** A machine of one's own, by the labels of its runner. */
export const SELF_HOSTED = '[self-hosted, @tag@]';

/** A set of runners in pods, by its name. */
export const SCALE_SET = '@tag@';

/**
 * A container for the steps, with dind beside it. The entrypoints of its image do not run there, so all is set by hand;
 * the runner waits for services that have a health check. Volumes are named, since both containers mount them.
 */
export function dindService(): readonly string[] {
  const volumes = ['  volumes:', '    - docker-certs-${{ github.run_id }}:/certs/client'];
  const dind = [
    `image: ${dockerImage('dind')}`,
    'env:',
    '  DOCKER_TLS_CERTDIR: /certs',
    ...volumes.map(line => line.slice(2)),
    'options: >-',
    '  --privileged',
    '  --health-cmd "docker info" --health-interval 2s --health-retries 30',
  ];
  return [
    'container:',
    `  image: ${dockerImage('cli')}`,
    '  env:',
    '    DOCKER_HOST: tcp://docker:2376',
    '    DOCKER_TLS_VERIFY: "1"',
    '    DOCKER_CERT_PATH: /certs/client',
    ...volumes,
    'services:',
    '  docker:',
    ...indented(indented(dind)),
  ];
}

const login = (): readonly string[] => [
  `- uses: ${pinnedAction('docker/login-action')}`,
  '  with:',
  '    registry: ghcr.io',
  '    username: ${{ github.actor }}',
  '    password: ${{ secrets.GITHUB_TOKEN }}',
];

const setupBuildx = (): string => `- uses: ${pinnedAction('docker/setup-buildx-action')}`;

/** A builder of BuildKit beside the daemon, which can export caches whatever the daemon is. */
export const builder = (): readonly string[] => [
  setupBuildx(),
  '  with:',
  `    driver-opts: image=${pinnedImage('buildkit')}`,
];

/** A builder elsewhere; its certificates are secrets of the repository. */
export const remoteBuilder = (): readonly string[] => [
  setupBuildx(),
  '  with:',
  '    driver: remote',
  '    endpoint: @buildkitd@',
  '  env:',
  '    BUILDER_NODE_0_AUTH_TLS_CACERT: ${{ secrets.BUILDKIT_CA }}',
  '    BUILDER_NODE_0_AUTH_TLS_CERT: ${{ secrets.BUILDKIT_CERT }}',
  '    BUILDER_NODE_0_AUTH_TLS_KEY: ${{ secrets.BUILDKIT_KEY }}',
];

/** A builder beside the steps, which nobody else reaches. */
export const podBuilder = (endpoint: string): readonly string[] => [
  setupBuildx(),
  '  with:',
  '    driver: remote',
  `    endpoint: ${endpoint}`,
];

/** The cache that GitHub keeps for the repository. */
export const GITHUB_CACHE: readonly string[] = ['cache-from: type=gha', 'cache-to: type=gha,mode=max'];

/**
 * Logs in, builds with buildx and pushes. `metadata-action` writes the name in lower case, which registries want, and
 * labels that lead back to the repository. `create` are steps that make a builder, `cache` inputs of the build.
 */
export function buildxSteps(create: readonly string[], cache: readonly string[]): readonly string[] {
  return [
    ...login(),
    ...create,
    `- uses: ${pinnedAction('docker/metadata-action')}`,
    '  id: image',
    '  with:',
    '    images: ghcr.io/${{ github.repository }}',
    '    tags: type=sha,format=long,prefix=',
    `- uses: ${pinnedAction('docker/build-push-action')}`,
    '  with:',
    '    context: .',
    '    push: true',
    '    tags: ${{ steps.image.outputs.tags }}',
    '    labels: ${{ steps.image.outputs.labels }}',
    ...cache.map(line => `    ${line}`),
  ];
}

/**
 * The password goes through standard input, and the login into a folder that is emptied with the job. bash writes the
 * name in lower case, which registries want.
 */
export function daemonlessSteps(tool: 'buildah' | 'podman'): readonly string[] {
  return [
    '- run: |',
    '    export REGISTRY_AUTH_FILE="$RUNNER_TEMP/auth.json"',
    `    echo "$REGISTRY_PASSWORD" | ${tool} login --username "$GITHUB_ACTOR" --password-stdin ghcr.io`,
    '    image="ghcr.io/${GITHUB_REPOSITORY,,}"',
    `    ${tool} build --layers \\`,
    '      --cache-from "$image/cache" \\',
    '      --cache-to "$image/cache" \\',
    '      --tag "$image:$GITHUB_SHA" .',
    `    ${tool} push "$image:$GITHUB_SHA"`,
    '  env:',
    '    REGISTRY_PASSWORD: ${{ secrets.GITHUB_TOKEN }}',
    '    BUILDAH_FORMAT: docker',
  ];
}
