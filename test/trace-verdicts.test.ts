/** What the trace says of whole jobs: sure only where nothing that is not known could change it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectOf } from './support/project.js';

const SHARED = 'volumes = ["/certs/client", "/cache"]';

function runner(docker: string, executor = 'docker', top = ''): string {
  return `[[runners]]\n  name = "r"\n  executor = "${executor}"\n${top}\n  [runners.docker]\n    image = "alpine:3.22"\n    ${docker}\n`;
}

/** `verdict failure` of the job `job`. */
function verdict(job: string, config?: string): string {
  const files: [string, string][] = [['.gitlab-ci.yml', job]];
  if (config !== undefined) files.push(['config.toml', config]);
  const [row] = projectOf(files).trace();
  return row ? [row.verdict, ...(row.failure ? [row.failure] : [])].join(' ') : 'none';
}

const DIND = 'job:\n  image: docker:29.7.2-cli\n  services: [docker:29.7.2-dind]\n';
const PLAIN = 'job:\n  image: ubuntu:24.04\n';
const PRIVILEGED = runner(`privileged = true\n    ${SHARED}`);

const CASES: readonly (readonly [string, string, string, string?])[] = [
  ['official image, nothing said', 'reaches', `${DIND}  script: docker info\n`, PRIVILEGED],
  ['the same without a runner', 'cannot-tell', `${DIND}  script: docker info\n`],
  [
    'no volume for the certificates',
    'fails certs-volume-missing',
    `${DIND}  script: docker info\n`,
    runner('privileged = true'),
  ],
  [
    'not privileged',
    'fails dind-without-privileged',
    `${DIND}  script: docker info\n`,
    runner(`privileged = false\n    ${SHARED}`),
  ],
  [
    'a storage driver that the daemon no longer has',
    'cannot-tell',
    `${DIND}  variables: {DOCKER_DRIVER: overlay}\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'such a driver among the arguments',
    'cannot-tell',
    'job:\n  image: docker:29.7.2-cli\n  services: [{name: docker:29.7.2-dind, command: [--storage-driver, overlay]}]\n  script: docker info\n',
    PRIVILEGED,
  ],
  [
    'the same driver where the daemon has it',
    'reaches',
    'job:\n  image: docker:23.0.6-cli\n  services: [docker:23.0.6-dind]\n  variables: {DOCKER_DRIVER: overlay}\n  script: docker info\n',
    PRIVILEGED,
  ],
  [
    'a driver that it has',
    'reaches',
    `${DIND}  variables: {DOCKER_DRIVER: overlay2}\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'privilege narrowed down to some images',
    'fails dind-without-privileged',
    `${DIND}  script: docker info\n`,
    runner(`privileged = true\n    ${SHARED}\n    allowed_privileged_services = ["docker:27*"]`),
  ],
  [
    'volumes switched off',
    'cannot-tell',
    `${DIND}  script: docker info\n`,
    runner(`privileged = true\n    ${SHARED}\n    disable_cache = true`),
  ],
  [
    'a slash too many',
    'reaches',
    `${DIND}  variables: {DOCKER_TLS_CERTDIR: "/certs/"}\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'the runner switches TLS off',
    'reaches',
    `${DIND}  script: docker info\n`,
    runner('privileged = true', 'docker', '  environment = ["DOCKER_TLS_CERTDIR="]'),
  ],
  [
    'the runner sets variables in a script',
    'fails tls-port-mismatch-2375',
    `${DIND}  script: docker info\n`,
    runner(
      `privileged = true\n    ${SHARED}`,
      'docker',
      '  pre_build_script = "export DOCKER_HOST=tcp://docker:2375"',
    ),
  ],
  [
    'a shell runner has no services',
    'fails docker-host-name-not-a-service',
    `${DIND}  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info\n`,
    runner('', 'shell'),
  ],
  [
    'localhost without a runner, wrong port',
    'fails docker-host-localhost-docker-executor',
    `${DIND}  variables: {DOCKER_HOST: "tcp://localhost:2375"}\n  script: docker info\n`,
  ],
  [
    'localhost without a runner, right port',
    'cannot-tell',
    `${DIND}  variables: {DOCKER_HOST: "tcp://localhost:2375", DOCKER_TLS_CERTDIR: ""}\n  script: docker info\n`,
  ],
  [
    'wrong port',
    'fails tls-port-mismatch-2375',
    `${DIND}  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info\n`,
  ],
  [
    'wrong port, docker only behind a condition',
    'cannot-tell',
    `${DIND}  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info || true\n`,
  ],
  [
    'wrong port, docker only afterwards',
    'cannot-tell',
    `${DIND}  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: make\n  after_script: [docker system prune -f]\n`,
  ],
  [
    'a port from the settings of the project',
    'cannot-tell',
    `${DIND}  variables: {DOCKER_HOST: "tcp://docker:$DOCKER_PORT"}\n  script: docker info\n`,
  ],
  [
    'a matrix by reference',
    'cannot-tell',
    `.m:\n  parallel:\n    matrix:\n      - DOCKER_TLS_CERTDIR: [""]\n${DIND}  parallel: !reference [.m, parallel]\n  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info\n`,
  ],
  [
    'global variables by reference',
    'reaches',
    `.v:\n  variables: {DOCKER_TLS_CERTDIR: ""}\nvariables: !reference [.v, variables]\n${DIND}  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'a merge key behind own keys overwrites them',
    'reaches',
    `.x: &x {DOCKER_TLS_CERTDIR: ""}\n${DIND}  variables:\n    DOCKER_HOST: tcp://docker:2375\n    DOCKER_TLS_CERTDIR: /certs\n    <<: *x\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'half a template',
    'none',
    `.t:\n  variables:\n    DOCKER_HOST: tcp://docker:2375\n    FOO: "x" y\n    DOCKER_TLS_CERTDIR: ""\n${DIND}  extends: .t\n  script: docker info\n`,
  ],
  [
    'a socket by its folder',
    'cannot-tell',
    `${PLAIN}  script: docker info\n`,
    runner('volumes = ["/var/run:/var/run"]'),
  ],
  [
    'a socket under /run',
    'reaches',
    `${PLAIN}  script: docker info\n`,
    runner('volumes = ["/run/docker.sock:/run/docker.sock"]'),
  ],
  [
    'a socket',
    'reaches',
    `${PLAIN}  script: docker info\n`,
    runner('volumes = ["/var/run/docker.sock:/var/run/docker.sock"]'),
  ],
  [
    'a daemon that the script starts',
    'cannot-tell',
    `${PLAIN}  script: [service docker start, docker info]\n`,
    PRIVILEGED,
  ],
  ['only the version', 'no-daemon-needed', `${PLAIN}  script: docker --version\n`, PRIVILEGED],
  [
    'only the configuration of compose',
    'no-daemon-needed',
    `${PLAIN}  script: docker compose -f a.yml config\n`,
    PRIVILEGED,
  ],
  ['login and something opaque', 'cannot-tell', `${PLAIN}  script: [docker login r, make]\n`],
  [
    'kaniko',
    'no-daemon-needed',
    'job:\n  image: {name: "ghcr.io/osscontainertools/kaniko:v1.28.3-debug", entrypoint: [""]}\n  script: /kaniko/executor --context .\n',
  ],
  [
    'an own image that is only named docker',
    'cannot-tell',
    'job:\n  image: docker:29.7.2-cli\n  services: [{name: "$CI_REGISTRY_IMAGE/docker:dind", alias: docker}]\n  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker info\n',
  ],
  [
    'the entrypoint of dind written out',
    'reaches',
    `job:\n  image: docker:29.7.2-cli\n  services: [{name: "docker:29.7.2-dind", entrypoint: ["dockerd-entrypoint.sh", "--mtu=1400"]}]\n  script: docker info\n`,
    PRIVILEGED,
  ],
  [
    'another entrypoint of dind',
    'cannot-tell',
    `job:\n  image: docker:29.7.2-cli\n  services: [{name: "docker:29.7.2-dind", entrypoint: ["sh", "-c", "dockerd-entrypoint.sh"]}]\n  script: docker info\n`,
    PRIVILEGED,
  ],
];

for (const [name, expected, job, config] of CASES) {
  test(`verdict: ${name}`, () => assert.equal(verdict(job, config), expected));
}

test('what may call docker is a program that could, not one that only looks for it or touches a file', () => {
  const script = ['touch .env', 'command -v docker', 'docker --version', 'make image'].map(
    line => `    - ${line}\n`,
  );
  const open = projectOf([['.gitlab-ci.yml', `${PLAIN}  script:\n${script.join('')}`]]).trace();
  assert.deepEqual(open[0]?.missing, ['whether make calls docker']);
  const closed = projectOf([['.gitlab-ci.yml', `${PLAIN}  script:\n${script.slice(0, 3).join('')}`]]).trace();
  assert.deepEqual(
    closed.map(row => row.verdict),
    ['no-daemon-needed'],
  );
});
