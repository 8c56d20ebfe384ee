/** Holds YAML that is read in parts, below one key, against the same text read as a whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '../server/src/syntax/tree.js';
import { sourceOf } from '../server/src/syntax/tree.js';
import { readYaml, type YamlTree } from '../server/src/syntax/yaml.js';
import { readFixtures } from './support/fixture.js';
import { type Random, random } from './support/random.js';

const WORKFLOW = `on: push
env: &env { A: b }
jobs: # all of them
  # the first
  a:
    runs-on: ubuntu-latest
    env: *env
    steps:
      - run: |
          echo 'x: y'

          # no comment
  "b":
    needs:
    - a
    env: &own { C: d }
  c: { runs-on: x, env: *own }

  # behind
  d:
permissions: {}
`;

const SHAPES: Readonly<Record<string, string>> = {
  workflow: WORKFLOW,
  'a list as deep as its key': 'jobs:\n  a:\n  - x\n  - y: 1\n  b: c\n',
  'a quoted text over lines that look like keys': 'jobs:\n  a: "x\n  b: y"\n  c: d\n',
  'a bracket over lines that look like keys': 'jobs:\n  a: [x,\n  b: y]\n  c: d\n',
  'a key that comes twice': 'jobs:\n  a: 1\n  b: 2\n  a: 3\n',
  'keys of other kinds': 'jobs:\n  ? a\n  : 1\n  b: 2\n  &x c: 3\n',
  'a merge': 'x: &x { a: 1 }\njobs:\n  <<: *x\n  b: 2\n  c: 3\n',
  'an anchor on all': 'jobs: &all\n  a: 1\n  b: 2\nx: *all\n',
  'a scalar over lines': 'jobs:\n  a: one\n    two\n  b: 2\n',
  'less deep': 'jobs:\n    a: 1\n    b: 2\n  c: 3\n',
  'no depth': 'jobs:\na: 1\nb: 2\n',
  tabs: 'jobs:\n\ta: 1\n\tb: 2\n',
  'two documents': `${WORKFLOW}---\njobs:\n  a: 1\n  b: "x\n---\njobs:\n  a: 1\n  b: 2\n`,
  'carriage returns': WORKFLOW.replaceAll('\n', '\r\n'),
  'a mark at the start': `\uFEFF${WORKFLOW}`,
  'no end of line': WORKFLOW.trimEnd(),
  'broken elsewhere': `${WORKFLOW}x: [\n`,
};

const texts = new Map([
  ...Object.entries(SHAPES),
  ...readFixtures('test/fixtures').flatMap(({ name, files }) =>
    files.flatMap(({ path, text }): [string, string][] =>
      path.startsWith('.github/') ? [[`${name} ${path}`, text]] : [],
    ),
  ),
]);

test('yaml in parts: the same as read as a whole', () => {
  assert.ok(texts.size > 50);
  for (const [name, text] of texts)
    assert.deepEqual(seen(readYaml(text, undefined, 'jobs')), seen(readYaml(text)), name);
});

test('yaml in parts: a job whose text stays is the same block', () => {
  const before = readYaml(WORKFLOW, undefined, 'jobs');
  const after = readYaml(WORKFLOW.replace('runs-on: x', 'runs-on: xy'), before, 'jobs');
  const [old, now] = [before, after].map(tree => tree.placed.map(({ parsed }) => parsed.block));
  assert.equal(now?.length, 8);
  assert.deepEqual(
    now?.map((block, i) => block === old?.[i]),
    [true, true, true, true, true, false, true, true],
  );
});

const PIECES = [
  '\n',
  '  ',
  ' ',
  ':',
  '- ',
  '"',
  "'",
  '[',
  '{',
  '#',
  '|',
  '  e: f\n',
  '\njobs:\n',
  '&z ',
  '*own',
  '---\n',
];

test('yaml in parts: the same after random edits', () => {
  const chance = random(4_241);
  for (const start of [WORKFLOW, SHAPES['two documents'] ?? '', 'jobs:\n  a: 1\n  b: 2\n']) {
    let text = start;
    let tree = readYaml(text, undefined, 'jobs');
    for (let step = 0; step < 400; step++) {
      text = step % 40 === 0 ? start : edited(text, chance);
      tree = readYaml(text, tree, 'jobs');
      assert.deepEqual(seen(tree), seen(readYaml(text)), JSON.stringify(text));
    }
  }
});

function edited(text: string, chance: Random): string {
  const at = chance.below(text.length + 1);
  return (
    text.slice(0, at) + (chance.below(3) === 0 ? '' : chance.pick(PIECES)) + text.slice(at + chance.below(6))
  );
}

/** All that a tree says, counted from the start of the file; a map that is read in parts has no span of its own. */
function seen(tree: YamlTree): unknown {
  const spot = (node: Node): number => (tree.startOf(node.block) ?? Number.NaN) + node.start;
  const shown = (node: Node | undefined): unknown => {
    if (!node) return undefined;
    if (node.kind === 'alias') {
      const target = tree.resolve(node);
      return [spot(node), node.name, target && spot(target)];
    }
    if (node.kind === 'scalar') return [spot(node), node.text, node.style, sourceOf(node)];
    if (node.kind === 'seq') return [spot(node), node.items.map(shown)];
    return node.entries.map(({ key, value }) => [shown(key), shown(value)]);
  };
  const tainted = tree.placed.some(({ parsed }) => tree.isTainted(parsed.block));
  const tops = tree.documents.map(({ entries }) =>
    entries.map(({ key, value }) => [shown(key), shown(value)]),
  );
  return { tops, tainted, problems: tree.problems };
}
