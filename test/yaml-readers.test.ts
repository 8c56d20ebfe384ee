/** Holds the reader of sound YAML against the parser that recovers: on every fixture, and on texts with random edits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, ParsedBlock } from '../server/src/syntax/tree.js';
import { readSoundBlock } from '../server/src/syntax/yaml-events.js';
import { recoverBlock } from '../server/src/syntax/yaml-recover.js';
import { eventsOf } from '../server/src/syntax/yaml-shallow.js';
import { splitYaml } from '../server/src/syntax/yaml-split.js';
import { readFixtures } from './support/fixture.js';
import { random } from './support/random.js';

/** Everything but the blocks themselves. */
function plain(node: Node | undefined): unknown {
  if (!node) return undefined;
  const { block: _, ...rest } = node;
  if (rest.kind === 'seq') return { ...rest, items: rest.items.map(plain) };
  if (rest.kind !== 'map') return rest;
  const entries = rest.entries.map(({ key, value, ...span }) => ({
    key: plain(key),
    value: plain(value),
    ...span,
  }));
  return { ...rest, entries };
}

function shown({ root, anchors }: ParsedBlock): unknown {
  return { root: plain(root), anchors: [...anchors].map(([name, nodes]) => [name, nodes.map(plain)]) };
}

/** `yaml` 2.9 takes a line of blanks behind a plain value for a part of the next key. */
const MISREAD = 'Implicit keys need to be on a single line';

/** Returns whether the text was sound for both. What only the tools of our formats take has a test of its own. */
function agree(text: string): boolean {
  const sound = readSoundBlock(text);
  if (!sound || eventsOf(text, { maxDepth: 100 })?.joined) return false;
  const recovered = recoverBlock(text);
  const [problem] = recovered.problems;
  if (problem?.message === MISREAD) return false;
  assert.equal(problem, undefined, JSON.stringify(text));
  assert.deepEqual(shown(sound), shown(recovered), JSON.stringify(text));
  return true;
}

const blocks = [
  ...new Set(
    readFixtures('test/fixtures')
      .flatMap(({ files }) => files.filter(({ path }) => /ya?ml$/.test(path)))
      .flatMap(({ text }) =>
        splitYaml(text).flatMap(document => document.blocks.map(({ start, end }) => text.slice(start, end))),
      ),
  ),
];

test('yaml readers: every block of every fixture that is sound is read the same', () => {
  const sound = blocks.filter(agree).length;
  assert.ok(sound > 0.95 * blocks.length, `${sound} of ${blocks.length} blocks are read fast`);
});

test('yaml readers: shapes that parsers differ on', () => {
  const shapes = [
    'a:\n\t',
    'a: ![b]\n',
    'a: !x b: c\n',
    '!!str a: b\n',
    'a: b\rc: d\n',
    'a:\n- ""  b: c\n',
    '---',
    '? [a]\n: b\n',
  ];
  for (const shape of shapes) assert.equal(agree(shape), false, shape);
  const sound = [
    '- &a b: c\n- *a\n',
    '- | # x\n  y\n-\n- - z\n',
    'a: &x\nb: !t\nc: # d\n',
    '[a: b, {c, d: }]\n',
  ];
  for (const shape of sound) assert.equal(agree(shape), true, shape);
});

test('yaml readers: lines inside of quotes and brackets may stand too far left, as for libyaml', () => {
  const read = (text: string): unknown => {
    const sound = readSoundBlock(text);
    return sound && written(sound.root);
  };
  assert.deepEqual(read('a:\n  b: \'{\n    "x": 1\n  }\'\n  c: d\n'), { a: { b: '{ "x": 1 }', c: 'd' } });
  assert.deepEqual(read('a:\r\n  b: "x\r\n\r\ny \\\r\n z"\r\n  c: d\r\n'), { a: { b: 'x\ny z', c: 'd' } });
  assert.deepEqual(read('a:\n  - [\n  x y\n  z,\n  "u\n  v"\n  ]\n  - w\n'), { a: [['x y z', 'u v'], 'w'] });
  // A comment would go on over the lines that are joined to it.
  assert.equal(read('a:\n  b: [\n  x, # y\n  z\n  ]\n'), undefined);
  // With a bracket or quote that nothing closes there is nothing to read.
  assert.equal(read("a:\n  b: 'x\n  c: d\n"), undefined);
  assert.equal(read(`a:\n  b: '${'x\n  '.repeat(65)}'\n`), undefined);

  const text = "a:\n  b: 'x\n  y'\n  c: d\n";
  const root = readSoundBlock(text)?.root;
  const map = root?.kind === 'map' ? root.entries[0]?.value : undefined;
  const spans = map?.kind === 'map' && map.entries.map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(spans, ["b: 'x\n  y'", 'c: d']);
});

function written(node: Node | undefined): unknown {
  if (node?.kind === 'seq') return node.items.map(written);
  if (node?.kind !== 'map') return node?.kind === 'scalar' ? node.text : undefined;
  return Object.fromEntries(
    node.entries.map(({ key, value }) => [key.kind === 'scalar' && key.text, written(value)]),
  );
}

const BITS =
  ': |:|- |-|\n|\n  | |#| # c|>-\n|&a |*a|!reference |[|]|{|}|,|"|\'|? |\t|%|@|`|<<: *a|---|\\|é|~|null|!|!!str |\r\n'
    .split('|')
    .concat(['|', '|\n', ': |+\n']);

test('yaml readers: random edits of fixtures', () => {
  const short = blocks.filter(({ length }) => length < 1500);
  const { pick, below } = random(20_261_129);
  let sound = 0;
  for (let i = 0; i < 4_000; i++) {
    let text = pick(short);
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = below(text.length + 1);
      text = text.slice(0, at) + (below(3) > 0 ? pick(BITS) : '') + text.slice(at + below(4));
    }
    if (agree(text)) sound++;
  }
  assert.ok(sound > 1_000, `${sound} texts were sound`);
});
