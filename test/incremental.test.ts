/** Holds what comes of an edit against what comes of the same text from scratch. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml } from '../server/src/syntax/yaml.js';
import { findingsOf, readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';
import { type Random, random } from './support/random.js';

const PIECES = [
  '\n',
  ' ',
  '  ',
  ':',
  '- ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '#',
  '|',
  '&a ',
  '*a',
  '<<: *a',
  'x',
  'docker:dind',
  'DOCKER_HOST: tcp://docker:2375\n',
  'DOCKER_TLS_CERTDIR: ""\n',
  '\njob2:\n  image: docker:latest\n  script: [docker info]\n',
  '\nvariables:\n  A: b\n',
  '\ndefault:\n  services: [docker:28-dind]\n',
  '\n---\n',
  '\r\n',
  '\t',
];

function edit(text: string, chance: Random): string {
  const at = chance.below(text.length + 1);
  const kind = chance.below(3);
  if (kind === 0) return text.slice(0, at) + chance.pick(PIECES) + text.slice(at);
  const length = chance.below(12);
  return text.slice(0, at) + (kind === 1 ? '' : chance.pick(PIECES)) + text.slice(at + length);
}

const sources = readFixtures('test/fixtures').filter(one =>
  one.files.some(file => file.path === '.gitlab-ci.yml'),
);

/** Findings as text, blocks and their numbers left out. */
function outcome(project: ReturnType<typeof projectOf>): unknown {
  return project.check().map(file => ({
    path: file.path,
    findings: findingsOf([file], file.path).map(one => [
      one.rule,
      one.severity,
      one.start,
      one.end,
      one.message,
      one.related.map(r => [r.path, r.start, r.end]),
    ]),
  }));
}

for (let seed = 1; seed <= 40; seed++) {
  test(`incremental: fifty random edits, seed ${seed}`, () => {
    const chance = random(seed);
    const fixture = chance.pick(sources);
    const project = projectOf(fixture.files.map(file => [file.path, file.text]));
    const texts = new Map(fixture.files.map(file => [file.path, file.text]));
    let tree = readYaml(texts.get('.gitlab-ci.yml') ?? '');
    for (let step = 0; step < 50; step++) {
      const next = edit(texts.get('.gitlab-ci.yml') ?? '', chance);
      texts.set('.gitlab-ci.yml', next);
      project.setFile('.gitlab-ci.yml', next);
      tree = readYaml(next, tree);
      const fresh = readYaml(next);
      assert.deepEqual(
        tree.placed.map(({ start, parsed }) => [start, parsed.block.text]),
        fresh.placed.map(({ start, parsed }) => [start, parsed.block.text]),
      );
      assert.deepEqual(outcome(project), outcome(projectOf(texts)), JSON.stringify(next));
    }
  });
}

test('incremental: a line typed above a job leaves its block alone', () => {
  const text = 'a:\n  script: x\nb:\n  script: y\n';
  const before = readYaml(text);
  const after = readYaml(`# new\n${text}`, before);
  assert.deepEqual(
    after.placed.map(({ parsed }) => parsed.block),
    before.placed.map(({ parsed }) => parsed.block),
  );
});
