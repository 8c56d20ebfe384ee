/** Arrays of TOML: an item more or less, in every style that people write them in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tomlValues } from '../server/src/syntax/toml.js';
import { addTomlArrayItem, removeTomlArrayItem } from '../server/src/syntax/toml-edit.js';
import { array, edited } from './toml-edited.js';

const ITEM: [name: string, before: string, atEnd: string, atStart: string][] = [
  ['empty', 'v = []\n', 'v = [9]\n', 'v = [9]\n'],
  ['empty with space', 'v = [ ]\n', 'v = [ 9 ]\n', 'v = [ 9 ]\n'],
  [
    'empty over lines',
    '  v = [ # none\n  ]\n',
    '  v = [ # none\n    9\n  ]\n',
    '  v = [ # none\n    9\n  ]\n',
  ],
  ['one line', 'v = [1, 2] # c\n', 'v = [1, 2, 9] # c\n', 'v = [9, 1, 2] # c\n'],
  ['one line, tight', 'v=[1,2]\n', 'v=[1,2,9]\n', 'v=[9,1,2]\n'],
  ['one line, trailing comma', 'v = [1, 2,]\n', 'v = [1, 2, 9,]\n', 'v = [9, 1, 2,]\n'],
  ['one line, spaces', 'v = [ "a,]" ]\n', 'v = [ "a,]", 9 ]\n', 'v = [ 9, "a,]" ]\n'],
  ['lines', 'v = [\n  1,\n  2\n]\n', 'v = [\n  1,\n  2,\n  9\n]\n', 'v = [\n  9,\n  1,\n  2\n]\n'],
  [
    'lines, trailing comma',
    'v = [\n\t1,\n\t2,\n]\n',
    'v = [\n\t1,\n\t2,\n\t9,\n]\n',
    'v = [\n\t9,\n\t1,\n\t2,\n]\n',
  ],
  [
    'lines, comments',
    'v = [ # all\n  # one,\n  1, # [1]\n  2 # two,\n  # 3,\n]\n',
    'v = [ # all\n  # one,\n  1, # [1]\n  2, # two,\n  9\n  # 3,\n]\n',
    'v = [ # all\n  9,\n  # one,\n  1, # [1]\n  2 # two,\n  # 3,\n]\n',
  ],
  ['lines, bracket at the end', 'v = [1,\n     2]\n', 'v = [1,\n     2,\n     9]\n', 'v = [9, 1,\n     2]\n'],
  ['one item, bracket below', 'v = ["a" # c\n]\n', 'v = ["a", 9 # c\n]\n', 'v = [9, "a" # c\n]\n'],
];

for (const [name, before, atEnd, atStart] of ITEM) {
  test(`add an item: ${name}`, () => {
    assert.equal(
      edited(before, tree => addTomlArrayItem(tree, array(tree, 'v'), '9')),
      atEnd,
    );
    assert.equal(
      edited(before, tree => addTomlArrayItem(tree, array(tree, 'v'), '9', true)),
      atStart,
    );
    for (const [text, last] of [
      [atEnd, true],
      [atStart, false],
    ] as const) {
      const back = edited(text, tree => {
        const { items } = array(tree, 'v');
        return removeTomlArrayItem(tree, array(tree, 'v'), (last ? items.at(-1) : items[0]) ?? assert.fail());
      });
      assert.deepEqual(tomlValues(back), tomlValues(before), 'and removed again');
    }
  });
}
