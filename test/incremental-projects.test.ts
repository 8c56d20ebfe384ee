/** Holds a project that lives long, and gets random edits of several files, against a fresh one of the same texts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyProject as empty, type FileRows, playEdits } from './support/random-project.js';

const BUILD = '  script: docker build .\n';

/** What each file is put together from: one choice of each row. */
const FILES: FileRows = {
  '.gitlab-ci.yml': [
    [
      'include: ci/a.yml\n',
      'include: [ci/a.yml, ci/b.yml]\n',
      'include:\n  - local: ci/a.yml\n    inputs: { tag: 28-dind, job: one, base: .h, list: [docker:28-dind] }\n  - local: /ci/a.yml\n    inputs: { tag: dind, job: two, base: .g, next: ci/c.yml }\n',
      'include: ci/*.yml\n',
      'include:\n  - local: ci/b.yml\n    rules: [{ if: $X }]\n',
      'include:\n  - template: Docker.gitlab-ci.yml\n  - ci/a.yml\n',
      'include:\n  - project: g/p\n    file: x.yml\n',
      'include:\n  - local: ci/a.yml\n    inputs: { next: ci/c.yml, job: build }\n',
      '',
    ],
    [
      'variables:\n  DOCKER_HOST: tcp://docker:2375\n',
      'variables: !reference [.h, variables]\n',
      'variables:\n  <<: *va\n',
      '',
    ],
    [
      'default:\n  services: [docker:28.5.2-dind]\n',
      'default:\n  services: *sv\n',
      'image: docker:latest\n',
      '',
    ],
    ['workflow:\n  rules:\n    - variables: { DOCKER_TLS_CERTDIR: "" }\n', '', ''],
    [
      '.h: &h\n  variables: &va\n    DOCKER_HOST: tcp://docker:2376\n  script: [docker login -p $X r]\n',
      '.h:\n  extends: .g\n  script: [make]\n',
      '',
    ],
    ['.svc:\n  services: &sv\n    - docker:20.10-dind\n', '.svc:\n  services: &sv [docker:dind]\n', ''],
    ['.g: &nm .h\n', '.g:\n  image: docker:24\n  services: [docker:24-dind]\n', '.g: &nm .svc\n'],
    [
      `a:\n  extends: [.svc, .fromb]\n${BUILD}`,
      `a:\n  extends: *nm\n${BUILD}`,
      'a:\n  <<: *h\n  services: *sv\n',
      `a:\n  parallel: { matrix: [{ T: [dind, 28-dind] }] }\n  image: docker:28\n  services: ["docker:$T"]\n${BUILD}`,
    ],
    [
      `b:\n  services: !reference [.fromb, services]\n${BUILD}`,
      `b:\n  image: $IMG\n${BUILD}`,
      'b: *h\n',
      'b:\n  script: "unclosed\n',
      `b:\n  tags: [x]\n  inherit: { variables: false }\n${BUILD}`,
      `b:\n  rules:\n    - { if: $A, variables: { DOCKER_TLS_CERTDIR: "" } }\n    - { when: always }\n${BUILD}`,
    ],
  ],
  'ci/a.yml': [
    [
      'spec:\n  inputs:\n    tag: { default: latest }\n    job: { default: built }\n    base: { default: .h }\n    next: { default: ci/b.yml }\n    list: { type: array, default: [docker:dind] }\n---\n',
      'spec:\n  inputs:\n    tag: { default: 20-dind }\n    job:\n    base: { default: .g }\n    next: { default: nowhere.yml }\n    list: { default: [docker:24-dind] }\n---\n',
      '---\n',
    ],
    [
      'include: $[[ inputs.next ]]\n',
      'include:\n  - local: ci/b.yml\n    inputs: { img: "$[[ inputs.tag ]]" }\n',
      'include: .gitlab-ci.yml\n',
      '',
    ],
    [
      '.x: &x\n  image: docker:$[[ inputs.tag ]]\n  variables: { DOCKER_HOST: tcp://docker:2375 }\n',
      '.x: &x\n  image: docker:latest\n',
      '.x: &x\n  services: ["docker:$[[ inputs.tag ]]"]\n',
    ],
    [
      `"$[[ inputs.job ]]":\n  extends: $[[ inputs.base ]]\n  services: ["docker:$[[ inputs.tag ]]"]\n${BUILD}`,
      `y:\n  <<: *x\n${BUILD}`,
      'y: *x\n',
      `"$[[ inputs.job ]]":\n  image: docker:28\n  services: $[[ inputs.list ]]\n${BUILD}`,
      `y:\n  extends: [.x, .fromb]\n  variables: { K: !reference [.fromb, variables, K] }\n${BUILD}`,
    ],
    ['default:\n  image: docker:20\n', 'variables: { DOCKER_TLS_CERTDIR: "" }\n', ''],
  ],
  'ci/b.yml': [
    ['spec:\n  inputs:\n    img: { default: dind }\n---\n', ''],
    [
      '.fromb: &f\n  services: ["docker:$[[ inputs.img ]]"]\n  variables: { K: v }\n',
      '.fromb:\n  services: [docker:28-dind]\n  extends: .h\n',
      '',
    ],
    ['a:\n  extends: .g\n', `z:\n  extends: .fromb\n${BUILD}`, 'z: *f\n', ''],
    [
      'include: ci/c.yml\n',
      'include: ci/a.yml\n',
      'include:\n  - local: ci/c.yml\n    rules: [{ when: never }]\n',
      '',
    ],
  ],
  'ci/c.yml': [
    [
      `c:\n  image: docker:dind\n  services: [docker:dind]\n${BUILD}`,
      '.h:\n  image: docker:23\n',
      'default:\n  services: [docker:18.06-dind]\n',
      '',
    ],
    ['include: ci/b.yml\n', 'include: /.gitlab-ci.yml\n', ''],
  ],
  'sub.gitlab-ci.yml': [
    ['include: ci/c.yml\n', 'include: ci/*.yml\n', 'include: .gitlab-ci.yml\n', ''],
    [`s:\n  extends: .fromb\n${BUILD}`, `s:\n  image: docker:latest\n${BUILD}`],
  ],
  '../p/x.yml': [
    [`p:\n  image: docker:latest\n${BUILD}`, ''],
    ['include: y.yml\n', ''],
  ],
  '../p/y.yml': [[`q:\n  services: [docker:dind]\n${BUILD}`]],
  'config.toml': [
    ['concurrent = 1\n', ''],
    [
      '[[runners]]\n  name = "r"\n  executor = "docker"\n',
      '[[runners]]\n  name = "q"\n  executor = "shell"\n',
      '',
    ],
    [
      '  [runners.docker]\n    privileged = true\n    volumes = ["/certs/client", "/cache"]\n',
      '  [runners.docker]\n    image = "docker:latest"\n    volumes = ["/var/run/docker.sock:/var/run/docker.sock"]\n',
      '  [runners.docker]\n    privileged = false\n    volumes = [\n',
      '  [runners.docker]\n    privileged = true\n    wait_for_services_timeout = 1\n    network_mode = "host"\n',
    ],
    ['[[runners]]\n  name = "z"\n  executor = "docker"\n', ''],
  ],
  'values.yaml': [
    ['gitlabUrl: https://gitlab.example.com\n'],
    [
      'runners:\n  config: |\n    [[runners]]\n      executor = "kubernetes"\n      [runners.kubernetes]\n        privileged = true\n',
      'runners:\n  config: |\n    [[runners]]\n      executor = "kubernetes"\n      [runners.kubernetes]\n        privilged = true\n',
      'runners:\n  config: |\n    [[runners]]\n      executor = kubernetes\n',
      '',
    ],
  ],
  '.drydock.yml': [
    ['version: 1\n'],
    ['profile: strict\n', ''],
    ['variables:\n  DOCKER_TLS_CERTDIR: ""\n', 'variables:\n  # c\n  IMG: docker:dind\n', ''],
    [
      'runners:\n  - name: n\n    config: config.toml\n    tags: [x]\n',
      'runners:\n  - hosted: gitlab.com\n',
      'runners:\n  - config: values.yaml\n    exposure: shared\n',
      '',
    ],
    ['rules:\n  image-latest: off\n', ''],
    ['files:\n  gitlab-ci: ["ci/*.yml"]\n', '', ''],
    ['projects:\n  g/p: ../p\n', 'projects:\n  g/p: ../q\n', ''],
  ],
};

for (let seed = 1; seed <= 12; seed++) {
  test(`incremental: edits all over a project, seed ${seed}`, () => playEdits(FILES, seed * 7919, 3));
}

test('incremental: an anchor in a file with inputs leads to the jobs that use it', () => {
  const pipeline = (tag: string): string =>
    `spec:\n  inputs:\n    a: { default: b }\n---\n.x: &x\n  image: docker:${tag}\ny:\n  <<: *x\n${BUILD}`;
  const project = empty();
  project.setFile('.gitlab-ci.yml', pipeline('latest'));
  const image = (): string | undefined =>
    project.check()[0]?.findings.find(({ rule }) => rule.startsWith('image-'))?.message;
  assert.match(image() ?? '', /latest.*"y"/);
  project.setFile('.gitlab-ci.yml', pipeline('28'));
  assert.match(image() ?? '', /Docker 28.*"y"/);
});

test('incremental: a file that only inputs lead to is wanted, read, and part of its pipeline', () => {
  const project = empty();
  project.setFile('.gitlab-ci.yml', 'include:\n  - local: a.yml\n    inputs: { f: b.yml }\n');
  assert.deepEqual(project.wanted(), ['a.yml']);
  project.setFile('a.yml', 'spec:\n  inputs:\n    f:\n---\ninclude: $[[ inputs.f ]]\n');
  assert.deepEqual(project.wanted(), ['b.yml']);
  project.setFile('b.yml', `j:\n  image: docker:latest\n${BUILD}`);
  assert.deepEqual(project.wanted(), []);
  assert.deepEqual(
    project.jobs().map(({ path, root, job }) => [path, root, job.name]),
    [['b.yml', '.gitlab-ci.yml', 'j']],
  );
  assert.deepEqual(
    project.check().flatMap(({ findings }) => findings.map(({ path, rule }) => [path, rule])),
    [['b.yml', 'image-latest']],
  );
});
