/** TLS between client and daemon: flags of the daemon, certificates, the names that they cover. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certainFaults, GOOD, lines, runner } from './trace-case.js';

const TLS =
  'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"';
const PLAIN = 'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: ""';
const DIND = '[docker:29.7.2-dind]';
const REACHES_TLS = 'job tcp://docker:2376 verify dind reaches';
const REACHES_PLAIN = 'job tcp://docker:2375 none dind reaches';

function job(variables = '', services = DIND, image = 'docker:29.7.2-cli'): string {
  return `job:\n  image: ${image}\n  services: ${services}\n  variables: {${variables}}\n  script: [docker info]\n`;
}

/** A dind service with further keys. */
function dind(keys: string, image = 'docker:29.7.2-dind'): string {
  return `[{name: ${image}, ${keys}}]`;
}

const CASES: readonly (readonly [string, string, string, string?])[] = [
  [
    '--tls=false does not turn TLS off',
    'job tcp://docker:2375 verify dind fails tls-flag-has-no-effect',
    job('DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "/certs"', dind('command: ["--tls=false"]')),
  ],
  ['it does no harm to a client with TLS', REACHES_TLS, job(TLS, dind('command: ["--tls=false"]'))],
  [
    'a second port speaks TLS as well',
    'job tcp://docker:2375 none dind fails extra-host-flag-still-tls',
    job(
      'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "/certs"',
      dind('command: ["--host=tcp://0.0.0.0:2375"]'),
      'ubuntu:24.04',
    ),
  ],
  [
    '--tlsverify=false still is TLS',
    'job tcp://docker:2376 none dind fails tls-client-not-enabled',
    job(
      'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: "/certs"',
      dind('command: ["--tlsverify=false"]'),
      'ubuntu:24.04',
    ),
  ],
  [
    'dockerd in front',
    'job tcp://docker:2376 verify dind fails dind-entrypoint-replaced',
    job(TLS, dind('command: ["dockerd", "--mtu=1450"]')),
  ],
  [
    'dockerd as entrypoint',
    'job tcp://docker:2375 none dind fails dind-entrypoint-replaced',
    job(PLAIN, dind('entrypoint: ["dockerd"]')),
  ],
  [
    'dockerd with a host of its own',
    REACHES_PLAIN,
    job(PLAIN, dind('command: ["dockerd", "--host=tcp://0.0.0.0:2375"]')),
  ],
  [
    'a name without its type',
    'job tcp://docker:2376 verify dind fails tls-san-no-prefix',
    job(`${TLS}, DOCKER_TLS_SAN: dind`),
  ],
  [
    'one of two names without its type',
    'job tcp://docker:2376 verify dind fails tls-san-no-prefix',
    job(`${TLS}, DOCKER_TLS_SAN: "DNS:a,b"`),
  ],
  [
    'names that are not known',
    'job tcp://docker:2376 verify dind cannot-tell',
    job(`${TLS}, DOCKER_TLS_SAN: "$NAMES"`),
  ],
  [
    'old images go on in plain',
    'job tcp://docker:2375 none dind reaches',
    job(
      'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "/certs", DOCKER_TLS_SAN: dind',
      '[docker:20.10.6-dind]',
      'docker:20.10.6',
    ),
  ],
  [
    'a name that the certificate does not cover',
    'job tcp://dind:2376 verify dind fails tls-san-mismatch',
    job(TLS.replace('//docker', '//dind'), dind('alias: dind')),
  ],
  [
    'one that it is told to cover',
    'job tcp://dind:2376 verify dind reaches',
    job(`${TLS.replace('//docker', '//dind')}, DOCKER_TLS_SAN: "DNS:dind"`, dind('alias: dind')),
  ],
  [
    'nobody checks the name without verification',
    'job tcp://dind:2376 unverified dind reaches',
    job(
      'DOCKER_HOST: "tcp://dind:2376", DOCKER_TLS: "1", DOCKER_CERT_PATH: "/certs/client", DOCKER_TLS_CERTDIR: "/certs"',
      dind('alias: dind'),
    ),
  ],
  [
    'the folder above the certificates',
    'job tcp://docker:2376 verify dind fails tls-cert-path-wrong',
    job(TLS.replace('/certs/client', '/certs')),
    '',
  ],
  [
    'a folder from a variable that is empty',
    'job tcp://docker:2376 verify dind fails tls-cert-path-wrong',
    job(
      'DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "$DOCKER_TLS_CERTDIR/client"',
    ),
    '',
  ],
  [
    'a folder that an unseen runner may fill',
    'job tcp://docker:2376 verify dind cannot-tell',
    job(TLS.replace('/certs/client', '/mine')),
    '',
  ],
  [
    'a folder that nothing fills',
    'job tcp://docker:2376 verify dind fails tls-cert-path-wrong',
    job(TLS.replace('/certs/client', '/mine')),
  ],
  [
    'a folder of the host',
    'job tcp://docker:2376 verify dind cannot-tell',
    job(TLS.replace('/certs/client', '/mine')),
    runner('privileged = true\n    volumes = ["/etc/docker/mine:/mine:ro", "/certs/client"]'),
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  const on = config === '' ? undefined : (config ?? GOOD);
  test(`TLS: ${name}`, () => assert.equal(lines(pipeline, on), expected));
}

test('what a flag of the daemon causes is told as well', () => {
  const variables = 'DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "/certs"';
  const flagged = job(variables, dind('command: ["--tls=false"]'));
  assert.deepEqual(certainFaults(flagged, GOOD), ['tls-flag-has-no-effect', 'tls-port-mismatch-2375']);
});
