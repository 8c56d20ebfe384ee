/** Applies fixes to the containers that scripts start, in odd forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from './support/fixed.js';
import { projectOf } from './support/project.js';

/** A daemon and its client, each with arguments of their own. */
function pair(daemon: string, client: string): string {
  return `#!/bin/sh\ndocker run -d --name e ${daemon}\ndocker run --rm --link e:docker ${client}\n`;
}

test('the certificates of a daemon are shared by a volume, on a line of its own where the image has one', () => {
  const client = '-e DOCKER_HOST=tcp://docker:2376 -e DOCKER_TLS_VERIFY=1 -e DOCKER_CERT_PATH=/certs/client';
  const lines = (before: string, volume: string): string =>
    pair(
      `--privileged \\\r\n\t${before}docker:29.7.2-dind`,
      `${client} ${volume}"docker:29.7.2-cli" docker info`,
    );
  assert.equal(
    fixed('certs-volume-missing', lines('', '')),
    lines('-v docker-certs:/certs/client \\\r\n\t', '-v docker-certs:/certs/client:ro '),
  );
});

test('certificates are not shared with a client that dials a name which they are not for', () => {
  const named = (name: string): string =>
    pair(
      '--privileged --network n --network-alias docker docker:29.7.2-dind',
      `--network n -e DOCKER_HOST=tcp://${name}:2376 docker:29.7.2-cli docker info`,
    );
  assert.ok(fixed('certs-volume-missing', named('docker')));
  assert.equal(fixed('certs-volume-missing', named('e')), undefined);
});

test('volumes of another container may bring certificates', () => {
  const text = pair(
    '--privileged docker:29.7.2-dind',
    '--volumes-from e -e DOCKER_HOST=tcp://docker:2376 -e DOCKER_TLS_VERIFY=1 -e DOCKER_CERT_PATH=/certs/client docker:29.7.2-cli docker info',
  );
  assert.deepEqual(
    projectOf([['setup.sh', text]])
      .check()
      .flatMap(({ findings }) => findings.map(({ rule }) => rule)),
    [],
  );
});

const PLAIN = '--privileged -e "DOCKER_TLS_CERTDIR=" docker:29.7.2-dind';
const DIAL = "-e 'DOCKER_HOST=tcp://docker:2375'";

test('a switch to TLS moves the daemon and its clients, in quotes and out of them', () => {
  assert.equal(
    fixed(
      'plain-tcp-deprecated',
      pair(`${PLAIN} --tls=false >/dev/null`, `${DIAL} docker:29.7.2-cli docker ps`),
    ),
    pair(
      '--privileged -e "DOCKER_TLS_CERTDIR=/certs" -v docker-certs:/certs/client docker:29.7.2-dind >/dev/null',
      "-e 'DOCKER_HOST=tcp://docker:2376' -v docker-certs:/certs/client:ro docker:29.7.2-cli docker ps",
    ),
  );
});

test('no switch to TLS without a client that follows, or with another that cannot', () => {
  const rule = 'plain-tcp-deprecated';
  const client = `${DIAL} docker:29.7.2-cli docker ps`;
  assert.equal(fixed(rule, `#!/bin/sh\ndocker run -d --name e ${PLAIN}\n`), undefined);
  assert.equal(fixed(rule, pair(`-p 2375:2375 ${PLAIN}`, client)), undefined);
  assert.equal(fixed(rule, `${pair(PLAIN, client)}until nc -z "$IP" 2375; do sleep 1; done\n`), undefined);
  assert.equal(fixed(rule, `${pair(PLAIN, client)}docker -H tcp://e:2375 info\n`), undefined);
  assert.equal(
    fixed(rule, pair(PLAIN, `${DIAL} -e DOCKER_TLS_VERIFY=$V docker:29.7.2-cli docker ps`)),
    undefined,
  );
  // A redirection among the words would be lost.
  assert.equal(fixed(rule, pair(`${PLAIN} --tls=false >log --debug`, client)), undefined);
});

test('privilege goes before the image, or in the place of a refusal', () => {
  const rule = 'dind-without-privileged';
  const run = (flags: string): string =>
    `#!/bin/sh\ndocker run -d \\\n  --name e ${flags}docker:29.7.2-dind\n`;
  assert.equal(fixed(rule, run('')), run('--privileged '));
  assert.equal(fixed(rule, run('\\\n  ')), run('\\\n  --privileged \\\n  '));
  assert.equal(fixed(rule, run('--privileged=false ')), run('--privileged '));
});

test('Compose is named where the image does not name it', () => {
  const rule = 'docker-compose-v1-image';
  const run = (image: string, words: string): string =>
    pair('--privileged -v c:/certs/client docker:29.7.2-dind', `${image} ${words}`);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['up -d', 'docker-compose up -d'],
    ["-p 'my shop' up 2>&1 | tee log", "docker-compose -p 'my shop' up 2>&1 | tee log"],
    ['docker-compose up', 'docker-compose up'],
    ['-f "a$FILE" up', undefined],
  ];
  for (const [before, after] of cases) {
    assert.equal(
      fixed(rule, run('"docker/compose:1.29.2"', before)),
      after && run('docker:29.7.2-cli', after),
    );
  }
});

test('a client gets the version of its daemon', () => {
  const rule = 'client-daemon-skew-too-old';
  const run = (image: string): string =>
    pair(
      '--privileged -v c:/certs/client docker:29.1.2-dind',
      `-v c:/certs/client -e DOCKER_HOST=tcp://docker:2376 ${image} docker info`,
    );
  assert.equal(fixed(rule, run('docker:24.0.9-cli')), run('docker:29.1.2-cli'));
  assert.equal(fixed(rule, run('"docker:24.0.9-cli"')), run('docker:29.1.2-cli'));
});

test('a flag that shares its word with others is not taken away', () => {
  const run = (flags: string): string =>
    pair(`--privileged ${flags} docker:29.7.2-dind`, 'docker:29.7.2-cli docker info');
  assert.equal(fixed('storage-driver-leftover', run('-e DOCKER_DRIVER=aufs')), run('').replace('  ', ' '));
  assert.equal(fixed('storage-driver-leftover', run('-ite DOCKER_DRIVER=aufs')), undefined);
});

test('words that stay are left as they are written', () => {
  const run = (words: string): string =>
    pair(`--privileged -v c:/certs/client docker:29.7.2-dind ${words}`, 'docker:29.7.2-cli docker info');
  const rule = 'tls-flag-has-no-effect';
  assert.equal(
    fixed(rule, run("\\\n  --label='a b' \\\n  --tls=false \\\n  --debug")),
    run("\\\n  --label='a b' --debug"),
  );
  assert.equal(
    fixed(rule, run("\\\n  --label='a b' \\\n  --tls=false > log")),
    run("\\\n  --label='a b' > log"),
  );
  assert.equal(fixed(rule, run('--tls=false > log --debug')), undefined);
});
