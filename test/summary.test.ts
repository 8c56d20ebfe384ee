/** Holds the line that says of a job what it uses and whether that works. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf } from '../server/src/analysis/summary.js';
import { topologyOf } from '../server/src/analysis/topology.js';
import { CASES } from './picture-cases.js';
import { GOOD, runner, traceJob } from './trace-case.js';

const LINES: Readonly<Record<string, string>> = {
  'dind-tls': '✓ dind · TLS 2376 · needs privileged',
  'dind-tls-unseen-runner':
    '? dind · TLS 2376 · needs privileged and /certs/client · cannot tell: runner unknown',
  'dind-plain': '✓ dind · plain 2375 · needs privileged',
  'port-mismatch':
    '✗ dind · TLS 2375 · fails: The dind service makes certificates and listens on 2376 only; nothing answers on 2375',
  'not-privileged':
    '✗ dind · TLS 2376 · fails: The dind service does not run privileged, so dockerd may neither mount nor set up its network',
  'host-socket': "✓ host's daemon · /var/run/docker.sock",
  'socket-proxy': '✓ socket proxy · plain 2375',
  rootless: '✓ rootless dind · TLS 2376 · needs privileged',
  localhost:
    '✗ docker · plain localhost:2375 · fails: The dind service is another container than the job, so localhost does not lead to it',
  remote:
    '? remote daemon · TLS build-farm.internal.example.com:2376 · cannot tell whether certificates lie in /secrets/docker, and 1 more',
  kaniko: '✓ kaniko · no daemon',
  'no-dockerd': '? dind · cannot tell what the dind service runs',
};

function lineFor(job: string, config?: string): string | undefined {
  const indented = job.split('\n').map(line => `  ${line}`);
  const [trace] = traceJob(`job:\n${indented.join('\n')}\n`, config);
  return trace && lineOf(topologyOf(trace, []));
}

for (const { name, job, config } of CASES) {
  const expected = LINES[name];
  if (expected !== undefined) test(`line: ${name}`, () => assert.equal(lineFor(job, config), expected));
}

test('line: every case is one of the pictures', () => {
  const names = new Set(CASES.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(LINES).filter(name => !names.has(name)),
    [],
  );
});

test('line: other builders', () => {
  assert.equal(lineFor('image: quay.io/buildah/stable\nscript: [buildah bud .]'), '✓ buildah · no daemon');
  assert.equal(lineFor('image: docker:cli\nscript: [docker login -u a]'), '✓ no daemon');
});

test('line: what nobody sees is no line that works', () => {
  assert.match(
    lineFor('image: docker:cli\nscript: [docker build .]') ?? '',
    /^\? docker .*cannot tell whether a docker socket is mounted/,
  );
  assert.match(
    lineFor('image: docker:$V-cli\nservices: ["docker:$V-dind"]\nscript: [docker build .]', GOOD) ?? '',
    /^\? dind/,
  );
});

test('line: neither long names nor line breaks get out of it', () => {
  const host = `tcp://${'x'.repeat(300)}:2375`;
  const line =
    lineFor(
      `image: docker:cli\nvariables: { DOCKER_HOST: "${host}" }\nscript: [docker build .]`,
      runner(''),
    ) ?? '';
  assert.ok(line.length <= 140 && line.endsWith('…'));
});
