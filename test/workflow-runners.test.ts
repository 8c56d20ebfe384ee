/** What is said of jobs on runners that are declared: machines with docker, and pods of scale sets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectOf } from './support/project.js';
import { BUILD, DIND, type Files, PATH, rows, SOCKET, workflow } from './support/workflow-rows.js';

test('a machine of one’s own that is declared to have docker is followed there', () => {
  const config = (more: string): Files => ({
    '.drydock.yml': `version: 1\nrunners:\n  - tags: [self-hosted, linux]\n${more}    exposure: single-tenant\n`,
  });
  const on = (job: string, more = '    engine: docker\n'): readonly string[] =>
    rows({ ...config(more), [PATH]: workflow(`runs-on: [self-hosted, linux]\n${job}`) });
  assert.deepEqual(on(BUILD), [`job job ${SOCKET} host-socket reaches`]);
  assert.deepEqual(on(BUILD, ''), ['job job - unknown unknown cannot-tell']);
  assert.deepEqual(on(`container: docker:29.7.2-cli\n${BUILD}`), [`job job ${SOCKET} host-socket reaches`]);
  const dind = `container: docker:29.7.2-cli\n${DIND}\nenv: { DOCKER_HOST: "tcp://dind:2375" }\n${BUILD}`;
  assert.deepEqual(on(dind), ['job job tcp://dind:2375 none dind reaches']);
});

const SCALE_SET = `githubConfigUrl: https://github.com/example
runnerScaleSetName: arc
template:
  spec:
    initContainers:
      - name: dind
        image: docker:29.7.2-dind
        args: [dockerd, --host=unix:///var/run/docker.sock]
        restartPolicy: Always
        securityContext: { privileged: true }
        volumeMounts: [{ name: socket, mountPath: /var/run }]
    containers:
      - name: runner
        image: ghcr.io/actions/actions-runner:2.336.0
        command: [/home/runner/run.sh]
        env: [{ name: DOCKER_HOST, value: "unix:///var/run/docker.sock" }]
        volumeMounts: [{ name: socket, mountPath: /var/run }]
    volumes: [{ name: socket, emptyDir: {} }]
`;

test('a job in a scale set that is declared runs in its pod, beside what is in it', () => {
  const files = (job: string, values = SCALE_SET, more = ''): Files => ({
    '.drydock.yml': `version: 1\nrunners:\n  - config: arc/values.yml\n    tags: [arc]\n${more}`,
    'arc/values.yml': values,
    [PATH]: workflow(`runs-on: arc\n${job}`),
  });
  const ofJob = (given: Files): readonly string[] => rows(given).filter(row => row.startsWith('job '));
  assert.deepEqual(ofJob(files(BUILD)), [`job job ${SOCKET} dind reaches`]);
  const tcp = SCALE_SET.replace('unix:///var/run/docker.sock" }', 'tcp://localhost:2375" }');
  assert.deepEqual(ofJob(files(BUILD, tcp)), [
    'job job tcp://localhost:2375 none dind fails dind-entrypoint-replaced',
  ]);
  const own = `env: { DOCKER_HOST: "tcp://elsewhere:2376" }\n${BUILD}`;
  assert.deepEqual(ofJob(files(own)), ['job job tcp://elsewhere:2376 none remote cannot-tell']);
  const nothing = ['job job - unknown unknown cannot-tell'];
  assert.deepEqual(ofJob(files(BUILD, SCALE_SET, '    entry: other\n')), nothing, 'another one of the file');
  const mode = SCALE_SET.replace('template:', 'containerMode: { type: dind }\ntemplate:');
  assert.deepEqual(ofJob(files(BUILD, mode)), nothing, 'the chart adds to the pod');
  assert.match(ofJob(files(`container: node:22\n${BUILD}`))[0] ?? '', / cannot-tell$/);
});

test('a change of the pod is seen by the jobs in it', () => {
  const project = projectOf([
    ['.drydock.yml', 'version: 1\nrunners:\n  - config: values.yml\n    tags: [arc]\n'],
    ['values.yml', SCALE_SET],
    [PATH, workflow(`runs-on: arc\n${BUILD}`)],
  ]);
  const verdict = (): string | undefined => project.trace().find(({ site }) => site === 'job')?.verdict;
  assert.equal(verdict(), 'reaches');
  project.setFile('values.yml', SCALE_SET.replace('privileged: true', 'privileged: false'));
  assert.equal(verdict(), 'fails');
  project.setFile('values.yml', SCALE_SET);
  assert.equal(verdict(), 'reaches');
});
