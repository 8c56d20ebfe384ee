/** Compose projects of several files: what they come to once merged, and what is told about their services. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Project } from '../server/src/analysis/index.js';
import { projectOf } from './support/project.js';

const DIND = `services:
  docker:
    image: docker:29.7.2-dind
    privileged: true
    volumes: [certs:/certs/client]
`;

const VOLUMES = 'volumes:\n  certs:\n';

type Files = Readonly<Record<string, string>>;

function load(files: Files): Project {
  return projectOf(Object.entries(files));
}

/** `site verdict failure endpoint`, sorted. */
function traces(files: Files): readonly string[] {
  return load(files)
    .trace()
    .map(({ site, verdict, failure, client }) =>
      [site, verdict, failure, client?.endpoint].filter(Boolean).join(' '),
    )
    .sort();
}

function rules(files: Files, path = 'compose.yaml'): readonly string[] {
  const file = load(files)
    .check()
    .find(one => one.path === path);
  return (file?.findings ?? []).map(({ rule }) => rule);
}

test('an override is merged over the file that Compose starts with, and judged with it alone', () => {
  const files = {
    'compose.yaml': `${DIND}  build:
    image: docker:29.7.2-cli
    command: docker info
    environment: { DOCKER_HOST: "tcp://docker:2375" }
    volumes: [certs:/certs/client:ro]
${VOLUMES}`,
    'compose.override.yml': `services:
  build:
    environment: [DOCKER_HOST=tcp://docker:2376]
`,
  };
  assert.deepEqual(traces(files), ['build reaches tcp://docker:2376']);
  assert.deepEqual(traces({ 'compose.yaml': files['compose.yaml'] }), [
    'build fails tls-port-mismatch-2375 tcp://docker:2375',
  ]);
});

test('lists are joined and commands replaced; !reset and !override take away what lies below', () => {
  const base = `services:
  agent:
    image: docker:29.7.2-cli
    command: docker login -p secret-word
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
`;
  const over = (text: string): readonly string[] =>
    rules(
      { 'docker-compose.yml': base, 'docker-compose.override.yml': `services:\n  agent:\n${text}` },
      'docker-compose.yml',
    );
  assert.deepEqual(over('    labels: [a]\n'), ['login-password-on-command-line', 'docker-sock-mount']);
  assert.deepEqual(over('    command: docker info\n'), ['docker-sock-mount']);
  assert.deepEqual(over('    volumes: ["./x:/x"]\n    command: docker ps\n'), ['docker-sock-mount']);
  assert.deepEqual(over('    volumes: !reset []\n    command: docker ps\n'), []);
  assert.deepEqual(over('    volumes: !override ["./x:/x"]\n    command: docker ps\n'), []);
});

test('extends takes over a service of the same file or of another one', () => {
  const own = `x-env: &env
  DOCKER_TLS_VERIFY: "1"
  DOCKER_CERT_PATH: /certs/client
${DIND}  base:
    image: docker:29.7.2-cli
    environment: { <<: *env, DOCKER_HOST: "tcp://dind:2376" }
    volumes: [certs:/certs/client:ro]
  build:
    extends: base
    command: docker info
    environment: { DOCKER_HOST: "tcp://docker:2376" }
${VOLUMES}`;
  assert.ok(traces({ 'compose.yaml': own }).includes('build reaches tcp://docker:2376'));
  const other = `${DIND}  build:
    extends: { file: ci/common.yml, service: client }
    command: docker info
${VOLUMES}`;
  const common = `services:
  client:
    image: docker:29.7.2-cli
    environment: [DOCKER_HOST=tcp://docker:2375]
    volumes: [certs:/certs/client:ro]
`;
  const fails = 'build fails tls-port-mismatch-2375 tcp://docker:2375';
  assert.ok(traces({ 'compose.yaml': other, 'ci/common.yml': common }).includes(fails));
  // Without the other file nothing is known of the service.
  assert.deepEqual(traces({ 'compose.yaml': other }), ['build cannot-tell']);
});

test('services of included files are neighbours, and say nothing by themselves', () => {
  const files = {
    'compose.yaml': `include:
  - path: proxy/compose.yaml
services:
  web:
    image: traefik:3.5
    command: --providers.docker.endpoint=tcp://socket-proxy:2375
`,
    'proxy/compose.yaml': `services:
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.1
    environment: { CONTAINERS: 1, POST: 1 }
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
`,
  };
  assert.deepEqual(traces(files), ['web reaches tcp://socket-proxy:2375']);
  assert.deepEqual(rules(files, 'proxy/compose.yaml'), ['socket-proxy-containers-post']);
  assert.deepEqual(traces({ 'compose.yaml': files['compose.yaml'] }), [
    'web cannot-tell tcp://socket-proxy:2375',
  ]);
});

test('variables come from .env, defaults and .drydock.yml; what nothing sets is unknown', () => {
  const compose = (host: string): Files => ({
    'compose.yaml': `services:
  docker:
    image: docker:\${VERSION:-29.7.2}-dind
    privileged: true
    command: --tls=false
    environment: { DOCKER_TLS_CERTDIR: "" }
  build:
    image: docker:29.7.2-cli
    command: docker info
    environment:
      - DOCKER_HOST=${host}
`,
  });
  const env = { '.env': '# ours\nexport PORT="2375" # plain\nNAME=docker\nVERSION=24.0.9\n' };
  const outside = { '.drydock.yml': 'version: 1\nvariables:\n  PORT: 2376\n' };
  const hosts = ['tcp://$NAME:$PORT', 'tcp://${NAME}:${PORT?no port}', 'tcp://${HOST:-${NAME}}:${PORT:-1}'];
  for (const host of hosts) {
    assert.deepEqual(traces({ ...compose(host), ...env }), ['build reaches tcp://docker:2375'], host);
    assert.deepEqual(traces({ ...compose(host), ...env, ...outside }), [
      'build fails tls-port-mismatch-2376 tcp://docker:2376',
    ]);
  }
  assert.deepEqual(traces(compose('$HOST')), ['build cannot-tell']);
  assert.deepEqual(traces(compose('${HOST:?}')), ['build cannot-tell']);
  assert.deepEqual(traces(compose('${HOST-tcp://docker:2375}')), ['build reaches tcp://docker:2375']);
  assert.deepEqual(traces({ ...compose('${NAME:+tcp://docker:2375}'), ...env }), [
    'build reaches tcp://docker:2375',
  ]);
  assert.ok(rules({ ...compose('tcp://docker:2375'), ...env }).includes('image-eol-major'));
});

test('a variable without a value, and one of an env_file that is not in view, are unknown', () => {
  const service = (more: string): string => `services:
  proxy:
    image: tecnativa/docker-socket-proxy:v0.4.1
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
    environment: [CONTAINERS=1, POST]
${more}`;
  assert.deepEqual(rules({ 'compose.yaml': service('') }), []);
  assert.deepEqual(rules({ 'compose.yaml': service(''), '.env': 'POST=1' }), [
    'socket-proxy-containers-post',
  ]);
  const file = service('    env_file: proxy.env\n').replace(', POST', '');
  assert.deepEqual(rules({ 'compose.yaml': file }), []);
  assert.deepEqual(rules({ 'compose.yaml': file, 'proxy.env': 'POST=1' }), ['socket-proxy-containers-post']);
});

test('a daemon behind a shared network namespace, a link, or a socket on a shared volume is found', () => {
  const plain = `services:
  vpn: { image: "example/vpn:1" }
  dind:
    image: docker:29.7.2-dind
    privileged: true
    command: --tls=false
    network_mode: service:vpn
    environment: { DOCKER_TLS_CERTDIR: "" }
    volumes: ["run:/var/run"]
`;
  const client = (text: string): readonly string[] =>
    traces({
      'compose.yaml': `${plain}  build:\n    image: docker:29.7.2-cli\n    command: docker info\n${text}volumes:\n  run:\n`,
    });
  const host = (value: string): string => `    environment: { DOCKER_HOST: "${value}" }\n`;
  assert.deepEqual(client(host('tcp://vpn:2375')), ['build reaches tcp://vpn:2375']);
  assert.deepEqual(client(`${host('tcp://localhost:2375')}    network_mode: service:vpn\n`), [
    'build reaches tcp://localhost:2375',
  ]);
  assert.deepEqual(client('    volumes: ["run:/var/run"]\n'), ['build reaches unix:///var/run/docker.sock']);
  assert.deepEqual(client(`${host('tcp://dind:2375')}    network_mode: host\n`), [
    'build cannot-tell tcp://dind:2375',
  ]);
});

test('hover tells what a service reaches, and what a daemon listens on', () => {
  const text = `${DIND}  build:
    image: docker:29.7.2-cli
    command: docker info
    environment:
      - DOCKER_HOST=tcp://docker:2375
    volumes: [certs:/certs/client:ro]
${VOLUMES}`;
  const project = load({ 'compose.yaml': text });
  const at = (word: string): string => project.hover('compose.yaml', text.indexOf(word) + 1)?.markdown ?? '';
  assert.match(at('build:'), /✗ Service `build`: docker \*\*fails\*\*/);
  assert.match(at('docker:\n'), /✓ Service `docker`: its daemon \*\*listens on\*\* .*2376 \(TLS\)/);
  assert.match(at('DOCKER_HOST'), /\*\*DOCKER_HOST\*\*.*Service `build`/s);
  assert.match(at('image: docker:29.7.2-cli'.slice(7)), /docker:29\.7\.2-cli/);
});

test('broken and odd files come to nothing', () => {
  const odd = [
    'services:\n  a: [',
    '- one\n- two\n',
    'services: text\n',
    'services:\n  a: *nowhere\n',
    '  web:\n    image: docker:dind\n    <<: *common\n',
    'services:\n  a:\n    extends: a\n    volumes: [/var/run/docker.sock:/x]\n  b: {extends: {service: a}}\n',
    'services:\n{% for x in y %}\n  a: {image: docker:dind}\n{% endfor %}\n',
    'services:\n  a:\n    image: docker:dind\n    command: {a: b}\n    volumes: {c: d}\n    ports: 3\n    networks: 4\n    environment: 5\n',
    '\uFEFFservices:\r\n  a:\r\n    environment:\r\n      - =\r\n      -\r\n      - {}\r\n',
  ];
  for (const text of odd) assert.doesNotThrow(() => traces({ 'compose.yaml': text }), text);
  assert.deepEqual(rules({ 'compose.yaml': odd[0] ?? '' }), []);
  assert.deepEqual(rules({ 'compose.yaml': odd[6] ?? '' }), []);
});

test('an image with docker in it that builds elsewhere is no client of a daemon', () => {
  const service = (driver: string): string => `services:
  build:
    image: docker:29.7.2-cli
    command: [sh, -c, "docker buildx create --use --driver ${driver} && docker buildx build --push ."]
`;
  assert.deepEqual(traces({ 'compose.yaml': service('remote tcp://buildkitd:1234') }), [
    'build no-daemon-needed',
  ]);
  assert.deepEqual(traces({ 'compose.yaml': service('docker-container') }), [
    'build cannot-tell tcp://docker:2375',
  ]);
});
