/** Puts the values of GitHub's runner scale sets together: the pod in which the steps of a job run, and what runs beside them. */
import { pinnedImage } from '../catalog/builder-images.js';
import { dockerImage } from './gitlab.js';

/** Source: github.com/actions/runner, releases; the image holds docker's client and buildx, and its user is in group 123. */
const RUNNER_IMAGE = 'ghcr.io/actions/actions-runner:2.336.0';

export interface RunnerPod {
  /** Lines of YAML of what runs beside the runner, and is there before it. */
  readonly sidecar: readonly string[];
  /** Lines of YAML of the container of the runner, besides its image. */
  readonly runner?: readonly string[];
  /** Names of volumes that last as long as the pod. */
  readonly volumes: readonly string[];
  /** Further keys of the pod. */
  readonly keys?: readonly string[];
  readonly metadata?: readonly string[];
}

/** `template` of the chart. A container that starts before others and is restarted always goes on beside them. */
export function runnerPod({ sidecar, runner = [], volumes, keys = [], metadata }: RunnerPod): string {
  const indent = (lines: readonly string[], by: string): readonly string[] => lines.map(line => by + line);
  const all = [
    'template:',
    ...(metadata ? ['  metadata:', ...indent(metadata, '    ')] : []),
    '  spec:',
    ...indent(keys, '    '),
    '    initContainers:',
    ...indent(sidecar, '      '),
    '        restartPolicy: Always',
    '    containers:',
    '      - name: runner',
    `        image: ${RUNNER_IMAGE}`,
    '        command: [/home/runner/run.sh]',
    ...indent(runner, '        '),
    '    volumes:',
    ...volumes.flatMap(name => [`      - name: ${name}`, '        emptyDir: {}']),
  ];
  return `${all.join('\n')}\n`;
}

export interface ArcDind extends Pick<RunnerPod, 'keys' | 'metadata'> {
  /** Lines of the daemon's container that let it run. */
  readonly allow: readonly string[];
}

const SHARED: readonly string[] = [
  'volumeMounts:',
  '  - { name: work, mountPath: /home/runner/_work }',
  '  - { name: docker-socket, mountPath: /var/run }',
];

/**
 * What the chart makes of its mode dind, with an image that does not move, and without what only jobs in containers
 * need. Source: actions-runner-controller, charts/gha-runner-scale-set/values.yaml.
 */
export function dindBesideRunner({ allow, ...pod }: ArcDind): string {
  const container = [
    `image: ${dockerImage('dind')}`,
    'args: [dockerd, --host=unix:///var/run/docker.sock, --group=123]',
    ...allow,
    ...probe('docker, info'),
    ...SHARED,
    '  - { name: docker-data, mountPath: /var/lib/docker }',
  ];
  return runnerPod({
    ...pod,
    sidecar: ['- name: dind', ...container.map(line => `  ${line}`)],
    runner: ['env:', '  - { name: DOCKER_HOST, value: "unix:///var/run/docker.sock" }', ...SHARED],
    volumes: ['work', 'docker-socket', 'docker-data'],
  });
}

function probe(command: string): readonly string[] {
  return [
    'startupProbe:',
    `  exec: { command: [${command}] }`,
    '  periodSeconds: 5',
    '  failureThreshold: 24',
  ];
}

/** Where BuildKit answers in the pod, whose containers share their network. */
export const POD_BUILDKIT = 'tcp://127.0.0.1:1234';

export function buildkitBesideRunner(): string {
  const container = [
    `image: ${pinnedImage('buildkit', 'rootless')}`,
    `args: [--addr, "${POD_BUILDKIT}", --oci-worker-no-process-sandbox]`,
    'securityContext:',
    '  runAsUser: 1000',
    '  runAsGroup: 1000',
    '  seccompProfile: { type: Unconfined }',
    '  appArmorProfile: { type: Unconfined }',
    ...probe(`buildctl, --addr, "${POD_BUILDKIT}", debug, workers`),
    'volumeMounts:',
    '  - { name: buildkit-data, mountPath: /home/user/.local/share/buildkit }',
  ];
  return runnerPod({
    sidecar: ['- name: buildkitd', ...container.map(line => `  ${line}`)],
    volumes: ['buildkit-data'],
  });
}
