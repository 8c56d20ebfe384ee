/** Holds what is said of pipelines that GitLab refuses against the cases that its source settles. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Project, ReportedFinding } from '../server/src/analysis/index.js';
import { projectOf } from './support/project.js';

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The rule that finds it, and the text that the finding stands on. */
  readonly finding?: string;
  readonly at?: string;
  /** Why nothing is found. */
  readonly silent?: string;
}

const { refused } = JSON.parse(readFileSync('test/oracle/semantics.json', 'utf8')) as {
  readonly refused: readonly Case[];
};

function findingsOf(project: Project): readonly ReportedFinding[] {
  return project.check().flatMap(({ findings }) => findings);
}

function textAt(project: Project, { path, start, end }: ReportedFinding): string | undefined {
  return project.text(path)?.slice(start, end);
}

for (const { name, files, finding, at, silent } of refused) {
  test(`GitLab refuses: ${name}`, () => {
    const project = projectOf(Object.entries(files));
    const found = findingsOf(project).map(one => `${one.severity} ${one.rule} ${textAt(project, one)}`);
    assert.deepEqual(found, silent === undefined ? [`error ${finding} ${at}`] : []);
    for (const { job } of project.jobs()) assert.equal(job.holes.length > 0, silent === undefined, job.name);
  });
}

const DIND = `build:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  variables: { DOCKER_HOST: tcp://docker:2376, DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: 1, DOCKER_CERT_PATH: /certs/client }
  script: docker info
`;
const RUNNER = `[[runners]]
  name = "one"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = true
    volumes = ["/certs/client"]
`;
const LOST = 'other: { extends: .lost, script: x }\n';

function dind(more: string, config = ''): Project {
  const files = { '.gitlab-ci.yml': `${DIND}${more}`, 'config.toml': RUNNER, '.drydock.yml': config };
  return projectOf(Object.entries(files));
}

test('the line above a job of a refused pipeline says that, and not that the runner is unknown', () => {
  const project = projectOf([['.gitlab-ci.yml', `${DIND}${LOST}`]]);
  const texts = project.lines('.gitlab-ci.yml').flatMap(line => line.texts);
  assert.match(texts[0] ?? '', /cannot tell whether it runs: no pipeline is made of these files/);
});

test('a job of a refused pipeline reaches nothing, and the trace says why', () => {
  assert.deepEqual(
    dind('')
      .trace()
      .map(({ verdict }) => verdict),
    ['reaches'],
  );
  const [row] = dind(LOST).trace();
  assert.equal(row?.verdict, 'cannot-tell');
  assert.match(row?.because[0]?.message ?? '', /^Job "other" extends "\.lost".*makes no pipeline\.$/);
  assert.ok(row?.because[0]?.range, 'with a link to it');
  assert.match(row?.missing[0] ?? '', /^whether it runs: no pipeline is made/);
});

test('the hole of a refused pipeline comes first in each of its jobs', () => {
  const rows = dind(LOST).jobs();
  assert.deepEqual(
    rows.map(({ job }) => `${job.name} ${job.holes[0]?.what}`),
    ['build pipeline', 'other pipeline'],
  );
});

test('a refusal that people turn off counts for nothing', () => {
  const project = dind(LOST, 'version: 1\nrules: { extends-unknown: off }\n');
  assert.deepEqual(
    project.trace().map(({ verdict }) => verdict),
    ['reaches'],
  );
});

test('the pipeline is judged again when the missing name comes', () => {
  const project = dind(LOST);
  project.check();
  project.setFile('.gitlab-ci.yml', `${DIND}${LOST}.lost: {}\n`);
  assert.deepEqual(
    project.trace().map(({ verdict }) => verdict),
    ['reaches'],
  );
});

test('what is wrong in a checkout of another project is not ours to judge', () => {
  const files = {
    '.drydock.yml': 'version: 1\nprojects: { group/other: ../other }\n',
    '.gitlab-ci.yml':
      'include: [{ project: group/other, file: a.yml, inputs: { x: y } }]\nj: { script: x }\n',
    '../other/a.yml': 'variables: { SINCE: 2024-01-31 }\nimage: a\ndefault: { image: b }\n',
  };
  assert.deepEqual(findingsOf(projectOf(Object.entries(files))), []);
});

function related(files: Readonly<Record<string, string>>, rule: string): readonly string[] {
  const project = projectOf(Object.entries(files));
  const found = findingsOf(project).find(one => one.rule === rule);
  assert.ok(found, `there is no ${rule}`);
  return found.related.map(
    ({ path, start, end, message }) => `${path} ${project.text(path)?.slice(start, end)}: ${message}`,
  );
}

const PART = `spec:
  inputs:
    version:
      default: "17"
---
job-$[[ inputs.version ]]:
  image: docker:$[[ inputs.version ]]-cli
  script: docker info
`;

test('a finding in an included file leads to the input that the include gives', () => {
  const files = {
    '.gitlab-ci.yml': 'include: [{ local: part.yml, inputs: { version: "18" } }]\n',
    'part.yml': PART,
  };
  assert.deepEqual(related(files, 'image-eol-major'), [
    '.gitlab-ci.yml "18": Input "version" is given here.',
  ]);
});

test('a finding that rests on the default of an input leads to the default', () => {
  const files = { '.gitlab-ci.yml': 'include: part.yml\n', 'part.yml': PART };
  assert.deepEqual(related(files, 'image-eol-major'), [
    'part.yml "17": Input "version" has its default here.',
  ]);
});

test('an input that is handed on is followed to where it is first given', () => {
  const files = {
    '.gitlab-ci.yml': 'include: [{ local: middle.yml, inputs: { docker: "18" } }]\n',
    'middle.yml':
      'spec: { inputs: { docker: } }\n---\ninclude: [{ local: part.yml, inputs: { version: "$[[ inputs.docker ]]" } }]\n',
    'part.yml': PART,
  };
  assert.deepEqual(related(files, 'image-eol-major'), [
    'middle.yml "$[[ inputs.docker ]]": Input "version" is given here.',
    '.gitlab-ci.yml "18": Input "docker" is given here.',
  ]);
});

test('of a file that is included twice, each job leads to its own input', () => {
  const files = {
    '.gitlab-ci.yml':
      'include: [{ local: part.yml, inputs: { version: "29" } }, { local: part.yml, inputs: { version: "18" } }]\n',
    'part.yml': PART,
  };
  assert.deepEqual(related(files, 'image-eol-major'), [
    '.gitlab-ci.yml "18": Input "version" is given here.',
  ]);
});

test('a value that GitLab refuses is not put in', () => {
  const project = projectOf(
    Object.entries({
      '.gitlab-ci.yml': 'include: [{ local: part.yml, inputs: { version: "18" } }]\n',
      'part.yml': PART.replace('default:', 'options: ["17", "29"]\n      default:'),
    }),
  );
  assert.deepEqual(
    findingsOf(project).map(({ rule }) => rule),
    ['input-invalid'],
  );
});

const PATTERNS: readonly (readonly [string, string, boolean])[] = [
  ['^v\\d+\\.\\d+$', 'v1.2', true],
  ['^v\\d+\\.\\d+$', 'v1', false],
  ['^(dev|prod)$', 'prd', false],
  ['[a-z]{2}-\\d', 'xx-1 and more', true],
  // Read differently by RE2, or too slow: not judged.
  ['\\A\\d+\\z', 'x', true],
  ['(?i)^ABC$', 'x', true],
  ['^(a+)+$', `${'a'.repeat(40)}b`, true],
  ['(?=x)y', 'z', true],
  ['^[a', 'z', true],
];

for (const [pattern, value, taken] of PATTERNS) {
  test(`input ${value} ${taken ? 'is not refused' : 'is refused'} by ${pattern}`, () => {
    const found = findingsOf(
      projectOf([
        ['.gitlab-ci.yml', `include: [{ local: t.yml, inputs: { w: '${value}' } }]\n`],
        ['t.yml', `spec: { inputs: { w: { regex: '${pattern}' } } }\n---\nj: { script: x }\n`],
      ]),
    );
    assert.equal(found.length, taken ? 0 : 1);
  });
}

test('an included file that only declares inputs is empty', () => {
  const files = {
    '.gitlab-ci.yml': 'include: a.yml\nj: { script: x }\n',
    'a.yml': 'spec: { inputs: {} }\n---\n',
  };
  const [found] = findingsOf(projectOf(Object.entries(files)));
  assert.equal(found?.message, '"a.yml" is empty, so GitLab makes no pipeline.');
});
