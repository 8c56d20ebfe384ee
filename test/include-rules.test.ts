/** Holds against GitLab which includes under rules are taken in, as far as the files of a project tell. */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as core from '../server/src/analysis/index.js';
import { createProject, type Project } from '../server/src/analysis/index.js';
import { TestClient } from './lsp-client.js';
import { projectOf, TODAY } from './support/project.js';

const FILES = {
  'part.yml': 'image: docker:29.7.2-cli\n',
  Dockerfile: 'FROM alpine:3.22\n',
  'app/main.tf': '',
};

function pipeline(rules: string): string {
  return `include: [{ local: part.yml, rules: ${rules} }]\njob: { script: docker info }\n`;
}

/** `in`, `out`, or `open`. */
function taken(project: Project): string {
  const [row] = project.jobs();
  assert.ok(row);
  if (row.job.holes.length > 0) return 'open';
  return row.job.image ? 'in' : 'out';
}

const CASES: readonly (readonly [string, 'in' | 'out' | 'open'])[] = [
  ['[{ exists: [Dockerfile] }]', 'in'],
  ['[{ exists: Dockerfile }]', 'in'],
  ['[{ exists: { paths: [Dockerfile] } }]', 'in'],
  ['[{ exists: [nope, app/main.tf] }]', 'in'],
  ['[{ exists: [nope] }]', 'out'],
  ['[{ exists: [/Dockerfile, ./Dockerfile, app] }]', 'out'],
  ['[{ exists: [Dockerfile], when: never }]', 'out'],
  ['[{ exists: [Dockerfile], when: never }, { when: always }]', 'out'],
  ['[{ exists: [nope], when: never }, { when: always }]', 'in'],
  ['[{ exists: [nope], when: never }, { exists: [Dockerfile] }]', 'in'],
  ['[{ when: never }]', 'out'],
  ['[{ if: $X, exists: [nope] }]', 'out'],
  ['[{ if: $X }, { exists: [Dockerfile] }]', 'in'],
  // What is there tells; what is not may be none of our files.
  ['[{ exists: ["*/*.tf"] }]', 'in'],
  ['[{ exists: ["**/*.tf"] }]', 'in'],
  ['[{ exists: ["**/*.go"] }]', 'open'],
  ['[{ exists: ["app/**"] }]', 'open'],
  ['[{ exists: ["{Dockerfile,nope}"] }]', 'open'],
  ['[{ if: $X, exists: [Dockerfile] }]', 'open'],
  ['[{ if: $X, when: never }, { exists: [Dockerfile] }]', 'open'],
  ['[{ exists: [$NAME] }]', 'open'],
  ['[{ exists: { paths: [Dockerfile], project: group/other } }]', 'open'],
  ['[{ exists: { paths: [nope], project: group/other } }]', 'open'],
  ['[{ changes: [Dockerfile] }]', 'open'],
  ['[{ exists: [Dockerfile], when: sometimes }]', 'open'],
  ['[[{ exists: [Dockerfile] }]]', 'open'],
  ['always', 'open'],
  ['[]', 'open'],
];

for (const [rules, expected] of CASES) {
  test(`include rules ${rules}: ${expected}`, () => {
    const project = projectOf(Object.entries({ ...FILES, '.gitlab-ci.yml': pipeline(rules) }));
    assert.equal(taken(project), expected);
  });
}

test('a file that is asked for is looked for, and decides once it is known to be there or not', () => {
  const gone = new Set<string>();
  const project = createProject({ today: TODAY, absent: path => gone.has(path) });
  project.setFile('part.yml', FILES['part.yml']);
  project.setFile('.gitlab-ci.yml', pipeline('[{ exists: [Dockerfile, "**/*.go"] }]'));
  assert.equal(taken(project), 'open');
  assert.deepEqual(project.wanted(), ['Dockerfile']);
  project.setFile('Dockerfile', FILES.Dockerfile);
  assert.equal(taken(project), 'in');
  assert.deepEqual(project.wanted(), []);
  project.setFile('Dockerfile', undefined);
  assert.equal(taken(project), 'open');
});

test('a file that is known to be missing leaves the include out, until it comes', () => {
  const project = createProject({ today: TODAY, absent: () => true });
  project.setFile('part.yml', FILES['part.yml']);
  project.setFile('.gitlab-ci.yml', pipeline('[{ exists: [Dockerfile] }]'));
  assert.equal(taken(project), 'out');
  project.setFile('Dockerfile', FILES.Dockerfile);
  assert.equal(taken(project), 'in');
});

test('paths of a pipeline in a folder may count from elsewhere, and those of other projects do', () => {
  const below = Object.entries({ ...FILES, 'sub/.gitlab-ci.yml': pipeline('[{ exists: [Dockerfile] }]') });
  assert.equal(taken(projectOf(below)), 'open');
  const other = {
    ...FILES,
    '.drydock.yml': 'version: 1\nprojects: { group/other: ../other }\n',
    '.gitlab-ci.yml': 'include: [{ project: group/other, file: a.yml }]\njob: { script: docker info }\n',
    '../other/a.yml': 'include: [{ local: part.yml, rules: [{ exists: [Dockerfile] }] }]\n',
    '../other/part.yml': FILES['part.yml'],
  };
  assert.equal(taken(projectOf(Object.entries(other))), 'open');
});

test('a missing file is reported where the rules of its include hold', () => {
  const files = {
    ...FILES,
    '.gitlab-ci.yml': pipeline('[{ exists: [Dockerfile] }]').replace('part', 'lost'),
  };
  const found = projectOf(Object.entries(files))
    .check()
    .flatMap(({ findings }) => findings.map(({ rule }) => rule));
  assert.deepEqual(found, ['include-missing']);
});

test('in an editor, files that come and go decide, as far as their coming is told', async t => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'drydock-rules-'));
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  writeFileSync(
    join(folder, '.gitlab-ci.yml'),
    pipeline('[{ exists: [old.yml], when: never }, { exists: [Makefile] }]').replace('part', 'lost'),
  );
  writeFileSync(join(folder, 'Makefile'), 'all:\n');
  const client = await TestClient.start({ core, folders: [pathToFileURL(folder).href] });
  t.after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const tell = (path: string, type: number) =>
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(path), type }] });
  const found = (...rules: readonly string[]) => client.rules(uriOf('.gitlab-ci.yml'), ...rules);
  await found('include-missing');
  rmSync(join(folder, 'Makefile'));
  await tell('Makefile', 3);
  await found();
  writeFileSync(join(folder, 'Makefile'), 'all:\n');
  await tell('Makefile', 1);
  await found('include-missing');
  writeFileSync(join(folder, 'old.yml'), '');
  await tell('old.yml', 1);
  await found();
});
