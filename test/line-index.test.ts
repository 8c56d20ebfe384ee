/** Tests that offsets and pairs of line and character lead to one another, for every kind of line end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineIndex } from '../server/src/syntax/line-index.js';

test('lines end with LF, CRLF or CR', () => {
  const text = 'a\nbc\r\nd\re';
  const index = createLineIndex(text);
  assert.equal(index.lineCount, 4);
  const lines = [0, 1, 2, 3].map(line => {
    const { start, end } = index.line(line);
    return text.slice(start, end);
  });
  assert.deepEqual(lines, ['a', 'bc', 'd', 'e']);
});

test('every offset on a character comes back from its position', () => {
  const text = 'ä€\n\r\n😀x\ry\n';
  const index = createLineIndex(text);
  for (let offset = 0; offset <= text.length; offset++) {
    if (text[offset - 1] === '\r' && text[offset] === '\n') continue;
    assert.equal(index.offset(index.position(offset)), offset, `offset ${offset}`);
  }
});

test('characters are UTF-16 units', () => {
  const index = createLineIndex('x\n😀y');
  assert.deepEqual(index.position(4), { line: 1, character: 2 });
  assert.equal(index.offset({ line: 1, character: 2 }), 4);
});

test('what lies between CR and LF, or outside of the text, goes to the nearest place', () => {
  const index = createLineIndex('ab\r\nc');
  assert.deepEqual(index.position(3), { line: 0, character: 2 });
  assert.deepEqual(index.position(99), { line: 1, character: 1 });
  assert.deepEqual(index.position(-1), { line: 0, character: 0 });
  assert.equal(index.offset({ line: 0, character: 99 }), 2);
  assert.equal(index.offset({ line: 7, character: 0 }), 5);
  assert.equal(index.offset({ line: -1, character: 3 }), 0);
});

test('an empty text has one empty line', () => {
  const index = createLineIndex('');
  assert.equal(index.lineCount, 1);
  assert.deepEqual(index.position(0), { line: 0, character: 0 });
  assert.deepEqual(index.line(0), { start: 0, end: 0 });
});
