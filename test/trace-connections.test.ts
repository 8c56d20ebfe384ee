/** How a client finds its daemon and what stands between them: names, ports, TLS, versions, proxies, sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, GOOD, lines, runner, traceJob, writtenAt } from './trace-case.js';

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

const SOCKET = runner('volumes = ["/var/run/docker.sock:/var/run/docker.sock"]');
const BARE = runner('privileged = true');

const CASES: readonly (readonly [string, string, string, string?])[] = [
  [
    'a name of no service',
    'job tcp://dokcer:2375 none none fails docker-host-name-not-a-service',
    job('DOCKER_HOST: "tcp://dokcer:2375", DOCKER_TLS_CERTDIR: ""'),
  ],
  [
    'the same without a runner',
    'job tcp://dokcer:2375 none none fails docker-host-name-not-a-service',
    job('DOCKER_HOST: "tcp://dokcer:2375", DOCKER_TLS_CERTDIR: ""'),
    '',
  ],
  [
    'names do not mind capitals',
    'job tcp://DOCKER:2375 none dind reaches',
    job(PLAIN.replace('//docker', '//DOCKER')),
  ],
  [
    'a machine elsewhere',
    'job tcp://docker.example.com:2375 verify remote cannot-tell',
    job('DOCKER_HOST: "tcp://docker.example.com:2375"'),
  ],
  [
    'an address',
    'job tcp://10.0.0.1:2375 verify remote cannot-tell',
    job('DOCKER_HOST: "tcp://10.0.0.1:2375"'),
  ],
  ['ssh', 'job ssh://me@example.com verify remote cannot-tell', job('DOCKER_HOST: "ssh://me@example.com"')],
  [
    'services of unknown names',
    'job tcp://dind:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://dind:2375", DOCKER_TLS_CERTDIR: ""', '[docker:29.7.2-dind, "$OTHER"]'),
  ],
  [
    'a single word, and no dind to show what was meant',
    'job tcp://buildhost:2375 none unknown cannot-tell',
    job('DOCKER_HOST: "tcp://buildhost:2375"', '[postgres:17]'),
  ],
  [
    'docker, and no service of that name on this runner',
    'job tcp://docker:2375 none none fails docker-host-name-not-a-service',
    job('DOCKER_HOST: "tcp://docker:2375"', '[postgres:17]'),
    BARE,
  ],
  [
    'empty services',
    'job tcp://docker:2375 none none fails services-empty-with-docker',
    job('DOCKER_HOST: "tcp://docker:2375"', '[]'),
    '',
  ],
  [
    'no services, and the runner may bring some',
    'job tcp://docker:2375 none unknown cannot-tell',
    'job:\n  image: docker:29.7.2-cli\n  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: [docker info]\n',
    '',
  ],
  [
    'nothing at all',
    'job tcp://docker:2375 none none fails no-daemon-at-all',
    'job:\n  image: docker:29.7.2-cli\n  script: [docker info]\n',
    BARE,
  ],
  [
    'the first of two services keeps the name',
    REACHES_PLAIN,
    job(PLAIN, `[docker:29.7.2-dind, {name: "docker:18.06.0-dind", alias: second}]`),
  ],
  [
    'the second has a name of its own',
    'job tcp://second:2375 verify dind fails tls-against-plain-daemon',
    job(
      'DOCKER_HOST: "tcp://second:2375"',
      '[docker:29.7.2-dind, {name: "docker:29.7.2-dind", alias: second, variables: {DOCKER_TLS_CERTDIR: ""}}]',
    ),
  ],
  [
    'a mirror without alias',
    'job tcp://docker:2375 none none fails service-alias-missing-registry-prefix',
    job(PLAIN, '["example.com/library/docker:29.7.2-dind"]'),
  ],

  [
    'a port that nobody has',
    'job tcp://docker:4243 none dind cannot-tell',
    job(PLAIN.replace('2375', '4243')),
  ],
  [
    'a port of one’s own',
    'job tcp://docker:4243 none dind reaches',
    job(PLAIN.replace('2375', '4243'), dind('command: ["--host=tcp://0.0.0.0:4243"]')),
  ],
  [
    'a port for the container alone',
    'job tcp://docker:4243 none dind cannot-tell',
    job(PLAIN.replace('2375', '4243'), dind('command: ["--host=tcp://127.0.0.1:4243"]')),
  ],
  [
    'no port is 2375, also with TLS',
    'job tcp://docker:2375 verify dind fails tls-port-mismatch-2375',
    job(TLS.replace(':2376', '')),
  ],
  [
    'a path instead of an address',
    'job /var/run/docker.sock verify none fails docker-host-bad-syntax',
    job('DOCKER_HOST: "/var/run/docker.sock"'),
  ],
  [
    'a slash too few',
    'job unix://var/run/docker.sock none none fails docker-host-bad-syntax',
    job('DOCKER_HOST: "unix://var/run/docker.sock"'),
  ],
  ['an address without scheme', REACHES_PLAIN, job(PLAIN.replace('tcp://', ''))],

  [
    'a socket on a shared volume',
    'job unix:///run/dind/docker.sock none dind reaches',
    job('DOCKER_HOST: "unix:///run/dind/docker.sock", DOCKER_TLS_CERTDIR: ""'),
    runner('privileged = true\n    volumes = ["/run/dind"]'),
  ],
  [
    'a socket that stays in the service',
    'job unix:///run/dind/docker.sock none dind fails dind-socket-not-shared',
    job('DOCKER_HOST: "unix:///run/dind/docker.sock", DOCKER_TLS_CERTDIR: ""'),
    BARE,
  ],
  [
    'a daemon that the script starts',
    'job unix:///var/run/docker.sock none none cannot-tell',
    job('', DIND, 'ubuntu:24.04').replace('[docker info]', '["dockerd &", docker info]'),
  ],

  [
    'a client that is too old',
    'job tcp://docker:2375 none dind fails client-daemon-skew-too-old',
    job(PLAIN, '[docker:29.1.3-dind]', 'docker:24.0.7-cli'),
  ],
  ['29.3 takes it again', REACHES_PLAIN, job(PLAIN, '[docker:29.3.0-dind]', 'docker:24.0.7-cli')],
  [
    'a client that is too new',
    'job tcp://docker:2375 none dind fails client-daemon-skew-too-new',
    job(PLAIN, '[docker:24.0.7-dind]', 'docker:29.1.3-cli'),
  ],
  ['29.7 takes daemons since 19.03', REACHES_PLAIN, job(PLAIN, '[docker:20.10.24-dind]')],
  [
    '29.7 takes none before',
    'job tcp://docker:2375 none dind fails client-daemon-skew-too-new',
    job(PLAIN, '[docker:18.09.9-dind]'),
  ],
  ['a version that is not stated', REACHES_PLAIN, job(PLAIN, '[docker:29-dind]', 'docker:24.0.7-cli')],
  [
    'an API that somebody pins',
    'job tcp://docker:2375 none dind cannot-tell',
    job(`${PLAIN}, DOCKER_MIN_API_VERSION: "1.24"`, '[docker:29.1.3-dind]', 'docker:24.0.7-cli'),
  ],

  [
    'a socket proxy',
    'job tcp://proxy:2375 none socket-proxy reaches',
    job(
      'DOCKER_HOST: "tcp://proxy:2375"',
      '[{name: tecnativa/docker-socket-proxy:v0.4.2, alias: proxy, variables: {POST: "1", INFO: "1"}}]',
    ),
    SOCKET,
  ],
  [
    'a socket proxy that refuses what BuildKit needs',
    'job tcp://proxy:2375 none socket-proxy cannot-tell',
    job(
      'DOCKER_HOST: "tcp://proxy:2375"',
      '[{name: tecnativa/docker-socket-proxy:v0.4.2, alias: proxy, variables: {POST: "1", BUILD: "1"}}]',
    ),
    SOCKET,
  ],
  [
    'a socket proxy that only reads',
    'job tcp://proxy:2375 none socket-proxy cannot-tell',
    job('DOCKER_HOST: "tcp://proxy:2375"', '[{name: lscr.io/linuxserver/socket-proxy:3.2.4, alias: proxy}]'),
    SOCKET,
  ],
  [
    'TLS against a socket proxy',
    'job tcp://proxy:2375 verify socket-proxy fails tls-against-plain-daemon',
    job(TLS.replace('docker:2376', 'proxy:2375'), '[{name: wollomatic/socket-proxy:1, alias: proxy}]'),
    SOCKET,
  ],
  [
    'a socket proxy of the runner',
    'job tcp://proxy:2375 none socket-proxy cannot-tell',
    job('DOCKER_HOST: "tcp://proxy:2375"', '[]'),
    `${SOCKET}    [[runners.docker.services]]\n      name = "tecnativa/docker-socket-proxy:v0.4.2"\n      alias = "proxy"\n`,
  ],

  [
    'an HTTP proxy in between',
    'job tcp://docker:2375 none dind fails proxy-blocks-docker-host',
    job(`${PLAIN}, HTTP_PROXY: "http://proxy:3128", NO_PROXY: "localhost,.example.com"`),
  ],
  [
    'an HTTP proxy that is passed by',
    REACHES_PLAIN,
    job(`${PLAIN}, HTTP_PROXY: "http://proxy:3128", no_proxy: "localhost,docker"`),
  ],
  [
    'an HTTP proxy, and exceptions out of view',
    'job tcp://docker:2375 none dind cannot-tell',
    job(`${PLAIN}, HTTP_PROXY: "http://proxy:3128"`),
  ],
  [
    'TLS asks HTTPS_PROXY',
    'job tcp://docker:2376 verify dind fails proxy-blocks-docker-host',
    job(`${TLS}, HTTPS_PROXY: "http://proxy:3128", NO_PROXY: localhost`),
  ],
  [
    'TLS does not ask HTTP_PROXY',
    REACHES_TLS,
    job(`${TLS}, HTTP_PROXY: "http://proxy:3128", NO_PROXY: localhost`),
  ],
];

for (const [name, expected, pipeline, config] of CASES) {
  const on = config === '' ? undefined : (config ?? GOOD);
  test(`connection: ${name}`, () => assert.equal(lines(pipeline, on), expected));
}

test('faults stand on the value that is wrong', () => {
  const at = (pipeline: string): string | undefined => {
    const [row] = traceJob(pipeline, GOOD);
    const fault = row && failureOf(row);
    return fault && writtenAt(fault);
  };
  assert.equal(at(job(`${TLS}, DOCKER_TLS_SAN: dind`)), 'dind');
  assert.equal(at(job(TLS.replace('/certs/client', '/mine'))), '"/mine"');
  assert.equal(at(job(PLAIN, '[docker:29.1.3-dind]', 'docker:24.0.7-cli')), 'docker:24.0.7-cli');
  assert.equal(at(job(PLAIN, dind('entrypoint: ["dockerd"]'))), '["dockerd"]');
});

test('that there is no daemon at all is certain only where the runner is known', () => {
  const nothing = 'job:\n  image: docker:29.7.2-cli\n  script: [docker info]\n';
  const faultsOn = (runner?: string): unknown =>
    traceJob(nothing, runner)[0]?.faults.map(({ id, certain }) => [id, certain]);
  assert.deepEqual(faultsOn(BARE), [['no-daemon-at-all', true]]);
  assert.deepEqual(faultsOn(), [['no-daemon-at-all', false]]);
});
