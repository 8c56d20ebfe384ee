/** Writing TOML: each edit in several styles, byte for byte, and what it must refuse. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyEdits } from '../server/src/syntax/patch.js';
import { readToml, type TomlTree, tomlValues } from '../server/src/syntax/toml.js';
import {
  addTomlArrayItem,
  addTomlTable,
  removeTomlEntry,
  setTomlKey,
  tomlValue,
} from '../server/src/syntax/toml-edit.js';
import type { MapNode, Node, SeqNode } from '../server/src/syntax/tree.js';
import { array, edited, entry, table } from './toml-edited.js';
import { plain } from './toml-values.js';

const RUNNER = readFileSync('test/data/toml/runner.toml', 'utf8');

const set = (path: string, key: string, value: string) => (tree: TomlTree) =>
  setTomlKey(tree, table(tree, path), key, value);

const SET: [name: string, before: string, path: string, key: string, value: string, after: string][] = [
  ['replaces', '[a]\nk = 1 # why\nl = 2\n', 'a', 'k', '"x"', '[a]\nk = "x" # why\nl = 2\n'],
  ['replaces in other case', '[a]\nKey=1\n', 'a', 'key', '2', '[a]\nKey=2\n'],
  ['replaces over lines', '[a]\nk = [\n 1, # one\n]\nl = 1\n', 'a', 'k', '[]', '[a]\nk = []\nl = 1\n'],
  [
    'after the last own key',
    '[a]\n  k = 1 # c\n\n  [a.b]\n  l = 1\n',
    'a',
    'n',
    '2',
    '[a]\n  k = 1 # c\n  n = 2\n\n  [a.b]\n  l = 1\n',
  ],
  ['tight', '[a]\nk=1', 'a', 'n', '2', '[a]\nk=1\nn=2'],
  [
    'in columns',
    '[a]\nk    = 1\nlong = 1\nabc  = 1\n',
    'a',
    'n',
    '2',
    '[a]\nk    = 1\nlong = 1\nabc  = 1\nn    = 2\n',
  ],
  [
    'only a header',
    '[[r]]\n    k = 1\n  [r.b]\n  [r.c]\n    k = 1\n',
    'r.0.b',
    'n',
    '2',
    '[[r]]\n    k = 1\n  [r.b]\n      n = 2\n  [r.c]\n    k = 1\n',
  ],
  ['only a header, at the end', 'k = 1\n[a] # c', 'a', 'n', '2', 'k = 1\n[a] # c\n  n = 2'],
  ['root', 'k = 1\n\n[a]\n', '', 'n', '2', 'k = 1\nn = 2\n\n[a]\n'],
  ['root without keys', '[a]\nb=1\n', '', 'n', '2', 'n=2\n\n[a]\nb=1\n'],
  ['dotted', '[a]\nb.c = 1\nd = 1\n', 'a.b', 'n', '2', '[a]\nb.c = 1\nb.n = 2\nd = 1\n'],
  ['dotted deeper', '[a]\nb.c.d = 1\n', 'a.b', 'n', '2', '[a]\nb.c.d = 1\nb.n = 2\n'],
  [
    'implied by a header',
    '[a]\n  k = 1\n  [a.b.c]\n  l = 1\n',
    'a.b',
    'n',
    '2',
    '[a]\n  k = 1\n  [a.b]\n    n = 2\n\n  [a.b.c]\n  l = 1\n',
  ],
  ['braces', 'a = { b = 1 }\n', 'a', 'n', '2', 'a = { b = 1, n = 2 }\n'],
  ['empty braces', 'a = {}\n', 'a', 'n', '2', 'a = { n = 2 }\n'],
  ['tight braces with dots', 'a = {b.c=1,d=2}\n', 'a', 'n', '3', 'a = {b.c=1,d=2,n=3}\n'],
  ['quoted key', '[a]\nk = 1\n', 'a', 'x y', '2', '[a]\nk = 1\n"x y" = 2\n'],
];

for (const [name, before, path, key, value, after] of SET) {
  test(`set a key: ${name}`, () => {
    assert.equal(edited(before, set(path, key, value)), after);
    assert.equal(edited(after, set(path, key, value)), after, 'twice');
  });
}

test('set a key in an empty file and behind a byte order mark', () => {
  assert.equal(edited('', set('', 'a', '1')), 'a = 1\n');
  const marked = '\uFEFF[t]\nb = 1\n';
  assert.equal(applyEdits(marked, [set('', 'a', '1')(readToml(marked))]), '\uFEFFa = 1\n\n[t]\nb = 1\n');
});

test('a table in the way of a value is refused', () => {
  const tree = readToml('[a.b]\nk = 1\n[[c]]\nd.e = 1\n');
  assert.throws(() => setTomlKey(tree, tree.root, 'A', '1'), RangeError);
  assert.throws(() => setTomlKey(tree, tree.root, 'c', '1'), RangeError);
  assert.throws(() => setTomlKey(tree, table(tree, 'c.0'), 'd', '1'), RangeError);
  assert.throws(() => addTomlArrayItem(tree, array(tree, 'c'), '1'), RangeError);
});

const remove = (path: string) => (tree: TomlTree) => removeTomlEntry(tree, entry(tree, path));

const REMOVE: [name: string, before: string, path: string, after: string][] = [
  ['line', '[a]\n  k = 1 # c\n  l = 2\n', 'a.k', '[a]\n  l = 2\n'],
  ['last line', '[a]\nk = 1\nl = 2', 'a.l', '[a]\nk = 1\n'],
  ['lines', 'v = [\n 1, # one\n] # end\nk = 1\n', 'v', 'k = 1\n'],
  ['long string', 'v = """\n[x]\n"""\nk = 1\n', 'v', 'k = 1\n'],
  ['dotted', 'a.b = 1\na.c = 2\nd = 3\n', 'a.c', 'a.b = 1\nd = 3\n'],
  ['all dotted', 'a.b = 1\na.c = 2\nd = 3\n', 'a', 'd = 3\n'],
  ['table', '[a]\nk = 1\n\n  [a.b] # c\n  l = 1\n  [a.b.c]\n\n[d]\n', 'a.b', '[a]\nk = 1\n\n\n[d]\n'],
  ['array of tables', 'k = 1\n[[a]]\n[[a]]\n[a.b]\nl = 1\n[c]\n', 'a', 'k = 1\n[c]\n'],
  ['first in braces', 'a = { b = 1, c = 2 }\n', 'a.b', 'a = { c = 2 }\n'],
  ['last in braces', 'a = { b = 1, c = 2 }\n', 'a.c', 'a = { b = 1 }\n'],
  ['only one in braces', 'a = { b = 1 }\n', 'a.b', 'a = {}\n'],
  ['dotted in braces', 'a = { b.c = 1, b.d = 2, e = 3 }\n', 'a.b.d', 'a = { b.c = 1, e = 3 }\n'],
];

for (const [name, before, path, after] of REMOVE) {
  test(`remove an entry: ${name}`, () => assert.equal(edited(before, remove(path)), after));
}

test('what other statements part is not removed', () => {
  const tree = readToml('[a]\nk = 1\n[b]\n[a.c]\nl = 1\n');
  assert.throws(() => removeTomlEntry(tree, entry(tree, 'a')), RangeError);
  assert.throws(() => removeTomlEntry(readToml('[a]\nk = 1\n'), entry(tree, 'a.k')), RangeError);
});

test('a mark at the start of the file outlives its first line', () => {
  const text = '\uFEFFa = 1\nb = 2\n';
  const tree = readToml(text);
  assert.equal(applyEdits(text, [removeTomlEntry(tree, entry(tree, 'a'))]), '\uFEFFb = 2\n');
});

const add =
  (path: string, after: string, values: Record<string, unknown>, asItem = false) =>
  (tree: TomlTree) =>
    addTomlTable(tree, path.split('.'), table(tree, after), values, asItem);

test('add a table: indented and close, like the ones beside it', () => {
  const before = '[[r]]\n  k = 1 # c\n  [r.a]\n    l = 1\n[[r]]\n  [r.a]\n';
  const after =
    '[[r]]\n  k = 1 # c\n  [r.new]\n    x = "y"\n    n = 3600\n  [r.a]\n    l = 1\n[[r]]\n  [r.a]\n';
  assert.equal(edited(before, add('r.new', 'r.0', { x: 'y', n: 3600, none: undefined })), after);
});

test('add a table: flat with blank lines', () => {
  const before = '[a]\nk=1\n\n[a.b]\nl=1\n\n[c]\n';
  assert.equal(
    edited(before, add('a.d', 'a.b', { x: true })),
    '[a]\nk=1\n\n[a.b]\nl=1\n\n[a.d]\nx=true\n\n[c]\n',
  );
});

test('add a table: the first inside of another, at the end of the file', () => {
  assert.equal(edited('[[r]]\n  k = 1', add('r.n', 'r.0', { x: 1 })), '[[r]]\n  k = 1\n  [r.n]\n    x = 1');
});

test('add a table: to the root', () => {
  assert.equal(edited('', add('a', '', { x: 1 })), '[a]\n  x = 1\n');
  assert.equal(edited('# c', add('a', '', { x: 1 })), '# c\n[a]\n  x = 1\n');
  assert.equal(edited('k = 1\n', add('a', '', { x: 1 })), 'k = 1\n\n[a]\n  x = 1\n');
  assert.equal(edited('[b]\nk = 1\n', add('a', '', { x: 1 })), '[a]\nx = 1\n\n[b]\nk = 1\n');
});

test('add a table: never between a table and its own keys', () => {
  const text = '[a]\nb.c = 1\ni = { x = 1 }\nlast = 1\n';
  for (const after of ['a.b', 'a.i']) {
    assert.equal(edited(text, add('a.n', after, {})), `${text}[a.n]\n`);
  }
});

test('add a table: with tables inside, and as an item', () => {
  const result = edited(RUNNER, tree =>
    addTomlTable(
      tree,
      ['runners', 'docker', 'services'],
      table(tree, 'runners.0.docker.services.1'),
      { name: 'x', variables: { A: 'b' } },
      true,
    ),
  );
  assert.match(
    result,
    /registry:2"\n\n {4}\[\[runners\.docker\.services\]\]\n {6}name = "x"\n {6}\[runners\.docker\.services\.variables\]\n {8}A = "b"\n\n\[\[runners\]\]\n {2}name = "build two"/,
  );
  const values = tomlValues(result) as { runners: { docker?: { services: unknown[] } }[] };
  assert.equal(values.runners[0]?.docker?.services.length, 3);
});

test('edits of a whole runner file leave all else alone', () => {
  for (const text of [RUNNER, RUNNER.replace(/\n/g, '\r\n'), `\uFEFF${RUNNER}`]) {
    const tree = readToml(text);
    const edits = [
      setTomlKey(tree, table(tree, 'runners.0.docker'), 'privileged', 'false'),
      addTomlArrayItem(tree, array(tree, 'runners.0.docker.volumes'), '"/x"'),
      removeTomlEntry(tree, entry(tree, 'runners.0.token')),
    ];
    const line = text.includes('\r') ? '\r\n' : '\n';
    const expected = text
      .replace('privileged = true', 'privileged = false')
      .replace('between jobs', `between jobs${line}      "/x",`)
      .replace(`  token = "glrt-EXAMPLE"${line}`, '');
    assert.equal(applyEdits(text, edits), expected);
  }
});

test('plain values as TOML come back the same', () => {
  const values = {
    text: 'a "quoted" \\ line\n\u0001\u007f\u{1F433}',
    numbers: [1, -2.5, 1e21, 3600, Number.POSITIVE_INFINITY],
    when: new Date(0),
    yes: true,
    nested: [{ 'a.b': [] }, {}],
  };
  const back = tomlValues(`v = ${tomlValue(values)}`);
  assert.deepEqual(JSON.stringify(back?.v), JSON.stringify(values));
  assert.throws(() => tomlValue(null), RangeError);
  assert.throws(() => tomlValue({ a: Symbol('x') }), RangeError);
});

/** Every table of a tree with the plain value that a new key in it would be added to. */
function tables(node: Node, value: unknown): [MapNode, Record<string, unknown>][] {
  if (node.kind === 'seq') return node.items.flatMap((item, i) => tables(item, (value as unknown[])[i]));
  if (node.kind !== 'map') return [];
  const own = value as Record<string, unknown>;
  const inner = node.entries.flatMap(({ key, value: next }) => (next ? tables(next, own[key.text]) : []));
  return [[node, own], ...inner];
}

function arrays(node: Node): SeqNode[] {
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => (value ? arrays(value) : []));
  if (node.kind !== 'seq') return [];
  return [...(node.flow ? [node] : []), ...node.items.flatMap(arrays)];
}

for (const name of ['runner', 'edges']) {
  const text = readFileSync(`test/data/toml/${name}.toml`, 'utf8');
  const tree = readToml(text);

  test(`a new key in any table, an inner table in any section, changes nothing else: ${name}`, () => {
    const value = plain(tree.root);
    const all = tables(tree.root, value);
    assert.ok(all.length > 7);
    for (const [node, own] of all) {
      let result: string;
      try {
        result = applyEdits(text, [setTomlKey(tree, node, 'new', '1')]);
      } catch (error) {
        assert.ok(error instanceof RangeError && /braces/.test(error.message));
        continue;
      }
      own.new = 1;
      assert.deepEqual(plain(readToml(result).root), value);
      delete own.new;
    }
  });

  test(`any entry that can be removed takes nothing else with it: ${name}`, () => {
    const value = plain(tree.root);
    for (const [node, own] of tables(tree.root, value)) {
      for (const gone of node.entries) {
        const before = { ...own };
        const after = readToml(applyEdits(text, [removeTomlEntry(tree, gone)]));
        assert.deepEqual(after.problems, [], gone.key.text);
        delete own[gone.key.text];
        const left = JSON.stringify(plain(after.root), bigints);
        const wanted = JSON.stringify(value, bigints);
        // A table that was only written through what is gone goes too.
        if (Object.keys(own).length > 0) assert.equal(left, wanted, gone.key.text);
        for (const key of Object.keys(before)) delete own[key];
        Object.defineProperties(own, Object.getOwnPropertyDescriptors(before));
      }
    }
  });

  test(`an item more in any array changes nothing else: ${name}`, () => {
    for (const node of arrays(tree.root)) {
      for (const atStart of [true, false]) {
        const result = readToml(applyEdits(text, [addTomlArrayItem(tree, node, '1', atStart)]));
        assert.deepEqual(result.problems, []);
        const counts = (nodes: readonly SeqNode[]) => nodes.reduce((sum, seq) => sum + seq.items.length, 0);
        assert.equal(counts(arrays(result.root)), counts(arrays(tree.root)) + 1);
      }
    }
  });
}

const bigints = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
