/** Applying text edits: order, neighbours, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../server/src/syntax/patch.js';

test('edits apply in any order and refuse to overlap', () => {
  const at2 = { start: 2, end: 2, newText: 'x' };
  assert.equal(
    applyEdits('abcd', [
      { start: 2, end: 4, newText: '' },
      at2,
      { start: 0, end: 1, newText: 'A' },
      { ...at2, newText: 'y' },
    ]),
    'Abxy',
  );
  assert.throws(() => applyEdits('abcd', [{ start: 0, end: 3, newText: '' }, at2]), RangeError);
  assert.throws(() => applyEdits('abcd', [{ start: 3, end: 5, newText: '' }]), RangeError);
  assert.throws(() => applyEdits('abcd', [{ start: -1, end: 0, newText: '' }]), RangeError);
  assert.throws(() => applyEdits('abcd', [{ start: 2, end: 1, newText: '' }]), RangeError);
});
