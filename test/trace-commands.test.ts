/** What the words of a docker command say of its daemon: flags, contexts, wrappers; and tools beside docker. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOOD, lines, runner } from './trace-case.js';

const TLS =
  'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"';
const PLAIN = 'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: ""';
const REACHES_TLS = 'job tcp://docker:2376 verify dind reaches';
const REACHES_PLAIN = 'job tcp://docker:2375 none dind reaches';

/** A job with dind whose variables and script are given; a script is lines, of which each is an entry. */
function job(variables: string, script: string, image = 'docker:29.7.2-cli', more = ''): string {
  const entries = script.split('\n').map(line => `    - ${JSON.stringify(line)}\n`);
  return `job:\n  image: ${image}\n  services: [docker:29.7.2-dind]\n  variables: {${variables}}\n${more}  script:\n${entries.join('')}`;
}

const CASES: readonly (readonly [string, string, string, string?])[] = [
  [
    '--host wins',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker --host tcp://docker:2376 info'),
  ],
  [
    '-H in one word',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker -Htcp://docker:2376 info'),
  ],
  [
    '-H with a variable',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(`${PLAIN}, PORT: "2376"`, 'docker -H=tcp://docker:$PORT info'),
  ],
  ['a flag of run is no global one', REACHES_PLAIN, job(PLAIN, 'docker run -c 512 -h tcp://x alpine true')],
  [
    '--tls does not check',
    'script tcp://docker:2376 unverified dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: "/certs"',
      'docker --tls --tlscacert=/certs/client/ca.pem --tlscert=/certs/client/cert.pem --tlskey=/certs/client/key.pem -H tcp://docker:2376 info',
      'ubuntu:24.04',
    ),
  ],
  [
    '--tlsverify=false turns TLS on',
    'script tcp://docker:2375 unverified dind fails tls-verify-without-cert-path',
    job(PLAIN, 'docker --tlsverify=false info'),
  ],
  [
    '--tlsverify without certificates',
    'script tcp://docker:2376 verify dind fails tls-verify-without-cert-path',
    job('DOCKER_HOST: "tcp://docker:2376"', 'docker --tlsverify info', 'ubuntu:24.04'),
  ],
  [
    'a context by name',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker context create c --docker host=tcp://docker:2376\ndocker --context c info'),
  ],
  [
    'a context with certificates',
    'script tcp://docker:2376 verify dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: "/certs"',
      'docker context create c --docker "host=tcp://docker:2376,ca=/certs/client/ca.pem,cert=/certs/client/cert.pem,key=/certs/client/key.pem"\ndocker context use c\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'DOCKER_HOST wins over the context in use',
    REACHES_PLAIN.replace('job', 'script'),
    job(PLAIN, 'docker context create c --docker host=tcp://docker:2376\ndocker context use c\ndocker info'),
  ],
  [
    'DOCKER_CONTEXT',
    'script tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'docker context create c --docker host=tcp://docker:2375\nexport DOCKER_CONTEXT=c\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    '-H wins over DOCKER_CONTEXT',
    'script tcp://docker:2375 none dind reaches',
    job('DOCKER_TLS_CERTDIR: "", DOCKER_CONTEXT: x', 'docker -H tcp://docker:2375 info', 'ubuntu:24.04'),
  ],
  [
    '--host and --context at once',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'docker -H tcp://docker:2375 -c x info'),
  ],
  [
    'a context that nobody makes',
    'script - unknown unknown cannot-tell',
    job(PLAIN, 'docker -c elsewhere info'),
  ],
  [
    'a context that copies the environment',
    REACHES_TLS,
    job(TLS, 'docker context create tls\ndocker buildx create tls --use\ndocker buildx build .'),
  ],
  [
    'back to the default context',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(
      'DOCKER_TLS_CERTDIR: ""',
      'docker context create c --docker host=tcp://docker:2375\ndocker context use c\ndocker context use default\ndocker info',
      'ubuntu:24.04',
    ),
  ],
  [
    'env -u',
    'script unix:///var/run/docker.sock none none fails docker-host-unset-no-entrypoint',
    job(PLAIN, 'env -u DOCKER_HOST docker info'),
  ],
  [
    'env with a variable',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'env DOCKER_HOST=tcp://docker:2376 docker info'),
  ],
  ['sudo keeps few variables', 'job - unknown unknown cannot-tell', job(PLAIN, 'sudo docker info')],
  ['sudo -E keeps them', REACHES_PLAIN, job(PLAIN, 'sudo -E docker info')],
  [
    'a remote daemon over ssh',
    'script ssh://me@example.com none remote cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=ssh://me@example.com\ndocker info'),
  ],
  [
    'no docker command, so nobody knows from which line on',
    'job - unknown unknown cannot-tell',
    job(PLAIN, 'export DOCKER_HOST=tcp://docker:2376\nmake'),
  ],
  [
    'a script of the runner in front',
    'script tcp://docker:2376 none dind fails tls-port-mismatch-2376',
    job(PLAIN, 'docker info'),
    runner('privileged = true', 'docker', '  pre_build_script = "export DOCKER_HOST=tcp://docker:2376"'),
  ],
  [
    'kaniko beside docker',
    `${REACHES_PLAIN}\nno-daemon-needed`,
    job(PLAIN, 'docker info\n/kaniko/executor --context .'),
  ],
  [
    'a builder that is not docker’s',
    'no-daemon-needed',
    'job:\n  image: docker:29.7.2-cli\n  script: ["docker buildx create --driver remote tcp://buildkitd:1234 --use", "docker buildx build ."]\n',
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  test(`command: ${name}`, () => assert.equal(lines(pipeline, config ?? GOOD), expected));
}
