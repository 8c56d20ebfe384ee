/** Reading what is no TOML, or too much of it: what is left out, what is said, and how long it takes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readToml, type TomlTree, tomlValues } from '../server/src/syntax/toml.js';
import { cpuTimer } from './support/cpu-time.js';
import { at, crlf, keysOf, plain, written } from './toml-values.js';

const RUNNER = readFileSync('test/data/toml/runner.toml', 'utf8');
const EDGES = readFileSync('test/data/toml/edges.toml', 'utf8');

/** Problems as the text that they stand on. */
function complaints(text: string): string[] {
  return readToml(text).problems.map(problem => text.slice(problem.start, problem.end));
}

const BROKEN: [name: string, bad: string][] = [
  ['placeholder', 'token = {PLACEHOLDER}'],
  ['variable', 'token = $RUNNER_TOKEN'],
  ['two slashes', "// don't [touch"],
  ['Jinja value', 'token = {{ runner_token }}'],
  ['Jinja statement', '{% if runner.privileged %}'],
  ['Terraform value', 'token = ${var.token}'],
  ['no value', 'token ='],
  ['no value, with comment', 'token = # later'],
  ['no equals sign', 'token'],
  ['open string', 'token = "abc'],
  ['open array', 'volumes = ["/a",\n    "/b"'],
  ['open array and string', 'volumes = ["/a", "/b]'],
  ['open brace', 'services = { name = "x"'],
  ['word', 'executor = docker'],
  ['leading zero', 'limit = 012'],
  ['two on a line', 'a = 1 b = 2'],
  ['key twice', 'name = "again"'],
];

for (const [name, bad] of BROKEN) {
  test(`one bad statement is left out, the rest is read: ${name}`, () => {
    const text = `concurrent = 4\n[[runners]]\n  name = "n"\n  ${bad}\n  url = "u"\n  limit2 = 1\n\n[runners.docker]\n  image = "i"\n`;
    for (const variant of [text, crlf(text), `\uFEFF${text}`]) {
      const tree = readToml(variant);
      assert.deepEqual(complaints(variant), [
        variant === text ? bad : variant.startsWith('\uFEFF') ? bad : crlf(bad),
      ]);
      assert.equal(written(tree, 'runners', 0, 'name'), '"n"');
      assert.deepEqual(keysOf(at(tree, 'runners', 0)), ['name', 'url', 'limit2', 'docker']);
      assert.equal(written(tree, 'runners', 0, 'docker', 'image'), '"i"');
      assert.ok(tree.isTainted(tree.root.block));
    }
  });
}

test('keys under a broken header never land in the table above', () => {
  for (const bad of [
    '[runners.docker',
    '[runners.docker]]',
    '[runners.{{ kind }}]',
    '[runners.cache]',
    '[[runners.docker]',
  ]) {
    const text = `[[runners]]\nname = "n"\n[runners.cache]\nType = "s3"\n${bad}\nprivileged = true\n[runners.ssh]\nuser = "u"\n`;
    const tree = readToml(text);
    assert.deepEqual(complaints(text), [bad]);
    assert.deepEqual(keysOf(at(tree, 'runners', 0)), ['name', 'cache', 'ssh'], bad);
    assert.deepEqual(keysOf(at(tree, 'runners', 0, 'cache')), ['Type'], bad);
  }
});

test('with a broken runner go the tables inside of it', () => {
  const text =
    '[[runners]\nname = "a"\n[runners.docker]\nimage = "a"\n[[runners]]\nname = "b"\n[runners.docker]\nimage = "b"\n';
  const tree = readToml(text);
  assert.deepEqual(complaints(text), ['[[runners]']);
  assert.deepEqual(plain(tree.root), { runners: [{ name: 'b', docker: { image: 'b' } }] });
});

test('an open long string takes no later table with it', () => {
  const tree = readToml('a = """\n text\n\n[b]\nk = 1\n');
  assert.equal(tree.problems.length, 1);
  assert.deepEqual(plain(tree.root), { b: { k: 1 } });
});

test('several bad lines are each a problem, in order', () => {
  const text = 'a = $a\nb = 1\n{% if x %}\nc = {{ c }}\n{% endif %}\nd = 2\n// end\n';
  assert.deepEqual(complaints(text), ['a = $a', '{% if x %}', 'c = {{ c }}', '{% endif %}', '// end']);
  assert.deepEqual(plain(readToml(text).root), { b: 1, d: 2 });
});

test('after twenty bad statements only what stands before the next is read', () => {
  const lines = Array.from({ length: 30 }, (_, i) => `good${i} = ${i}\nbad${i} = $x\n`);
  const tree = readToml(lines.join(''));
  assert.equal(tree.problems.length, 21);
  assert.deepEqual(
    keysOf(tree.root),
    Array.from({ length: 21 }, (_, i) => `good${i}`),
  );
});

test('messages name the reason and never the value', () => {
  const [problem] = readToml('token = glrt-SECRET\n').problems;
  assert.match(problem?.message ?? '', /^Not valid TOML: Unexpected character\.$/);
});

function timed(text: string): TomlTree {
  const took = cpuTimer();
  const tree = readToml(text);
  assert.ok(took() < 15_000);
  return tree;
}

test('deep nesting is one problem and no overflow', () => {
  const deep = 10_000;
  const texts = [
    `x = ${'['.repeat(deep)}${']'.repeat(deep)}\n`,
    `x = ${'{a='.repeat(deep)}1${'}'.repeat(deep)}\n`,
    `${'a.'.repeat(deep)}a = 1\n`,
    `[${'a.'.repeat(deep)}a]\n`,
    '['.repeat(deep),
    `x = ${'['.repeat(deep)}`,
  ];
  for (const text of texts) {
    const tree = timed(text);
    assert.equal(tree.problems.length, 1, text.slice(0, 10));
    assert.deepEqual(tree.root.entries, []);
    assert.ok(tree.isTainted(tree.root.block));
  }
});

test('what is around a value that is too long or deep is still read', () => {
  const long = readToml(`a = 1\nb = "${'x'.repeat(1_000_000)}"\nc = 2\n`);
  assert.deepEqual([keysOf(long.root), long.problems], [['a', 'c'], []]);
  const deep = readToml(`a = 1\nb = ${'['.repeat(5000)}${']'.repeat(5000)}\nc = 2\n`);
  assert.deepEqual([keysOf(deep.root), deep.problems.length], [['a', 'c'], 1]);
});

test('five megabytes, sound or broken, take seconds', () => {
  const pairs = Array.from({ length: 200_000 }, (_, i) => `key_number_${i} = "value"\n`).join('');
  assert.equal(timed(pairs).root.entries.length, 200_000);
  assert.ok(timed(pairs.replaceAll('"value"', '$value')).problems.length > 0);
  assert.ok(timed(`${pairs}key_number_7 = 1\n`.repeat(1)).problems.length === 1);
  assert.ok(timed('x'.repeat(5_000_000)).problems.length === 1);
  assert.ok(timed(`x = "${'\\'.repeat(5_000_000)}`).problems.length === 1);
  assert.ok(timed('"'.repeat(5_000_000)).problems.length === 1);
});

test('any piece of a file can be read', () => {
  for (const sample of [RUNNER, EDGES]) {
    for (let cut = 0; cut < sample.length; cut += 7) {
      for (const text of [
        sample.slice(0, cut),
        sample.slice(cut),
        sample.slice(0, cut) + sample.slice(cut + 3),
      ]) {
        const tree = readToml(text);
        for (const problem of tree.problems) {
          assert.ok(problem.start < problem.end && problem.end <= text.length);
          assert.equal(tomlValues(text), undefined, 'a problem in a text that the second parser takes');
        }
      }
    }
  }
});
