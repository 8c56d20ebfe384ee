/** Follows the text of YAML scalars back to the source, in every style. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scalarMap } from '../server/src/syntax/scalar-map.js';
import { readYaml } from '../server/src/syntax/yaml.js';

function scalarIn(text: string) {
  const value = readYaml(text).documents[0]?.entries[0]?.value;
  assert.ok(value?.kind === 'scalar');
  return value;
}

/** Source of `word` in the first value, found through the map. */
function sourceOfWord(text: string, word: string): string | undefined {
  const node = scalarIn(text);
  const at = node.text.indexOf(word);
  assert.ok(at >= 0, `${word} in ${JSON.stringify(node.text)}`);
  const span = scalarMap(node).toSource(at, at + word.length);
  return span && node.block.text.slice(span.start, span.end);
}

const CASES: readonly (readonly [string, string, string, string])[] = [
  ['plain', 'a: docker login -p x\n', 'login', 'login'],
  ['plain over lines', 'a: docker\n  login\n  -p x\n', 'login', 'login'],
  ['single quotes', "a: 'it''s docker login'\n", 'login', 'login'],
  ['an escaped quote', "a: 'it''s docker'\n", "it's", "it''s"],
  ['double quotes', 'a: "docker \\"login\\" -p"\n', '-p', '-p'],
  ['an escape', 'a: "x \\"login\\" y"\n', '"login"', '\\"login\\"'],
  ['unicode escapes', 'a: "\\u00e9 \\x41 login"\n', 'login', 'login'],
  ['an escaped line end', 'a: "docker \\\n  login"\n', 'login', 'login'],
  ['quotes over lines', 'a: "docker\n  login\n\n  next"\n', 'next', 'next'],
  ['literal', 'a: |\n  docker\n    login -p\n  next\n', 'login', 'login'],
  ['literal after a blank line', 'a: |\n\n  docker login\n', 'login', 'login'],
  ['literal with its own indentation', 'a: |2\n    docker login\n', 'login', 'login'],
  ['literal with Windows line ends', 'a: |\r\n  docker\r\n  login -p\r\n', 'login', 'login'],
  ['folded', 'a: >\n  docker\n  login\n\n  next one\n', 'next one', 'next one'],
  ['folded with deeper lines', 'a: >-\n  docker\n    login\n  next\n', 'next', 'next'],
];

for (const [name, text, word, expected] of CASES) {
  test(`scalar map: ${name}`, () => assert.equal(sourceOfWord(text, word), expected));
}
