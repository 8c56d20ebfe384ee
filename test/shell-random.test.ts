/** Any text at all can be read as shell, quickly and with spans that make sense. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShell } from '../server/src/syntax/shell.js';
import { cpuTimer } from './support/cpu-time.js';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Small deterministic generator (mulberry32), so that a failure can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function assertOrdered(text: string): void {
  const source = JSON.stringify(text);
  let last = -1;
  for (const command of readShell(text).commands) {
    assert.ok(command.start > last && command.end <= text.length, `commands in order: ${source}`);
    last = command.start;
    const pieces = [...command.assignments, ...command.words, ...command.redirects];
    const end = assertApart(
      pieces.sort((a, b) => a.start - b.start),
      command,
      1,
      source,
    );
    assert.equal(end, command.end, source);
    for (const word of command.words) assertApart(word.parts, word, 0, source);
  }
}

/** Checks that spans follow each other inside the one around them; returns where the last one ends. */
function assertApart(spans: readonly Span[], around: Span, shortest: number, source: string): number {
  let end = around.start;
  for (const span of spans) {
    assert.ok(
      span.start >= end && span.end >= span.start + shortest && span.end <= around.end,
      `spans: ${source}`,
    );
    end = span.end;
  }
  return end;
}

test('any text is read, with spans that lie inside it, in order and apart', () => {
  const pieces =
    ' ,  ,\n,;,&,|,(,),{,},<,>,$,`,",\',\\,#,!,=,a,docker,if ,then ,fi,for ,in ,do ,done,case ,esac,<<E,\nE\n,${,}},${{,$((,)),[[,]],2>&1,x=,:-,*,~,f(),é,\ud83d'.split(
      ',',
    );
  const random = randomNumbers(7);
  for (let round = 0; round < 20000; round++) {
    let text = '';
    for (let length = random() * 24; length > 0; length--)
      text += pieces[Math.floor(random() * pieces.length)];
    assertOrdered(text);
  }
});

test('hostile nesting takes linear time', () => {
  const units = [
    '(',
    '$(',
    '"$(',
    '${x:-',
    '$((',
    '`',
    '{ ',
    'if ',
    'case x in (',
    '[[ ( ',
    'a=(',
    '<<A\n',
    'a|{ a|',
    "'$'",
    '\\`',
    '((\n',
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(100000 / unit.length));
    const took = cpuTimer();
    readShell(text);
    assert.ok(took() < 5000, `${unit} took too long`);
  }
});
