/** Reads heredocs out of Terraform files: what counts as one, and where its text stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedTexts, readHeredocs } from '../server/src/dialects/terraform/read.js';
import { embeddedMap } from '../server/src/syntax/embedded-text.js';
import { applyEdits, type TextEdit } from '../server/src/syntax/patch.js';
import type { ScalarNode, Tree } from '../server/src/syntax/tree.js';
import { cpuTimer } from './support/cpu-time.js';
import { projectOf } from './support/project.js';
import { random } from './support/random.js';

const RUNNERS = '[[runners]]\n  name = "x"\n';

function textsIn(terraform: string): readonly (readonly [string, string])[] {
  return embeddedTexts(readHeredocs(terraform)).map(({ dialect, node }) => [dialect, node.text]);
}

const CASES: Readonly<Record<string, readonly [string, readonly (readonly [string, string])[]]>> = {
  'a heredoc': [`a = <<EOT\n${RUNNERS}EOT\n`, [['gitlab-runner', RUNNERS]]],
  'an indented one': [
    'a = <<-EOT\n    [[runners]]\n\n      name = "x"\n  EOT\n',
    [['gitlab-runner', '[[runners]]\n\n  name = "x"\n']],
  ],
  'one in a list, with a name of its own': [
    `a = [<<toml-1\n${RUNNERS}  toml-1\n]\n`,
    [['gitlab-runner', RUNNERS]],
  ],
  'line ends of Windows': [
    `a = <<EOT\r\n${RUNNERS.replaceAll('\n', '\r\n')}EOT\r\n`,
    [['gitlab-runner', RUNNERS]],
  ],
  'two of them, and one of others': [
    `a = <<A\n${RUNNERS}A\nb = <<B\nx = 1\nB\nc = <<C\n${RUNNERS}C\n`,
    [
      ['gitlab-runner', RUNNERS],
      ['gitlab-runner', RUNNERS],
    ],
  ],
  'values of the chart': [
    'a = <<A\n# values\nrunners:\n  config: |\n    [[runners]]\nA\n',
    [['helm-values', '# values\nrunners:\n  config: |\n    [[runners]]\n']],
  ],
  'a comment in front': [`a = <<A\n# ours\n${RUNNERS}A\n`, [['gitlab-runner', `# ours\n${RUNNERS}`]]],
  'a directive in front': [
    `a = <<A\n%{ if x ~}\n${RUNNERS}%{ endif ~}\nA\n`,
    [['gitlab-runner', `%{ if x ~}\n${RUNNERS}%{ endif ~}\n`]],
  ],
  'a script': [`a = <<A\n#!/bin/sh\n${RUNNERS}A\n`, []],
  'a script that writes a file': [`a = <<A\nX=1\ncat <<EOF\n${RUNNERS}EOF\nA\n`, []],
  prose: [`a = <<A\nWrite this:\n\n${RUNNERS}A\n`, []],
  'a comment that opens none': [`# <<A\n// <<A\n/* <<A\n */\n${RUNNERS}A\n`, []],
  'a string that opens none': [`a = "<<A\n${RUNNERS}A\n`, [['gitlab-runner', RUNNERS]]],
  'a string with marks of a comment': [
    `a = "x # \\" //"\nb = <<A\n${RUNNERS}A\n`,
    [['gitlab-runner', RUNNERS]],
  ],
  'no end': [`a = <<A\n${RUNNERS}`, []],
  'something behind the mark': [`a = 1 <<A + 1\n${RUNNERS}A\n`, []],
};

for (const [name, [text, expected]] of Object.entries(CASES))
  test(`heredocs: ${name}`, () => assert.deepEqual(textsIn(text), expected));

test('heredocs: what did not change keeps its node', () => {
  const file = (a: string, b: string): string => `x = <<A\n${a}A\ny = <<A\n${b}A\n`;
  const nodes = (tree: Tree) => embeddedTexts(tree).map(({ node }) => node);
  const before = readHeredocs(file(RUNNERS, RUNNERS));
  const after = readHeredocs(`# more\n${file(`${RUNNERS}# new\n`, RUNNERS)}`, before);
  const [first, second] = nodes(after);
  assert.ok(!nodes(before).includes(first as ScalarNode));
  assert.equal(second, nodes(before)[0], 'of two that are alike, either will do');
  assert.notEqual(before.startOf(second?.block as never), after.startOf(second?.block as never));
});

test('heredocs: each character is led to its place and back, and edits keep the indentation', () => {
  const dice = random(11);
  const lines = ['[[runners]]', '  name = "x"', '', '   # comment', '\t"tab" = 1', 'a = "${x}"'];
  for (let round = 0; round < 200; round++) {
    const lineBreak = dice.pick(['\n', '\r\n']);
    const mark = dice.pick(['<<', '<<-']);
    const indent = ' '.repeat(dice.below(5));
    const body = ['[[runners]]', ...Array.from({ length: dice.below(6) }, () => dice.pick(lines))];
    const written = body.map(line => (line === '' ? dice.pick(['', ' ']) : indent + line));
    const text = ['x = {', `  a = ${mark}EOT`, ...written, `${indent}EOT`, '}', ''].join(lineBreak);
    const tree = readHeredocs(text);
    const [{ node } = assert.fail('a heredoc')] = embeddedTexts(tree);
    const start = tree.startOf(node.block) ?? assert.fail('a place');
    const map = embeddedMap(node);
    for (let at = 0; at < node.text.length; at++) {
      if (node.text[at] === '\n') continue;
      const span = map.toSource({ start: at, end: at + 1 }) ?? assert.fail('a place');
      assert.equal(text.slice(start + span.start, start + span.end), node.text[at], text);
      assert.equal(map.fromSource(span.start), at, text);
    }
    const at = node.text.indexOf('\n');
    const edit = map.toSourceEdit({ start: at, end: at, newText: '\nb = 1' }) as TextEdit;
    const edited = applyEdits(text, [{ ...edit, start: edit.start + start, end: edit.end + start }]);
    const [inner] = textsIn(edited);
    assert.equal(inner?.[1], `${node.text.slice(0, at)}\nb = 1${node.text.slice(at)}`, edited);
    assert.equal(edited.replace(/\r?\n *b = 1/, ''), text, 'the rest is left alone');
  }
});

test('heredocs: a finding stands on its line of the file, also in TOML inside of values', () => {
  const main =
    'a = <<-EOT\n  runners:\n    config: |\n      [[runners]]\n        nme = "x"\n  EOT\nb = <<EOT\n[[runners]]\nlimt = 1\nEOT\n';
  const found = projectOf([['main.tf', main]]).check()[0];
  assert.equal(found?.dialect, 'gitlab-runner');
  const words = found.findings.map(({ rule, start, end }) => `${rule} ${main.slice(start, end)}`);
  assert.deepEqual(words, ['toml-unknown-key nme', 'toml-unknown-key limt']);
});

test('heredocs: a file without runners is none of ours, whatever it is called', () => {
  const project = projectOf([
    ['main.tf', 'resource "x" "y" {}\n'],
    ['runner.tofu', `a = <<A\n${RUNNERS}A\n`],
    ['notes.txt', `a = <<A\n${RUNNERS}A\n`],
  ]);
  assert.deepEqual(
    ['main.tf', 'runner.tofu', 'notes.txt'].map(path => project.dialectOf(path)),
    [undefined, 'gitlab-runner', undefined],
  );
});

test('heredocs: many marks that nothing closes are read in bounded time', () => {
  const took = cpuTimer();
  textsIn('a = <<A\n'.repeat(100_000));
  textsIn(`${'${{'.repeat(100_000)}\n[[runners]]\n`);
  assert.ok(took() < 5_000);
});
