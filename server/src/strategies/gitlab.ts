/** Puts the files of GitLab recipes together: a job, and what a runner of it needs. */
import { newestPatch } from '../catalog/docker-tags.js';

export interface JobParts {
  /** What the job does, for the comment above it. */
  readonly about: string;
  readonly image: string;
  /** The image has an entrypoint that is no shell. */
  readonly clearEntrypoint?: boolean;
  /** Lines below `services:`, or `[]`. */
  readonly services?: readonly string[] | '[]';
  readonly variables?: Readonly<Record<string, string>>;
  /** Lines of YAML below `before_script:` and `script:`, without indentation. */
  readonly before: readonly string[];
  readonly script: readonly string[];
}

/** A pipeline with one job that builds the Dockerfile of the project and pushes to the project's registry. */
export function gitlabJob(parts: JobParts): string {
  const { image, clearEntrypoint, services, variables } = parts;
  return lines([
    `# ${parts.about}`,
    '@job@:',
    ...(clearEntrypoint ? ['  image:', `    name: ${image}`, '    entrypoint: [""]'] : [`  image: ${image}`]),
    ...(services === '[]' ? ['  services: []'] : section('services', services ?? [])),
    ...section(
      'variables',
      Object.entries(variables ?? {}).map(([name, value]) => `${name}: ${quoted(value)}`),
    ),
    ...section('before_script', parts.before),
    ...section('script', parts.script),
    '  tags: [@tag@]',
  ]);
}

/** The pipeline with its job in a stage, where it cannot be in the one that jobs are in by themselves. */
export function inStage(pipeline: string, stage: string): string {
  return pipeline.replace(/^@job@:\n/m, line => `${line}  stage: ${stage}\n`);
}

function section(key: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [`  ${key}:`, ...entries.map(line => `    ${line}`)];
}

/** As text in YAML; a bare URL needs no quotes, and an empty value or a path reads better with them. */
function quoted(value: string): string {
  return /^[a-z-]+(?::\/\/[\w.:/-]+)?$/i.test(value) ? value : `"${value}"`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/** `[runners.docker]` with the keys of the strategy. */
export function dockerRunner(keys: readonly string[]): string {
  return lines(['  [runners.docker]', `    image = "${FALLBACK_IMAGE}"`, ...keys.map(line => `    ${line}`)]);
}

/** `[runners.kubernetes]` with the keys and tables of the strategy. */
export function kubernetesRunner(keys: readonly string[]): string {
  return lines([
    '  [runners.kubernetes]',
    '    namespace = "@namespace@"',
    `    image = "${FALLBACK_IMAGE}"`,
    ...keys.map(line => `    ${line}`),
  ]);
}

/** A table of volumes that the containers of a pod share. */
export function emptyDir(name: string, path: string, medium?: 'Memory'): readonly string[] {
  return [
    '[[runners.kubernetes.volumes.empty_dir]]',
    `  name = "${name}"`,
    `  mount_path = "${path}"`,
    ...(medium ? [`  medium = "${medium}"`] : []),
  ];
}

/** For jobs that name no image. */
const FALLBACK_IMAGE = 'alpine:3.22';

export const dockerImage = (variant: 'cli' | 'dind' | 'dind-rootless'): string =>
  `docker:${newestPatch(undefined, variant)}`;

/** The password goes through standard input, so it is in no list of processes and no log. */
export function login(tool: 'docker' | 'buildah' | 'podman'): string {
  return `- echo "$CI_REGISTRY_PASSWORD" | ${tool} login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"`;
}

/** Writes the login where tools without a login command look for it. */
export function authFile(folder: string): readonly string[] {
  const entry = '{\\"username\\":\\"$CI_REGISTRY_USER\\",\\"password\\":\\"$CI_REGISTRY_PASSWORD\\"}';
  return [
    `- mkdir -p ${folder}`,
    '- |',
    `  echo "{\\"auths\\":{\\"$CI_REGISTRY\\":${entry}}}" > ${folder}/config.json`,
  ];
}

/** Builds with BuildKit, keeps the layers in the registry, and pushes. */
export const BUILDX_PUSH: readonly string[] = [
  '- |',
  '  docker buildx build --push \\',
  '    --cache-from "type=registry,ref=$CI_REGISTRY_IMAGE/cache" \\',
  '    --cache-to "type=registry,ref=$CI_REGISTRY_IMAGE/cache,mode=max" \\',
  '    --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .',
];
