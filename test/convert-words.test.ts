/** Values of commands, the statements of a script, and what is left of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Changes, editsOf, statementsOf } from '../server/src/analysis/convert/statements.js';
import { joined, readValue, type Value, valueAt } from '../server/src/analysis/convert/values.js';
import type { ScriptText } from '../server/src/model/build-site.js';
import { commandsOf } from '../server/src/model/script.js';
import { applyEdits } from '../server/src/syntax/patch.js';
import { readFlags, readShell } from '../server/src/syntax/shell.js';
import { newBlock } from '../server/src/syntax/tree.js';

function value(source: string): Value {
  const read = readValue(source);
  assert.ok(read, `one word: ${source}`);
  return read;
}

test('a value is one word and nothing else', () => {
  for (const source of ['a', '"$A b"', "'x y'", '$A:$(git rev-parse HEAD)', '`date`', 'a"b"\'c\''])
    assert.equal(readValue(source)?.source, source);
  for (const source of ['', 'a b', '"a', 'a;b', 'a > b', '$(a', 'a # b', 'a|b'])
    assert.equal(readValue(source), undefined, source);
});

test('the value of a flag keeps its quotes', () => {
  const cases: [string, string | undefined][] = [
    ['--tag a:1', 'a:1'],
    ['--tag=$A', '$A'],
    ['--tag "$A:$B"', '"$A:$B"'],
    ['--tag="$A:$B"', '"$A:$B"'],
    ['"--tag=$A b"', '"$A b"'],
    ["'--tag=a $b'", "'a $b'"],
    ['--tag=$A"x y"', '$A"x y"'],
  ];
  for (const [flag, expected] of cases) {
    const script = `docker ${flag}`;
    const words = readShell(script).commands[0]?.words.slice(1) ?? [];
    const found = readFlags(words, new Set(['--tag'])).flags[0]?.value;
    assert.equal(found && valueAt(script, found, found.word)?.source, expected, flag);
  }
});

test('pieces become one word with the same values in it', () => {
  const cases: [(string | Value)[], string | undefined][] = [
    [['build-arg:', value('A=1')], 'build-arg:A=1'],
    [['build-arg:', value('A="$X"')], '"build-arg:A=$X"'],
    [['build-arg:', value('"A=$X y"')], '"build-arg:A=$X y"'],
    [['build-arg:', value("'A=$X'")], '"build-arg:A=\\$X"'],
    [['a=', value('\'say "hi"\'')], '"a=say \\"hi\\""'],
    [['type=image,name=', value('$IMAGE:$TAG'), ',push=true'], 'type=image,name=$IMAGE:$TAG,push=true'],
    [['"name=', value('$A'), ',', value('"$B"'), '"'], '"\\"name=$A,$B\\""'],
    [['x=', value('"$(cat "a b")"')], '"x=$(cat "a b")"'],
    [['x=', value('${A:-"b"}"c"')], 'x=${A:-"b"}"c"'],
    [['x=', value('~/a')], undefined],
    [['x=', value('*.txt')], undefined],
    [['x=', value('{a,b}')], undefined],
  ];
  for (const [pieces, expected] of cases) {
    const word = joined(...pieces);
    assert.equal(word, expected);
    if (word !== undefined) assert.ok(readValue(word), `${word} is one word`);
  }
});

function script(text: string): ScriptText {
  const block = newBlock(text);
  const whole = { path: 'a', block, start: 0, end: text.length };
  return {
    text,
    part: 'main',
    origin: { place: whole, way: 'own' },
    place: (start, end) => ({ ...whole, start, end }),
  };
}

/** Leaves out commands named `gone`, writes `new` for those named `old`. */
function rewritten(text: string): string | undefined {
  const one = script(text);
  const [statement, ...others] = statementsOf(one, commandsOf([one]));
  assert.ok(statement && others.length === 0, `one statement: ${text}`);
  const changes: Changes = new Map(
    statement.pipelines.flatMap(pipeline => {
      const name = pipeline.commands[0]?.shell.words[0]?.text;
      return name === 'gone' ? [[pipeline, 'left out']] : name === 'old' ? [[pipeline, 'new']] : [];
    }),
  );
  const edits = editsOf(statement, changes);
  return edits && applyEdits(text, edits);
}

test('what is left out takes the operators along that no longer decide anything', () => {
  const cases: [string, string | undefined][] = [
    ['gone', undefined],
    ['gone a | b', undefined],
    ['gone && a', 'a'],
    ['a && gone', 'a'],
    ['a && gone && b', 'a && b'],
    ['gone || true', undefined],
    ['gone || echo no && a', 'a'],
    ['gone || gone x && a', 'a'],
    ['a || gone', 'a || true'],
    ['a || gone && b', 'a || true && b'],
    ['old && gone || exit 1', 'new || exit 1'],
    ['gone && old x \\\n  && a', 'new \\\n  && a'],
    ['a &&\n gone &&\n b', 'a &&\n b'],
    ['gone && gone', undefined],
    ['a', 'a'],
  ];
  for (const [text, expected] of cases) assert.equal(rewritten(text), expected, text);
});

test('a command that runs when another one fails is not left out with it', () => {
  for (const text of ['gone || a', 'gone || old', 'gone || true | a'])
    assert.throws(() => rewritten(text), /runs only when another one fails/, text);
});

test('statements tell what they are tangled with', () => {
  const tangled = (text: string): boolean[] => {
    const one = script(text);
    return statementsOf(one, commandsOf([one])).map(({ tangled }) => tangled);
  };
  assert.deepEqual(tangled('a; b\nc && d # x\n'), [false, false, false]);
  assert.deepEqual(tangled('a &\nb'), [true, false]);
  assert.deepEqual(tangled('if a; then b; fi && c'), [true]);
  assert.deepEqual(tangled('a && { b; }'), [true]);
  assert.deepEqual(tangled('a || (b)\nc'), [true, false]);
  assert.deepEqual(tangled('a | while read x; do b; done'), [true]);
  assert.deepEqual(tangled('a "$(b)" && c'), [false]);
  assert.deepEqual(tangled('cat <<E\nx\nE\na'), [false, false]);
});
