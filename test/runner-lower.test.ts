/** Holds what runner files lower to: the sections of both container executors, templates and feature flags. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Unit } from '../server/src/dialects/dialect.js';
import { gitlabRunner } from '../server/src/dialects/gitlab-runner/index.js';
import type { Runner } from '../server/src/model/build-site.js';
import { type Known, settled, written } from '../server/src/model/known.js';
import { runnerFlag } from '../server/src/model/runner-flags.js';

function lower(text: string, host?: Unit['host']): readonly Runner[] {
  const unit = {
    path: 'config.toml',
    tree: gitlabRunner.read(text),
    variables: { key: '', values: new Map() },
  };
  return gitlabRunner.lower(host ? { ...unit, host } : unit).runners;
}

function only(text: string, host?: Unit['host']): Runner {
  const [runner] = lower(text, host);
  assert.ok(runner);
  return runner;
}

function mounts(runner: Runner): readonly string[] | undefined {
  return settled(runner.mounts)?.map(({ source, target, mode }) => `${source ?? ''}>${target}>${mode}`);
}

const PODS = `[[runners]]
  executor = "kubernetes"
  environment = ["FF_USE_FASTZIP=1", "FF_TIMESTAMPS=false", "A=b"]
  [runners.feature_flags]
    FF_USE_FASTZIP = false
  [runners.docker]
    privileged = false
    volumes = ["/docker"]
  [runners.kubernetes]
    image = "ruby:3.4"
    privileged = true
    runtime_class_name = "sysbox-runc"
    [[runners.kubernetes.services]]
      name = "docker:29.7.2-dind"
      alias = "docker, engine"
    [[runners.kubernetes.volumes.empty_dir]]
      name = "docker-certs"
      mount_path = "/certs/client"
      medium = "Memory"
    [[runners.kubernetes.volumes.host_path]]
      name = "socket"
      mount_path = "/var/run/docker.sock"
      read_only = true
    [[runners.kubernetes.volumes.host_path]]
      name = "other"
      mount_path = "/data"
      host_path = "/srv/data"
    [[runners.kubernetes.volumes.pvc]]
      name = "cache"
      mount_path = "/cache"
`;

test('the Kubernetes section gives what the docker section gives to the docker executors', () => {
  const runner = only(PODS);
  assert.equal(settled(runner.privileged), true);
  assert.equal(runner.servicesPrivileged.state, 'absent');
  assert.equal(settled(runner.runtime), 'sysbox-runc');
  assert.equal(settled(runner.image)?.text.text, 'ruby:3.4');
  assert.deepEqual(mounts(runner), [
    '>/certs/client>',
    '/var/run/docker.sock>/var/run/docker.sock>ro',
    '/srv/data>/data>',
    'pvc:cache>/cache>',
  ]);
  const [service] = settled(runner.services) ?? [];
  assert.deepEqual(service && settled(service.aliases), ['docker', 'engine']);
});

test('the other executor reads the other section', () => {
  const docker = only(PODS.replace('"kubernetes"', '"docker"'));
  assert.equal(settled(docker.privileged), false);
  assert.deepEqual(mounts(docker), ['>/docker>']);
});

test('an executor without containers reads neither', () => {
  const shell = only(PODS.replace('"kubernetes"', '"shell"'));
  assert.equal(shell.privileged.state, 'absent');
  assert.equal(shell.mounts.state, 'absent');
});

test('a security context of a container wins over the pod', () => {
  const context = (name: string, value: boolean): string =>
    `    [runners.kubernetes.${name}_container_security_context]\n      privileged = ${value}\n`;
  const states = (text: string): readonly (boolean | undefined)[] => {
    const runner = only(text);
    return [settled(runner.privileged), settled(runner.servicesPrivileged)];
  };
  assert.deepEqual(states(PODS + context('service', false)), [true, false]);
  assert.deepEqual(states(PODS + context('build', false)), [false, true], 'services keep that of the pod');
  assert.deepEqual(states(PODS + context('build', false) + context('service', true)), [false, true]);
});

test('dotted keys, inline tables and other cases of letters are the same', () => {
  const dotted = only(`[[runners]]
executor = "kubernetes"
Kubernetes.Privileged = true
Kubernetes.volumes.Empty_Dir = [{ name = "a", MOUNT_PATH = "/a" }]
`);
  assert.equal(settled(dotted.privileged), true);
  assert.deepEqual(mounts(dotted), ['>/a>']);
});

test('feature flags of the section win over those of the environment', () => {
  const runner = only(PODS);
  const flag = (name: string): Known<boolean> => runnerFlag(runner, name);
  assert.equal(settled(flag('FF_USE_FASTZIP')), false);
  assert.equal(settled(flag('FF_TIMESTAMPS')), false);
  assert.equal(flag('FF_NETWORK_PER_BUILD').state, 'absent');
});

test('the host of an embedded text says what the text does not', () => {
  const host = { dialect: 'helm-values', executor: 'kubernetes', name: 'pods' } as const;
  const runner = only('[[runners]]\n  [runners.kubernetes]\n    privileged = true\n', host);
  assert.equal(settled(runner.executor), 'kubernetes');
  assert.equal(settled(runner.privileged), true);
  assert.equal(runner.name, 'pods');
  assert.equal(settled(only('[[runners]]\nexecutor = "docker"\nname = "own"\n', host).executor), 'docker');
});

test('in a template what is literal counts, and what is missing may be there', () => {
  const runner = only(`concurrent = {{ concurrent }}
[[runners]]
  executor = "docker"
  name = {{ name }}
  {% if extra %}
  limit = 3
  {% endif %}
  [runners.docker]
    privileged = true
    image = \${image}
    volumes = [
      "/cache",
      {{ volumes }}
    ]
`);
  assert.equal(settled(runner.privileged), true);
  assert.equal(runner.image.state, 'unknown');
  assert.equal(runner.mounts.state, 'unknown', 'a line of the template may be a volume');
  assert.equal(runner.runtime.state, 'unknown', 'a line of the template may be this key');
});

test('bare values of a template leave no doubt about keys that are not there', () => {
  const runner = only(
    '[[runners]]\n  executor = "docker"\n  limit = ${limit}\n  [runners.docker]\n    image = <IMAGE>\n',
  );
  assert.equal(runner.privileged.state, 'absent');
  assert.equal(runner.image.state, 'unknown');
});

test('placeholders in scripts of several lines are text', () => {
  const runner = only(`[[runners]]
  executor = "shell"
  limit = {LIMIT}
  pre_build_script = """
    {{ this }}
    A=\${B}
  """
`);
  assert.equal(runner.preScript.state, 'unknown', 'it may still be filled in');
  assert.equal(runner.privileged.state, 'absent');
});

test('volumes between lines of a template are only likely', () => {
  const runner = only(`[[runners]]
  executor = "kubernetes"
  [runners.kubernetes]
    {{ if .Values.certs }}
    [[runners.kubernetes.volumes.empty_dir]]
      name = "a"
      mount_path = "/a"
    {{ end }}
`);
  assert.equal(runner.mounts.state, 'unknown');
  assert.equal(written(runner.mounts)?.[0]?.target, '/a');
});
