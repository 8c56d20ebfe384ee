/** Reading TOML: the tree against a second parser, its spans, and its decoded values. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isTomlTemplate, readToml, tomlValues } from '../server/src/syntax/toml.js';
import type { Node, ScalarNode } from '../server/src/syntax/tree.js';
import { at, crlf, found, plain, simple, written } from './toml-values.js';

const RUNNER = readFileSync('test/data/toml/runner.toml', 'utf8');
const EDGES = readFileSync('test/data/toml/edges.toml', 'utf8');

const VALID: Record<string, string> = {
  runner: RUNNER,
  edges: EDGES,
  'runner, CRLF': crlf(RUNNER),
  'edges, CRLF': crlf(EDGES),
  'runner, BOM': `\uFEFF${RUNNER}`,
  'header first, BOM and CRLF': `\uFEFF${crlf('[a]\nb = 1\n')}`,
  empty: '',
  'only a comment': '# nothing',
  'no line break at the end': '[a]\nb = [1,\n 2]',
};

for (const [name, text] of Object.entries(VALID)) {
  test(`tree and second parser agree on the values: ${name}`, () => {
    const tree = readToml(text);
    assert.deepEqual(tree.problems, []);
    assert.deepEqual(plain(tree.root), simple(found(tomlValues(text), name)));
  });
}

test('every node of the tree lies where its text is', () => {
  for (const text of [RUNNER, EDGES, `\uFEFF${crlf(RUNNER)}`]) {
    let scalars = 0;
    const visit = (node: Node): void => {
      assert.ok(node.start <= node.end && node.end <= text.length);
      if (node.kind === 'seq') node.items.forEach(visit);
      if (node.kind === 'scalar') {
        const source = text.slice(node.start, node.end);
        scalars++;
        assert.match(source, node.style === 'double' ? /^"/ : node.style === 'single' ? /^'/ : /^[\w+-]/);
        if (node.style === 'plain') assert.equal(source, node.text);
      }
      if (node.kind !== 'map') return;
      for (const entry of node.entries) {
        visit(entry.key);
        if (entry.value) visit(entry.value);
        assert.equal(entry.start, entry.key.start);
        assert.equal(entry.end, entry.value?.end);
      }
    };
    visit(readToml(text).root);
    assert.ok(scalars > 60);
  }
});

test('spans of a runner file', () => {
  const tree = readToml(RUNNER);
  assert.equal(written(tree, 'concurrent'), '4');
  assert.equal(written(tree, 'runners', 0, 'docker', 'image'), '"docker:28"');
  assert.equal(written(tree, 'runners', 0, 'token_expires_at'), '0001-01-01T00:00:00Z');
  assert.equal((at(tree, 'runners', 0, 'token_expires_at') as ScalarNode).type, 'datetime');
  assert.equal(written(tree, 'runners', 0, 'docker', 'volumes', 1), '"/cache"');
  assert.equal(
    written(tree, 'runners', 0, 'docker', 'services', 1),
    '[[runners.docker.services]]\n      name = "registry:2"',
  );
  assert.match(written(tree, 'runners', 0), /^\[\[runners\]\]\n[\s\S]*'QUOTED="yes"'\]$/);
  assert.match(written(tree, 'runners', 0, 'docker'), /^\[runners\.docker\]\n[\s\S]*shm_size = 0$/);
  assert.equal(written(tree, 'runners', 1, 'kubernetes', 'node_selector', 'pool'), '"builds"');
  assert.match(written(tree, 'runners', 1, 'kubernetes', 'pod_labels'), /^pod_labels\.team[\s\S]*"ci"$/);
  assert.equal(tree.root.end, RUNNER.length);
});

test('the key of a table is the part of the header that names it', () => {
  const tree = readToml('[a.b]\nk = 1\n[a]\nown = 1\n');
  const [a] = tree.root.entries;
  assert.ok(a);
  assert.equal(a.key.start, 13, 'its own header counts more than the one that only implied it');
  assert.equal(written(tree, 'a'), '[a]\nown = 1');
  const implied = readToml('[a.b]\nk = 1\n').root.entries[0];
  assert.deepEqual(
    [implied?.start, implied?.end, implied?.value?.start, implied?.value?.end],
    [1, 11, 1, 11],
  );
});

test('a byte order mark moves no offset', () => {
  const tree = readToml(`\uFEFF${crlf(RUNNER)}`);
  assert.equal(written(tree, 'runners', 0, 'docker', 'volumes', 1), '"/cache"');
  assert.equal(tree.root.entries[0]?.start, 1);
  const [parsed] = tree.documents[0]?.blocks ?? [];
  assert.ok(parsed);
  assert.equal(tree.startOf(parsed.block), 0);
  assert.equal(parsed.block.text, tree.text);
  assert.equal(tree.isTainted(parsed.block), false);
});

test('strings are decoded', () => {
  const tree = readToml(EDGES);
  assert.deepEqual(
    ['title', 'escaped', 'long', 'raw', 'decimal'].map(key => (at(tree, key) as ScalarNode).text),
    [
      'literal \\ text',
      'tab\t quote" é 🐳',
      'first line\nsecond joined "quoted" ',
      '[not.a.header]\nkey = "no key" # no comment',
      '1_000',
    ],
  );
});

test('TOML 1.1 and dates that one of the parsers refuses are no problem', () => {
  for (const text of ['t = { a = 1,\n b = 2,\n}\n', 'e = "\\e\\x41"\n', 'd = 2024-02-30\n', 't = 07:32\n']) {
    assert.deepEqual(readToml(text).problems, [], text);
  }
});

test('templates are known by their names', () => {
  for (const path of [
    'config.toml.j2',
    'a/config.tpl',
    'x.TFTPL',
    'x.tmpl',
    'config.toml.template',
    'config.tpl.toml',
  ]) {
    assert.ok(isTomlTemplate(path), path);
  }
  for (const path of ['config.toml', 'template/config.toml', 'template.toml', 'j2']) {
    assert.ok(!isTomlTemplate(path), path);
  }
});
