/** What the Kubernetes executor decides: entrypoints, volumes, names, ports of a pod. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certainFaults, GOOD, GOOD_POD, lines, runner } from './trace-case.js';

const TLS =
  'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"';

/** A job with dind, or with the services that are named. */
function job(variables = '', services = '[docker:29.7.2-dind]', image = 'docker:29.7.2-cli'): string {
  return `job:\n  image: ${image}\n  services: ${services}\n  variables: {${variables}}\n  script: [docker info]\n`;
}

const POD = runner('privileged = true', 'kubernetes');

/** A pod with an empty_dir at `path`. */
function podWith(path: string, keys = 'privileged = true', top = ''): string {
  return runner(
    `${keys}\n    [[runners.kubernetes.volumes.empty_dir]]\n      name = "v"\n      mount_path = "${path}"`,
    'kubernetes',
    top,
  );
}

/** A pod with a folder of its node at `path`. */
function podOnNode(path: string): string {
  return runner(
    `privileged = true\n    [[runners.kubernetes.volumes.host_path]]\n      name = "v"\n      mount_path = "${path}"`,
    'kubernetes',
  );
}

const REACHES = 'job tcp://docker:2376 verify dind reaches';
const UNPRIVILEGED = 'job tcp://docker:2376 verify dind fails dind-without-privileged';

const CASES: readonly (readonly [string, string, string, string?])[] = [
  ['pod: everything written', REACHES, job(TLS), GOOD_POD],
  [
    'pod: the entrypoint is not run',
    'job unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(),
    GOOD_POD,
  ],
  [
    'pod: nothing turns TLS on',
    'job tcp://docker:2376 none dind fails tls-client-not-enabled',
    job('DOCKER_HOST: "tcp://docker:2376"'),
    GOOD_POD,
  ],
  [
    'pod: the flag of the runner runs the entrypoint',
    REACHES,
    job(),
    podWith('/certs/client', 'privileged = true', '  environment = ["FF_KUBERNETES_HONOR_ENTRYPOINT=true"]'),
  ],
  [
    'pod: the flag in a table of its own',
    REACHES,
    job(),
    podWith(
      '/certs/client',
      'privileged = true',
      '  [runners.feature_flags]\n    FF_KUBERNETES_HONOR_ENTRYPOINT = true',
    ),
  ],
  ['pod: the flag of the job', REACHES, job('FF_KUBERNETES_HONOR_ENTRYPOINT: "true"'), GOOD_POD],
  [
    'pod: the flag is not known',
    'job - unknown dind cannot-tell',
    job('FF_KUBERNETES_HONOR_ENTRYPOINT: "$FLAG"'),
    GOOD_POD,
  ],
  ['pod: no volume', 'job tcp://docker:2376 verify dind fails certs-volume-missing-k8s', job(TLS), POD],
  ['pod: a volume over the whole folder', REACHES, job(TLS), podWith('/certs')],
  [
    'pod: a volume elsewhere',
    'job tcp://docker:2376 verify dind fails certs-volume-missing-k8s',
    job(TLS),
    podWith('/cache'),
  ],
  [
    'pod: localhost is dind',
    'job tcp://localhost:2376 verify dind reaches',
    job(TLS.replace('//docker', '//localhost')),
    GOOD_POD,
  ],
  [
    'pod: the loopback address is in the certificate',
    'job tcp://127.0.0.1:2376 verify dind reaches',
    job(TLS.replace('//docker', '//127.0.0.1')),
    GOOD_POD,
  ],
  [
    'pod: every name leads to every port',
    'job tcp://postgres:2375 none dind reaches',
    job('DOCKER_HOST: "tcp://postgres:2375", DOCKER_TLS_CERTDIR: ""', '[postgres:17, docker:29.7.2-dind]'),
    POD,
  ],
  ['pod: not privileged', UNPRIVILEGED, job(TLS), podWith('/certs/client', 'privileged = false')],
  [
    'pod: privileged by its services',
    REACHES,
    job(TLS),
    runner(
      'privileged = false\n    [runners.kubernetes.service_container_security_context]\n      privileged = true\n    [[runners.kubernetes.volumes.empty_dir]]\n      name = "v"\n      mount_path = "/certs/client"',
      'kubernetes',
    ),
  ],
  [
    'pod: certificates in the folder of builds',
    'job tcp://docker:2376 verify dind reaches',
    job(TLS.replaceAll('/certs', '/builds/certs')),
    POD,
  ],
  [
    'pod: an alias that is no host name',
    'job tcp://docker:2376 verify dind fails service-alias-underscore-k8s',
    job(TLS, '[{name: docker:29.7.2-dind, alias: "docker my_dind"}]'),
    GOOD_POD,
  ],
  [
    'docker: the same alias',
    'job tcp://docker:2376 verify dind reaches',
    job(TLS, '[{name: docker:29.7.2-dind, alias: "docker my_dind"}]'),
    GOOD,
  ],
  [
    'pod: a socket of dind on a shared volume',
    'job unix:///run/dind/docker.sock none dind reaches',
    job('DOCKER_HOST: "unix:///run/dind/docker.sock", DOCKER_TLS_CERTDIR: ""'),
    podWith('/run/dind'),
  ],
  [
    'pod: a socket of the node',
    'job unix:///var/run/docker.sock none host-socket cannot-tell',
    job('', '[]', 'ubuntu:24.04'),
    podOnNode('/var/run/docker.sock'),
  ],
  [
    'pod: the port that the runner waits for',
    'job tcp://docker:2376 verify dind fails healthcheck-port-wrong',
    job(TLS, '[{name: docker:29.7.2-dind, variables: {HEALTHCHECK_TCP_PORT: "2375"}}]'),
    GOOD_POD,
  ],
  [
    'pod: the same in the variables of the job',
    REACHES,
    job(`${TLS}, HEALTHCHECK_TCP_PORT: "2375"`),
    GOOD_POD,
  ],
  [
    'docker: a wrong port costs time only',
    REACHES,
    job(TLS, '[{name: docker:29.7.2-dind, variables: {HEALTHCHECK_TCP_PORT: "2375"}}]'),
    GOOD,
  ],
  [
    'docker: a port that is no number',
    'job tcp://docker:2376 verify dind fails healthcheck-port-wrong',
    job(`${TLS}, HEALTHCHECK_TCP_PORT: docker`),
    GOOD,
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  test(`runner: ${name}`, () => assert.equal(lines(pipeline, config), expected));
}

test('two dind services of a pod want the same port', () => {
  const two = job(TLS, '[docker:29.7.2-dind, {name: docker:29.7.2-dind, alias: second}]');
  assert.deepEqual(certainFaults(two, GOOD_POD), ['service-port-conflict-k8s']);
  assert.deepEqual(certainFaults(two, GOOD), []);
});
