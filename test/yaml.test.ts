/** Reads YAML block by block and holds the result against one parse of the whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Node } from '../server/src/syntax/tree.js';
import { sourceOf } from '../server/src/syntax/tree.js';
import { readYaml, type YamlTree } from '../server/src/syntax/yaml.js';
import { cpuTimer } from './support/cpu-time.js';
import { readFixtures } from './support/fixture.js';

/** A tree as plain values; aliases stay what they are. */
function plain(node: Node | undefined): unknown {
  if (!node) return null;
  if (node.kind === 'alias') return { alias: node.name };
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'seq') return node.items.map(plain);
  return node.entries.map(entry => [entry.key.text, plain(entry.value)]);
}

function ours(tree: YamlTree): unknown {
  return tree.documents.map(document => {
    const [first] = document.blocks;
    if (document.blocks.length === 1 && first?.root?.kind !== 'map') return plain(first?.root);
    return document.entries.map(entry => [entry.key.text, plain(entry.value)]);
  });
}

function theirs(node: unknown): unknown {
  if (isAlias(node)) return { alias: node.source };
  if (isScalar(node))
    return node.value === '' && node.range?.[0] === node.range?.[1] && !node.anchor ? null : node.value;
  if (isSeq(node)) return node.items.map(theirs);
  if (isMap(node))
    return node.items.map(pair => [isScalar(pair.key) ? pair.key.value : '', theirs(pair.value)]);
  return null;
}

function whole(text: string): { values: unknown; clean: boolean } {
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
  });
  if ('empty' in documents) return { values: [], clean: true };
  return {
    values: documents.map(document => theirs(document.contents)),
    clean: documents.every(one => one.errors.length === 0),
  };
}

const SHAPES: Readonly<Record<string, string>> = {
  'jobs with comments':
    '# head\nstages:\n- a\n- b\n\n# about x\n.x: &x\n  image: docker:28\njob:\n  <<: *x\n  script:\n    - echo\n',
  'document start and end': '---\na: 1\n...\n---\nb: 2\n',
  'spec header': 'spec:\n  inputs:\n    x:\n      default: y\n---\njob:\n  script: a\n',
  'root list': '- a\n- b: c\n',
  'root flow map': '{a: 1,\n b: [2, 3]}\n',
  'indented map': '  a: 1\n  b: 2\n',
  'quoted keys': '"a b": 1\n\'c: d\': 2\nplain key: 3\n',
  'key with colons': 'deploy:prod: a\na::b: {x: y}\n',
  'block scalars': 'a: |\n  one\n\n  two\nb: >-\n  folded\n  text\n\n   more\nc: |2\n   x\n',
  'closing bracket in column 0': 'a: [\n  x,\n  y\n]\nb: 1\n',
  'comment between key and value': 'a:\n# comment\n  b: 1\n# end\nc: 2\n',
  'reference tag': 'a:\n  script:\n    - !reference [.x, script]\n  rules: !reference [.x, rules]\n',
  'windows line ends': 'a:\r\n  b: 1\r\n  s: |\r\n    x\r\n    y\r\nc: 2\r\n',
  'byte order mark': '\uFEFFa: 1\nb: 2\n',
  'tabs after values': 'a:\t1\nb: 2\t# c\n',
  'explicit key': '? a\n: 1\n? b\n: 2\n',
  'null values': 'a:\nb: ~\nc: ""\n',
  'no final newline': 'a: 1\nb:\n  - x',
  'anchor given twice': 'a: &n 1\nb: *n\nc: &n 2\nd: *n\n',
  directive: '%YAML 1.2\n---\na: 1\n',
  'only comments': '# a\n# b\n',
  empty: '',
};

for (const [name, text] of Object.entries(SHAPES)) {
  test(`yaml: ${name} equals one parse of the whole`, () => {
    const expected = whole(text);
    const tree = readYaml(text);
    assert.ok(expected.clean, 'the shape is sound');
    assert.deepEqual(
      ours(tree),
      text.includes('? a')
        ? [
            [
              ['a', '1'],
              ['b', '2'],
            ],
          ]
        : trimEmpty(expected.values),
    );
    assert.deepEqual(tree.problems, []);
  });
}

/** Documents without content are no documents to us unless a mark starts them. */
function trimEmpty(values: unknown): unknown {
  return (values as readonly unknown[]).filter(value => value !== null);
}

test('yaml: every fixture equals one parse of the whole', () => {
  const texts = readFixtures('test/fixtures').flatMap(one =>
    one.files.filter(file => /ya?ml$/.test(file.path)).map(file => file.text),
  );
  assert.ok(texts.length > 0);
  for (const text of texts) {
    const expected = whole(text);
    if (expected.clean) assert.deepEqual(ours(readYaml(text)), trimEmpty(expected.values));
  }
});

test('yaml: spans lead to the text as written', () => {
  const text = 'a: 1\njob:\n  image: "docker:28"\n  list: [x, \'y\']\n';
  const tree = readYaml(text);
  const seen: string[] = [];
  const walk = (node: Node | undefined): void => {
    if (!node) return;
    const start = tree.startOf(node.block) ?? 0;
    assert.equal(text.slice(start + node.start, start + node.end), sourceOf(node));
    if (node.kind === 'scalar') seen.push(sourceOf(node));
    if (node.kind === 'seq') node.items.forEach(walk);
    if (node.kind === 'map') for (const entry of node.entries) [entry.key, entry.value].forEach(walk);
  };
  for (const document of tree.documents) for (const block of document.blocks) walk(block.root);
  assert.deepEqual(seen, ['a', '1', 'job', 'image', '"docker:28"', 'list', 'x', "'y'"]);
});

test('yaml: an alias stands for the last anchor before it, in its own document', () => {
  const tree = readYaml('a: &n one\nb: *n\nc: &n two\nd: *n\ne: *m\n---\nf: *n\n');
  const value = (key: string): unknown => {
    const entry = tree.documents.flatMap(document => document.entries).find(one => one.key.text === key);
    return plain(entry?.value && tree.resolve(entry.value));
  };
  assert.deepEqual(['b', 'd', 'e', 'f'].map(value), ['one', 'two', null, null]);
});

test('yaml: a broken block is tainted, its neighbours are read', () => {
  const tree = readYaml('a:\n  x: [1\nb:\n  y: 2\n');
  const [a, b] = tree.documents[0]?.blocks ?? [];
  assert.ok(a && b);
  assert.equal(tree.isTainted(a.block), true);
  assert.equal(tree.isTainted(b.block), false);
  assert.ok(tree.problems.length > 0);
});

test('yaml: deep nesting and alias bombs are read in bounded time', () => {
  const deep = `a: ${'['.repeat(20_000)}`;
  const bomb = Array.from(
    { length: 60 },
    (_, i) => `k${i}: &k${i} [${i ? `*k${i - 1}, *k${i - 1}` : 'x'}]`,
  ).join('\n');
  const took = cpuTimer();
  assert.ok(readYaml(deep).problems.length > 0);
  assert.equal(readYaml(bomb).problems.length, 0);
  assert.ok(took() < 10_000);
});
