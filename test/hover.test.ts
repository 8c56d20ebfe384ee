/** What hovers say: of a variable, a service and a job which daemon is reached; of a runner's key what it means. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createProject } from '../server/src/analysis/index.js';
import { TODAY } from './support/project.js';

const PIPELINE = `variables:
  DOCKER_HOST: tcp://docker:2375
build:
  image: docker:29.7.2-cli
  services:
    - docker:29.7.2-dind
  script:
    - docker build .
quiet:
  image: alpine:3.22
  script: echo
`;
const CONFIG = `[[runners]]
  name = "vm"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = true
`;

function hover(path: string, word: string, texts: Readonly<Record<string, string>>): string | undefined {
  const data = (name: string): unknown => {
    const raw = JSON.parse(readFileSync(`dist/data/${name}.json`, 'utf8'));
    return raw;
  };
  const project = createProject({ today: TODAY, data, log: message => assert.fail(message) });
  for (const [name, text] of Object.entries(texts)) project.setFile(name, text);
  const text = texts[path] ?? '';
  const offset = text.indexOf(word);
  assert.ok(offset >= 0);
  const found = project.hover(path, offset + 1);
  if (found) assert.ok(found.start <= offset + 1 && offset + 1 <= found.end, 'the range holds the word');
  return found?.markdown;
}

const BOTH = { '.gitlab-ci.yml': PIPELINE, 'config.toml': CONFIG };

test('hover: a wrong variable says what to do and what comes of it', () => {
  const text = hover('.gitlab-ci.yml', 'tcp://docker:2375', BOTH) ?? '';
  assert.match(text, /DOCKER_HOST/);
  assert.match(text, /What to do/);
  assert.match(text, /Job `build`: docker \*\*fails\*\* on runner `vm`, the only one here/);
});

test('hover: a variable without a finding is explained', () => {
  const fine = { '.gitlab-ci.yml': 'variables:\n  DOCKER_TLS_CERTDIR: "/certs"\nx:\n  script: echo\n' };
  assert.match(hover('.gitlab-ci.yml', 'DOCKER_TLS_CERTDIR', fine) ?? '', /certificate/);
});

test('hover: a dind service and the name of a job tell which daemon is reached', () => {
  assert.match(hover('.gitlab-ci.yml', 'docker:29.7.2-dind', BOTH) ?? '', /listens on .*2376/);
  assert.match(hover('.gitlab-ci.yml', 'build:', BOTH) ?? '', /tls-port-mismatch-2375/);
  assert.equal(hover('.gitlab-ci.yml', 'quiet', BOTH), undefined);
});

test('hover: keys of a runner and of its docker section are explained', () => {
  assert.match(hover('config.toml', 'executor', BOTH) ?? '', /\*\*executor\*\*/);
  assert.match(hover('config.toml', 'privileged', BOTH) ?? '', /\*\*privileged\*\* \(type: boolean/);
  assert.equal(hover('config.toml', '"vm"', BOTH), undefined);
});

const VALUES = `gitlabUrl: https://gitlab.example.com/
runners:
  config: |
    [[runners]]
      name = "pods"
      [runners.kubernetes]
        privileged = true
`;
const TERRAFORM = `resource "local_file" "config" {
  content = <<-EOT
    [[runners]]
      executor = "docker"
      [runners.docker]
        privileged = \${var.privileged}
  EOT
}
resource "helm_release" "runner" {
  values = [<<EOF
${VALUES.replace('privileged', 'image')}EOF
  ]
}
`;

test('hover: keys of a runner are explained in values of the chart and in heredocs of Terraform too', () => {
  const files = { 'values.yaml': VALUES, 'main.tf': TERRAFORM };
  assert.match(hover('values.yaml', 'privileged', files) ?? '', /\*\*privileged\*\* \(type: boolean/);
  assert.match(hover('values.yaml', 'name =', files) ?? '', /\*\*name\*\*/);
  assert.match(hover('main.tf', 'privileged', files) ?? '', /\*\*privileged\*\* \(type: boolean/);
  assert.match(hover('main.tf', 'image', files) ?? '', /\*\*image\*\* \(type: string/);
  for (const word of ['gitlabUrl', 'config: |', '"pods"'])
    assert.equal(hover('values.yaml', word, files), undefined);
  for (const word of ['resource', '<<-EOT', 'EOT\n}', 'helm_release', 'EOF\n  ]'])
    assert.equal(hover('main.tf', word, files), undefined);
});

test('hover: keys of a runner are explained in values in quotes', () => {
  const values = 'runners:\n  config: "[[runners]]\\n  executor = \'docker\'\\n"\ngitlabUrl: x\n';
  assert.match(hover('values.yaml', 'executor', { 'values.yaml': values }) ?? '', /\*\*executor\*\*/);
});

test('hover: a job that reaches its daemon and goes wrong is not called sound', () => {
  const job = (name: string) => `${name}:
  extends: .dind
  script:
    - docker buildx create --use
    - docker buildx build .
`;
  const dind = `.dind:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: 1, DOCKER_CERT_PATH: /certs/client}
`;
  const files = {
    '.gitlab-ci.yml': `${dind}${job('one')}`,
    'config.toml': `${CONFIG}    volumes = ["/certs/client"]\n`,
  };
  const told = hover('.gitlab-ci.yml', 'one', files) ?? '';
  assert.match(told, /^✗ Job `one`: docker \*\*reaches .*, and goes wrong all the same\.\n/);
  assert.match(told, /- Job "one" creates a builder .* \(`buildx-tls-env-context`\)/);
  const both = { ...files, '.gitlab-ci.yml': `${dind}${job('one')}${job('two')}` };
  assert.match(
    hover('.gitlab-ci.yml', 'docker:29.7.2-dind', both) ?? '',
    /- ✗ `one` dials .*, and goes wrong all the same \(`buildx-tls-env-context`\)\n- ✗ `two`/,
  );
});

test('hover: a job tells its strategy, with a link where the editor has a page', () => {
  const fine = { '.gitlab-ci.yml': PIPELINE.replace('2375', '2376'), 'config.toml': CONFIG };
  assert.match(hover('.gitlab-ci.yml', 'build:', fine) ?? '', /^- Strategy: Docker-in-Docker with TLS\.$/m);
  const project = createProject({ today: TODAY });
  project.setFile(
    '.gitlab-ci.yml',
    'build:\n  image: quay.io/buildah/stable:v1.43.4\n  script: buildah build .\n',
  );
  const page = (id: string): string => `pages/${id}`;
  assert.match(
    project.hover('.gitlab-ci.yml', 1, { page })?.markdown ?? '',
    /^- Strategy: \[Buildah\]\(pages\/buildah\)\.$/m,
  );
  assert.doesNotMatch(
    hover('.gitlab-ci.yml', 'build:', { '.gitlab-ci.yml': PIPELINE }) ?? 'Strategy',
    /Strategy: \[/,
  );
});

test('hover: jobs of workflows, their containers, services and variables are explained', () => {
  const path = '.github/workflows/build.yml';
  const files = {
    [path]: `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    container: docker:29.7.2-cli
    services:
      dind:
        image: docker:29.7.2-dind
    steps:
      - run: docker build .
      - run: docker info
        env:
          DOCKER_HOST: tcp://dind:2375
  quiet:
    runs-on: ubuntu-latest
    steps: [{ run: make }]
`,
  };
  assert.match(hover(path, 'build:', files) ?? '', /reaches the docker of the hosted machine/);
  assert.match(hover(path, 'container:', files) ?? '', /Job `build`/);
  assert.match(hover(path, 'docker:29.7.2-dind', files) ?? '', /does not run privileged|What to do/);
  assert.match(hover(path, 'DOCKER_HOST', files) ?? '', /tcp:\/\/dind:2375/);
  assert.equal(hover(path, 'quiet', files), undefined);
});

const CLIENT = '-v c:/certs/client -e DOCKER_HOST=tcp://docker:2376';
const RUN = `#!/bin/sh
docker run -d --name engine --privileged -v c:/certs/client docker:29.7.2-dind
docker run --rm --link engine:docker ${CLIENT} docker:29.7.2-cli docker info
`;
const GROOVY = `node {
  docker.image('docker:29.7.2-dind').withRun('--privileged -v c:/certs/client') { c ->
    docker.image('docker:29.7.2-cli').inside("--link \${c.id}:docker ${CLIENT} -e DOCKER_TLS_VERIFY=1 -e DOCKER_CERT_PATH=/certs/client") {
      sh 'docker build .'
    }
  }
}
`;
const POD = `apiVersion: v1
kind: Pod
spec:
  containers:
    - name: builder
      image: docker:29.7.2-cli
      command: [docker, info]
      env:
        - name: DOCKER_HOST
          value: tcp://localhost:2375
    - name: engine
      image: docker:29.7.2-dind
      args: [--tls=false]
      securityContext:
        privileged: true
      env:
        - name: DOCKER_TLS_CERTDIR
          value: ""
`;

for (const [path, text] of [
  ['setup.sh', RUN],
  ['Jenkinsfile', GROOVY],
  ['pod.yaml', POD],
] as const) {
  test(`hover: images and variables of containers are explained in ${path}`, () => {
    const files = { [path]: text };
    assert.match(hover(path, 'docker:29.7.2-cli', files) ?? '', /reaches docker:29\.7\.2-dind at tcp/);
    assert.match(hover(path, 'docker:29.7.2-dind', files) ?? '', /listens on/);
    for (const word of ['DOCKER_HOST', 'tcp://'])
      assert.match(hover(path, word, files) ?? '', /\*\*DOCKER_HOST\*\*.*reaches/s);
  });
}

test('hover: the image and the variables of a Dockerfile are explained', () => {
  const files = { Dockerfile: 'FROM docker:29.7.2-dind\nENV DOCKER_TLS_CERTDIR=\n' };
  assert.match(hover('Dockerfile', 'docker:29', files) ?? '', /listens on.*2375/);
  assert.match(hover('Dockerfile', 'DOCKER_TLS_CERTDIR', files) ?? '', /\*\*DOCKER_TLS_CERTDIR\*\*/);
});

test('hover: the name of a container comes with its picture', () => {
  const project = createProject({ today: TODAY });
  project.setFile('pod.yaml', POD);
  const shown = project.hover('pod.yaml', POD.indexOf('builder') + 1, { theme: 'light' });
  assert.match(shown?.markdown ?? '', /^!\[/);
});
