/** Holds a Compose project of several files, and workflows that call each other, against fresh ones after random edits. */
import { test } from 'node:test';
import { type FileRows, playEdits } from './support/random-project.js';

const CLIENT = `    image: docker:29.7.2-cli\n    command: docker info\n`;

const COMPOSE: FileRows = {
  'compose.yaml': [
    ['version: "3"\n', 'name: app\n', '', ''],
    [
      'include: [ci/a.yml]\n',
      'include:\n  - path: [ci/a.yml, ci/b.yml]\n    env_file: ci/own.env\n',
      'include: ["${PART:-ci/a.yml}"]\n',
      'include: [nowhere.yml, ci/b.yml]\n',
      '',
      '',
    ],
    [
      'x-tls: &tls\n  DOCKER_TLS_CERTDIR: ""\n',
      'x-tls: &tls\n  DOCKER_TLS_CERTDIR: /certs\n  DOCKER_HOST: tcp://docker:2376\n',
      'x-base: &base\n  volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n',
      '',
    ],
    ['services:\n'],
    [
      '  docker:\n    image: docker:${TAG:-29.7.2-dind}\n    privileged: true\n    environment:\n      <<: *tls\n',
      '  docker:\n    image: docker:29.7.2-dind\n    environment: [DOCKER_TLS_CERTDIR=]\n    volumes: [certs:/certs/client]\n',
      '  docker:\n    extends: { file: ci/b.yml, service: base }\n    privileged: true\n',
      '  docker:\n    image: tecnativa/docker-socket-proxy\n    environment: [POST=1, CONTAINERS=$ON]\n',
      '',
    ],
    [
      `  build:\n${CLIENT}    environment: { DOCKER_HOST: "tcp://\${NAME-docker}:2376" }\n    volumes: [certs:/certs/client:ro]\n`,
      `  build:\n${CLIENT}    environment: { DOCKER_HOST: tcp://docker:2375 }\n    depends_on: [docker]\n    networks: [a]\n`,
      `  build:\n${CLIENT}    <<: *base\n    env_file: [ci/own.env]\n`,
      '  build:\n    extends: base\n    command: docker build .\n',
      `  build:\n${CLIENT}    network_mode: service:docker\n    volumes_from: [docker]\n`,
    ],
    [
      '  base:\n    image: docker:28\n    environment: [DOCKER_HOST]\n',
      '  base:\n    image: alpine:3\n    extends: build\n',
      '  other:\n    image: "unclosed\n',
      '',
    ],
    ['volumes:\n  certs:\n', 'networks: { a: { external: true } }\n', 'networks:\n  a:\n', ''],
  ],
  'compose.override.yml': [
    ['services:\n'],
    [
      '  docker:\n    privileged: !reset null\n',
      '  docker:\n    hostname: docker\n    environment: [DOCKER_TLS_CERTDIR=/certs]\n',
      '  docker:\n    volumes: !override ["certs:/certs"]\n',
      '',
    ],
    [
      '  build:\n    environment: { DOCKER_TLS_VERIFY: "0" }\n    networks: { a: { aliases: [ci] } }\n',
      `  late:\n${CLIENT}    environment: [DOCKER_HOST=tcp://dind:2375]\n`,
      '  x: {}\n',
    ],
  ],
  'ci/a.yml': [
    ['include: b.yml\n', 'include: ../compose.yaml\n', '', ''],
    [
      'services:\n  dind:\n    image: docker:dind\n    privileged: true\n    ports: ["2375:2375"]\n',
      `services:\n  build:\n${CLIENT}    environment: [DOCKER_HOST=tcp://dind:2375]\n`,
      'services:\n  dind:\n    extends: { file: b.yml, service: base }\n',
    ],
    ['volumes: { certs: {} }\n', ''],
  ],
  'ci/b.yml': [
    [
      'services:\n  base:\n    image: docker:${TAG:-27-dind}\n    privileged: true\n',
      'services:\n  base:\n    image: docker:29.7.2-dind-rootless\n    command: --tls=false\n',
      `services:\n  base:\n${CLIENT}    environment: [DOCKER_HOST=tcp://docker:2375]\n`,
      'services:\n  base:\n    extends: { file: a.yml, service: dind }\n',
    ],
  ],
  '.env': [
    ['TAG=24-dind\n', 'TAG=29.7.2-dind\nON=1\n', 'NAME=dind\n', ''],
    ['PART=ci/b.yml\n', '', ''],
  ],
  'ci/.env': [['TAG=dind\n', 'ON=0\n']],
  'ci/own.env': [['DOCKER_HOST=tcp://docker:2375\n', 'DOCKER_TLS_VERIFY=1\nTAG=20.10-dind\n', '']],
  'docker-compose.ci.yml': [
    [`services:\n  solo:\n${CLIENT}    environment: { DOCKER_HOST: tcp://docker:2375 }\n`],
    ['  docker:\n    image: docker:29.7.2-dind\n    privileged: true\n', '---\nservices:\n  c: {}\n', ''],
  ],
  '.drydock.yml': [
    ['version: 1\n'],
    ['variables:\n  TAG: 29.7.2-dind\n', 'variables:\n  NAME: other\n', ''],
    ['profile: strict\n', 'files:\n  compose: ["ci/a.yml"]\n', ''],
  ],
};

const DIND = '    services:\n      dind:\n        image: docker:29.7.2-dind\n        options: --privileged\n';

const ACTIONS: FileRows = {
  '.github/workflows/ci.yml': [
    ['on: push\n', 'on: [push, pull_request_target]\n', 'on: pull_request\n'],
    ['env: { DOCKER_HOST: tcp://dind:2375 }\n', 'permissions: { contents: read }\n', ''],
    ['jobs:\n'],
    [
      `  a:\n    runs-on: ubuntu-latest\n    container: docker:29.7.2-cli\n${DIND}    steps:\n      - run: docker build .\n`,
      '  a:\n    uses: ./.github/workflows/called.yml\n    with: { tag: latest }\n',
      '  a:\n    runs-on: ${{ matrix.os }}\n    strategy: { matrix: { os: [ubuntu-latest, self-hosted] } }\n    steps:\n      - uses: ./act\n        with: { push: true }\n',
      '  a:\n    runs-on: self-hosted\n    steps:\n      - uses: ./act\n      - uses: docker/build-push-action@v7\n        with: { push: true, tags: ghcr.io/x/y:latest }\n',
    ],
    [
      '  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "DOCKER_HOST=tcp://x:2375" >> $GITHUB_ENV\n      - run: docker login -u u -p ${{ secrets.P }} ghcr.io\n',
      '  b:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/login-action@v2\n',
      '  b:\n    runs-on: "ubuntu\n',
      '',
    ],
  ],
  '.github/workflows/called.yml': [
    ['on:\n  workflow_call:\n    inputs:\n      tag: { type: string, default: dind }\n', 'on: push\n'],
    [
      'jobs:\n  c:\n    runs-on: ubuntu-latest\n    services:\n      docker: { image: "docker:${{ inputs.tag }}" }\n    steps:\n      - run: docker build .\n',
      'jobs:\n  c:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./act\n',
      '',
    ],
  ],
  'act/action.yml': [
    ['inputs:\n  push: { default: "false" }\n', ''],
    [
      'runs:\n  using: composite\n  steps:\n    - run: docker build -t x .\n      shell: bash\n    - uses: docker/build-push-action@v2\n      with: { push: "${{ inputs.push }}", cache-to: type=gha }\n',
      'runs:\n  using: composite\n  steps:\n    - uses: docker/setup-buildx-action@v4\n',
      'runs:\n  using: node24\n  main: x.js\n',
    ],
  ],
  '.drydock.yml': [
    ['version: 1\n'],
    ['runners:\n  - hosted: github\n    tags: [self-hosted]\n', 'profile: pedantic\n', ''],
  ],
};

for (let seed = 1; seed <= 12; seed++) {
  test(`incremental: edits all over a Compose project, seed ${seed}`, () =>
    playEdits(COMPOSE, seed * 104_729, 3));
}

for (let seed = 1; seed <= 8; seed++) {
  test(`incremental: edits of workflows and their actions, seed ${seed}`, () =>
    playEdits(ACTIONS, seed * 1_299_709, 1));
}
