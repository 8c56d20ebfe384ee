/** Holds what is led from a text inside of a YAML value back to its source against the source itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmValues } from '../server/src/dialects/helm-values/index.js';
import { embeddedMap } from '../server/src/syntax/embedded-text.js';
import { applyEdits, type TextEdit } from '../server/src/syntax/patch.js';
import type { Node, ScalarNode } from '../server/src/syntax/tree.js';
import { readYaml } from '../server/src/syntax/yaml.js';
import { projectOf } from './support/project.js';
import { type Random, random } from './support/random.js';

function configIn(node: Node | undefined): ScalarNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const own = node.entries.find(({ key }) => key.text === 'config')?.value;
  return own?.kind === 'scalar' ? own : node.entries.map(({ value }) => configIn(value)).find(Boolean);
}

function read(text: string): { readonly node: ScalarNode; readonly start: number } {
  const tree = readYaml(text);
  for (const { block, root } of tree.documents.flatMap(({ blocks }) => blocks)) {
    const node = configIn(root);
    if (node) return { node, start: tree.startOf(block) ?? 0 };
  }
  throw new Error('no config in the text');
}

function edited(text: string, edit: TextEdit): string {
  const { node, start } = read(text);
  const source = embeddedMap(node).toSourceEdit(edit);
  assert.ok(source, 'a literal block can hold everything');
  return applyEdits(text, [{ ...source, start: source.start + start, end: source.end + start }]);
}

const LINES = [
  '[[runners]]',
  '  name = "x"',
  '',
  '   # comment',
  '  [runners.docker]',
  '\t"tab" = 1',
  'ünïcode',
];

function randomValues(dice: Random): string {
  const lineBreak = dice.pick(['\n', '\r\n']);
  const indent = ' '.repeat(1 + dice.below(4));
  const lines = Array.from({ length: 1 + dice.below(8) }, () => dice.pick(LINES));
  const block = ['first = 1', ...lines].map(line =>
    line === '' ? dice.pick(['', ' ']) : `  ${indent}${line}`,
  );
  const header = dice.pick(['|', '|-', '|+']);
  const after = dice.pick(['', 'tolerations: []', '# the end', '\n\nx: 1']);
  return ['gitlabUrl: x', 'runners:', `  config: ${header}`, ...block, after].join(lineBreak);
}

test('each character of the text is led to the same one of the source', () => {
  const dice = random(7);
  for (let round = 0; round < 300; round++) {
    const text = randomValues(dice);
    const { node, start } = read(text);
    const map = embeddedMap(node);
    for (let at = 0; at < node.text.length; at++) {
      const span = map.toSource({ start: at, end: at + 1 });
      if (node.text[at] === '\n') continue;
      assert.equal(text.slice(start + (span?.start ?? 0), start + (span?.end ?? 0)), node.text[at], text);
      assert.equal(map.fromSource(span?.start ?? 0), at, text);
    }
  }
});

test('what is inserted between lines stands there, with the indentation of the block', () => {
  const dice = random(8);
  for (let round = 0; round < 300; round++) {
    const text = randomValues(dice);
    const { node } = read(text);
    const lines = node.text.split('\n');
    const at = dice.below(lines.length - 1) + 1;
    const offset = lines.slice(0, at).join('\n').length;
    // At the end of a line, as a new key goes; and before one, as a new first key does.
    const behind = edited(text, { start: offset, end: offset, newText: '\na = [\n  1,\n\n]' });
    assert.equal(
      read(behind).node.text,
      `${node.text.slice(0, offset)}\na = [\n  1,\n\n]${node.text.slice(offset)}`,
      text,
    );
    if (lines[at] === '' || lines[at] === undefined) continue;
    const next = offset + 1;
    const before = edited(text, { start: next, end: next, newText: 'a = 1\n' });
    assert.equal(read(before).node.text, `${node.text.slice(0, next)}a = 1\n${node.text.slice(next)}`, text);
  }
});

test('a value in quotes leads findings back, and holds no edits', () => {
  const text = 'gitlabUrl: x\nrunners:\n  config: "[[runners]]\\n  volums = 1\\n"\n';
  const project = projectOf([['values.yaml', text]]);
  const [finding] = project
    .check()
    .flatMap(file => file.findings.filter(({ rule }) => rule === 'toml-unknown-key'));
  assert.ok(finding);
  assert.equal(text.slice(finding.start, finding.end), 'volums');
  assert.deepEqual(finding.fixes(), []);
});

test('values of the chart are told from other YAML by structure', () => {
  const is = (text: string): boolean => helmValues.recognise('values.yaml', text);
  assert.ok(is('runners:\n  config: |\n    [[runners]]\n      limit = 1\n'));
  assert.ok(is('a: 1\nupstream:\n  # note\n  runners:\n    name: x\n    config: |-\n\n      [[runners]]\n'));
  assert.ok(is('runners:\n  privileged: true\n\ngitlabUrl: https://gitlab.example.com\n'));
  assert.ok(is('runnerToken: x\nrunners: # here\n  tags: a\n'));
  assert.ok(!is('runners:\n  config: |\n    level = 1\nnotes: |\n  [[runners]]\n'), 'TOML elsewhere');
  assert.ok(!is('runners:\n  privileged: true\n  image: ruby\n'), 'nothing names GitLab');
  assert.ok(!is('app:\n  gitlabUrl: x\nrunners:\n  a: 1\n'), 'another map names GitLab');
  assert.ok(!is('config: |\n  [[runners]]\n'), 'no runners');
  assert.ok(!helmValues.recognise('values.json', 'runners:\n  config: |\n    [[runners]]\n'));
});
