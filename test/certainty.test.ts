/** What something out of view could change is never certain: neither a job's verdict nor its values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectOf } from './support/project.js';

const ROOT = '.gitlab-ci.yml';
const PARTS = 'image: docker:29, services: [docker:29-dind], variables: { DOCKER_HOST: "tcp://docker:2375" }';
const JOB = `job: { ${PARTS}, script: docker build . }\n`;
const BASE = `.b: { ${PARTS} }\n`;
const UNDER_RULES = '{ local: c.yml, rules: [{ if: $X }] }';

type Files = Readonly<Record<string, string>>;

/** Each leaves open what the job connects to. */
const OPEN: Readonly<Record<string, Files>> = {
  'a condition brings a parent': {
    [ROOT]: `include: ${UNDER_RULES}\n${BASE}job: { script: docker build . }\n`,
    'c.yml': 'job: { extends: .b }\n',
  },
  'a condition takes a parent away': {
    [ROOT]: `include: [a.yml, ${UNDER_RULES}]\n${BASE}`,
    'a.yml': 'job: { extends: .b, script: docker build . }\n',
    'c.yml': '.c: { image: docker:29 }\njob: { extends: .c }\n',
  },
  'an unseen file may set what a parent brings': {
    [ROOT]: `include: https://x.example/y.yml\n${BASE}job: { extends: .b, script: docker build . }\n`,
  },
  'a condition cuts the defaults off': {
    [ROOT]: `include: ${UNDER_RULES}\ndefault: { services: [docker:29-dind] }\nvariables: { DOCKER_HOST: "tcp://docker:2375" }\njob: { image: docker:29, script: docker build . }\n`,
    'c.yml': 'job: { inherit: { default: false, variables: false } }\n',
  },
  'a condition empties a key': {
    [ROOT]: `include: [a.yml, ${UNDER_RULES}]\ndefault: { services: [docker:29-dind] }\n`,
    'a.yml': JOB.replace('[docker:29-dind]', '[]'),
    'c.yml': 'job: { services: null }\n',
  },
  'a condition brings a matrix': {
    [ROOT]: `include: [a.yml, ${UNDER_RULES}]\n`,
    'a.yml': JOB,
    'c.yml': 'job: { parallel: { matrix: [{ DOCKER_HOST: ["tcp://docker:2376"] }] } }\n',
  },
  'a condition brings rules': {
    [ROOT]: `include: ${UNDER_RULES}\n${JOB}`,
    'c.yml': 'job: { rules: [{ if: $Y, variables: { DOCKER_HOST: "tcp://docker:2376" } }] }\n',
  },
  'a reference to what an unseen file may replace': {
    [ROOT]: `include: [a.yml, "https://x.example/y.yml"]\njob: { image: docker:29, services: !reference [.x, services], variables: { DOCKER_HOST: !reference [.x, variables, H] }, script: docker build . }\n`,
    'a.yml': '.x: { services: [docker:29-dind], variables: { H: "tcp://docker:2375" } }\n',
  },
  'more instances than are told apart': {
    [ROOT]: `job:\n  image: docker:29\n  services: [docker:29-dind]\n  variables: { DOCKER_HOST: "tcp://docker:2375" }\n  parallel:\n    matrix:\n${Array.from({ length: 60 }, (_, i) => `      - { N: "${i}" }\n`).join('')}      - { DOCKER_HOST: "tcp://docker:2376" }\n  script: docker build .\n`,
  },
  'more files than GitLab takes': {
    [ROOT]: `include: [${Array.from({ length: 151 }, () => 'a.yml').join(', ')}]\n`,
    'a.yml': JOB,
  },
};

test('certainty: the job as such fails for certain', () => {
  const [row] = projectOf([[ROOT, JOB]]).trace();
  assert.deepEqual([row?.verdict, row?.failure], ['fails', 'tls-port-mismatch-2375']);
});

for (const [name, files] of Object.entries(OPEN)) {
  test(`certainty: ${name}`, () => {
    const project = projectOf(Object.entries(files));
    const rows = project.trace().filter(({ site }) => site === 'job');
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      rows.map(() => 'cannot-tell'),
    );
    const errors = project.check().flatMap(({ findings }) => findings.filter(f => f.severity === 'error'));
    assert.deepEqual(
      errors.map(({ rule }) => rule),
      [],
    );
    const job = project.jobs().find(row => row.job.name === 'job')?.job;
    assert.ok(job && job.holes.length > 0);
  });
}

test('certainty: an input that nobody gives is a hole where it stands', () => {
  const pipeline =
    'spec:\n  inputs:\n    v:\n---\njob:\n  image: docker:$[[ inputs.v ]]\n  variables: { A: "$[[ inputs.v ]]" }\n  script: docker build .\n';
  const [row] = projectOf([[ROOT, pipeline]]).jobs();
  assert.deepEqual(
    row?.job.holes.map(({ what }) => what),
    ['image', 'variables.A'],
  );
});
