/** What executors and the configuration of runners decide: shell, Kubernetes, privilege, allow-lists, limits, sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, runner, traceJob } from './trace-case.js';

const TLS =
  'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"';

/** A job with dind, or with the services that are named. */
function job(variables = '', services = '[docker:29.7.2-dind]', image = 'docker:29.7.2-cli'): string {
  return `job:\n  image: ${image}\n  services: ${services}\n  variables: {${variables}}\n  script: [docker info]\n`;
}

const SHELL = runner('', 'shell');
const SHARED = 'volumes = ["/certs/client"]';
const SOCKET = 'volumes = ["/var/run/docker.sock:/var/run/docker.sock"]';

const PRIVILEGED_LIST = (patterns: string): string =>
  runner(
    `privileged = false\n    services_privileged = true\n    ${SHARED}\n    allowed_privileged_services = ${patterns}`,
  );

const REACHES = 'job tcp://docker:2376 verify dind reaches';
const UNPRIVILEGED = 'job tcp://docker:2376 verify dind fails dind-without-privileged';

const CASES: readonly (readonly [string, string, string, string?])[] = [
  [
    'Sysbox: dockerd runs without privilege',
    REACHES,
    job(),
    runner(`runtime = "sysbox-runc"\n    ${SHARED}`),
  ],
  [
    'Sysbox: it takes no privileged containers',
    'job tcp://docker:2376 verify dind cannot-tell',
    job(),
    runner(`runtime = "sysbox-runc"\n    privileged = true\n    ${SHARED}`),
  ],
  [
    'Sysbox: as the runtime class of pods',
    REACHES,
    job(TLS),
    runner(
      'runtime_class_name = "sysbox-runc"\n    [[runners.kubernetes.volumes.empty_dir]]\n    name = "c"\n    mount_path = "/certs/client"',
      'kubernetes',
    ),
  ],
  [
    'another runtime: what it allows is not known',
    'job tcp://docker:2376 verify dind cannot-tell',
    job(),
    runner(`runtime = "kata"\n    ${SHARED}`),
  ],
  ['shell: the docker of the host', 'job unix:///var/run/docker.sock none host-socket reaches', job(), SHELL],
  [
    'shell: without an image either',
    'job unix:///var/run/docker.sock none host-socket reaches',
    'job:\n  script: [docker info]\n',
    SHELL,
  ],
  [
    'shell: no service is called docker',
    'job tcp://docker:2376 verify none fails docker-host-name-not-a-service',
    job(TLS),
    SHELL,
  ],
  [
    'shell: the alias of a service',
    'job tcp://dind:2375 none none fails docker-host-name-not-a-service',
    job('DOCKER_HOST: "tcp://dind:2375"', '[{name: docker:29.7.2-dind, alias: dind}]'),
    SHELL,
  ],
  [
    'shell: a machine of the network',
    'job tcp://buildhost:2375 none remote cannot-tell',
    job('DOCKER_HOST: "tcp://buildhost:2375"'),
    SHELL,
  ],
  [
    'shell: a socket elsewhere',
    'job unix:///run/user/1000/docker.sock none host-socket cannot-tell',
    job('DOCKER_HOST: "unix:///run/user/1000/docker.sock"'),
    SHELL,
  ],
  ['another executor', 'job - unknown unknown cannot-tell', job(), runner('', 'ssh')],

  [
    'docker-autoscaler is docker',
    REACHES,
    job(),
    runner(`privileged = true\n    ${SHARED}`, 'docker-autoscaler'),
  ],
  ['docker+machine is docker', REACHES, job(), runner(`privileged = true\n    ${SHARED}`, 'docker+machine')],

  ['privilege: a pattern that holds', REACHES, job(), PRIVILEGED_LIST('["docker:*-dind*"]')],
  [
    'privilege: a pattern that does not',
    UNPRIVILEGED,
    job(),
    PRIVILEGED_LIST('["docker.io/library/docker:*-dind"]'),
  ],
  [
    'privilege: a star stops at a slash',
    'job tcp://docker:2376 verify dind fails dind-without-privileged',
    job('', '[{name: "example.com/library/docker:29.7.2-dind", alias: docker}]'),
    PRIVILEGED_LIST('["*docker:*"]'),
  ],
  [
    'privilege: two stars do not',
    REACHES,
    job('', '[{name: "example.com/library/docker:29.7.2-dind", alias: docker}]'),
    PRIVILEGED_LIST('["**/docker:*"]'),
  ],
  [
    'privilege: alternatives and classes',
    REACHES,
    job(),
    PRIVILEGED_LIST('["{podman,docker}:[0-9]?.*-dind"]'),
  ],
  [
    'privilege: a version that is not known',
    'job - unknown dind cannot-tell',
    job('', '["docker:$V-dind"]'),
    PRIVILEGED_LIST('["docker:29*"]'),
  ],
  ['privilege: an empty list lets all in', REACHES, job(), PRIVILEGED_LIST('[]')],
  [
    'privilege: rootless needs it too',
    'job tcp://docker:2376 verify dind-rootless fails rootless-dind-still-privileged',
    job('', '[docker:29.7.2-dind-rootless]'),
    runner(SHARED),
  ],
  [
    'privilege: rootless with loosened profiles',
    'job tcp://docker:2376 verify dind-rootless cannot-tell',
    job('', '[docker:29.7.2-dind-rootless]'),
    runner(`${SHARED}\n    services_security_opt = ["seccomp=unconfined"]`),
  ],

  [
    'too many services',
    'job tcp://docker:2376 verify dind fails services-limit',
    job('', '[docker:29.7.2-dind, postgres:17]'),
    runner(`privileged = true\n    ${SHARED}\n    services_limit = 1`),
  ],
  [
    'no limit below zero',
    REACHES,
    job('', '[docker:29.7.2-dind, postgres:17]'),
    runner(`privileged = true\n    ${SHARED}\n    services_limit = -1`),
  ],
  [
    'a service that is not allowed',
    'job tcp://docker:2376 verify dind fails allowed-services-excludes-dind',
    job(),
    runner(`privileged = true\n    ${SHARED}\n    allowed_services = ["postgres:*"]`),
  ],
  [
    'a service of the runner is',
    REACHES,
    job(),
    runner(
      `privileged = true\n    ${SHARED}\n    allowed_services = ["postgres:*"]\n    [[runners.docker.services]]\n      name = "docker:29.7.2-dind"`,
    ),
  ],
  [
    'an image that is not allowed',
    'job tcp://docker:2376 verify dind fails allowed-services-excludes-dind',
    job(),
    runner(`privileged = true\n    ${SHARED}\n    allowed_images = ["ruby:*"]`),
  ],
  [
    'entrypoints that may not be replaced',
    REACHES,
    job('', '[docker:29.7.2-dind]', '{name: "docker:29.7.2-cli", entrypoint: [""]}'),
    runner(`privileged = true\n    ${SHARED}\n    disable_entrypoint_overwrite = true`),
  ],

  [
    'localhost in the network of the host',
    'job tcp://localhost:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://localhost:2375", DOCKER_TLS_CERTDIR: ""'),
    runner('privileged = true\n    network_mode = "host"'),
  ],
  [
    'another network may know the name',
    'job tcp://dind:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://dind:2375", DOCKER_TLS_CERTDIR: ""'),
    runner('privileged = true\n    network_mode = "ci"'),
  ],
  [
    'the runner may name hosts',
    'job tcp://dind:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://dind:2375", DOCKER_TLS_CERTDIR: ""'),
    runner('privileged = true\n    extra_hosts = ["dind:10.0.0.1"]'),
  ],
  [
    'the socket of the host beside a dind that dies',
    'job unix:///var/run/docker.sock none host-socket reaches',
    job(),
    runner(SOCKET),
  ],
  [
    'a dind that the runner brings',
    REACHES,
    job('', '[]'),
    runner(
      `privileged = true\n    ${SHARED}\n    [[runners.docker.services]]\n      name = "docker:29.7.2-dind"`,
    ),
  ],
  [
    'the runner’s service has the name first',
    'job tcp://docker:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: ""'),
    runner(
      'privileged = true\n    [[runners.docker.services]]\n      name = "example.com/mine:1"\n      alias = "docker"',
    ),
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  test(`runner: ${name}`, () => assert.equal(lines(pipeline, config), expected));
}

test('what kills the job before its script does so whether docker is called or not', () => {
  const calm = `job:\n  image: docker:29.7.2-cli\n  services: [docker:29.7.2-dind]\n  script: [make]\n`;
  const [row] = traceJob(calm, runner(`privileged = true\n    ${SHARED}\n    services_limit = 0`));
  assert.equal(row?.verdict, 'fails');
});

test('what kills the job before its script does so whatever else is not known', () => {
  const config = runner(`privileged = true\n    ${SHARED}\n    allowed_images = ["ruby:*"]`);
  assert.equal(
    lines(job('DOCKER_HOST: "$HOST"'), config),
    'job - unknown unknown fails allowed-services-excludes-dind',
  );
  assert.equal(lines(job(), config.replace('"docker"', '"ssh"')), 'job - unknown unknown cannot-tell');
});

test('the shell executor says what it takes for granted', () => {
  const [row] = traceJob(job(), SHELL);
  assert.ok(row?.assumptions.some(text => text.includes('docker is installed on the host')));
});
