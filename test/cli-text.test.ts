/** Tests what people see: the marked line in every kind of text, and nothing that could steer their terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, shownWidth } from '../server/src/cli/cells.js';
import { frameLine } from '../server/src/cli/frame.js';
import { CLEAN, folder, MISMATCH, RUNNER } from './cli-run.js';

/** The underline must lie under the columns that `marked` takes in the code as shown. */
function assertUnderlined(line: string, marked: string, limit = 80): void {
  const start = line.indexOf(marked);
  const { code, underline } = frameLine(line, start, start + marked.length, limit);
  const before = code.slice(0, code.indexOf(printable(marked)));
  const expected = ' '.repeat(shownWidth(before)) + '^'.repeat(shownWidth(marked));
  assert.equal(underline, expected, code);
}

test('the underline stays right after tabs, wide characters, emoji and combining marks', () => {
  assert.equal(frameLine('\tkey: v', 6, 7, 80).underline, `${' '.repeat(9)}^`);
  assert.equal(frameLine('名前: v', 4, 5, 80).underline, `${' '.repeat(6)}^`);
  assert.equal(frameLine('👩‍💻: v', '👩‍💻: '.length, '👩‍💻: v'.length, 80).underline, `${' '.repeat(4)}^`);
  assert.equal(frameLine('e\u0301: v', 4, 5, 80).underline, `${' '.repeat(3)}^`);
  assert.equal(frameLine('x: 値 y', 3, 4, 80).underline, '   ^^');
  assertUnderlined('\t- 画像: docker:latest # 🚀', 'docker:latest');
});

test('an empty range and the end of a line have one mark', () => {
  assert.equal(frameLine('ab', 1, 1, 80).underline, ' ^');
  assert.equal(frameLine('ab', 2, 2, 80).underline, '  ^');
  assert.equal(frameLine('', 0, 0, 80).underline, '^');
});

test('a long line is cut around what is marked', () => {
  const line = `${'a'.repeat(5000)}MARK${'b'.repeat(5000)}`;
  const { code, underline } = frameLine(line, 5000, 5004, 80);
  assert.ok(code.length <= 80, String(code.length));
  assert.match(code, /^…a+MARKb+…$/);
  assert.equal(code.slice(underline.indexOf('^'), underline.length), 'MARK');
});

test('a long line that is marked near its start is shown from its start', () => {
  const { code } = frameLine(`key: value # ${'x'.repeat(500)}`, 5, 10, 80);
  assert.match(code, /^key: value # x+…$/);
});

test('a mark that is itself too long is cut with its line', () => {
  const { code, underline } = frameLine('x'.repeat(500), 0, 500, 80);
  assert.equal(code.length, 79);
  assert.equal(underline, '^'.repeat(78));
});

test('controls, changes of direction, invisible marks and lone surrogates are escaped', () => {
  assert.equal(printable('a\u001b[31mb'), 'a\\x1b[31mb');
  assert.equal(printable('a\u202eb\u200bc'), 'a\\u{202e}b\\u{200b}c');
  assert.equal(printable('a\r\nb\u0085'), 'a\\r\\nb\\x85');
  assert.equal(printable('\ud800'), '\\u{d800}');
  assert.equal(printable('👩‍💻 名 é'), '👩‍💻 名 é');
});

test('a finding is shown as a whole', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': MISMATCH, 'config.toml': RUNNER });
  const { stdout } = await drydock(['check']);
  const lines = stdout.split('\n');
  assert.match(lines[0] ?? '', /^error\[tls-port-mismatch-2375\]: Job "build" dials tcp:\/\/docker:2375/);
  assert.deepEqual(lines.slice(1, 5), [
    ' --> .gitlab-ci.yml:6:18',
    '  |',
    '6 |     DOCKER_HOST: tcp://docker:2375',
    '  |                  ^^^^^^^^^^^^^^^^^',
  ]);
  assert.match(stdout, /^ {2}= why: \S/m);
  assert.match(stdout, /^ {2}= fix: .+ \(safe: run with --fix\)$/m);
  assert.match(stdout, /^Found 1 error.* in 2 files \(1 fixable with --fix\)\.$/m);
});

test('the reason of a rule is said once', async t => {
  const second = MISMATCH.replace('build:', 'again:');
  const { drydock } = folder(t, { '.gitlab-ci.yml': MISMATCH, 'b.gitlab-ci.yml': second });
  const { stdout } = await drydock(['check']);
  assert.equal(stdout.match(/error\[tls-port-mismatch-2375\]/g)?.length, 2);
  assert.equal(stdout.match(/= why: /g)?.length, 1);
});

test('colours are for terminals, and only where they are wanted', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': MISMATCH });
  const coloured = async (io: object) => (await drydock(['check'], io)).stdout.includes('\u001b[');
  assert.equal(await coloured({ isTTY: true }), true);
  assert.equal(await coloured({ isTTY: false }), false);
  assert.equal(await coloured({ isTTY: true, env: { NO_COLOR: '1' } }), false);
  assert.equal(await coloured({ isTTY: true, env: { NO_COLOR: '' } }), true);
  assert.equal(await coloured({ isTTY: true, env: { TERM: 'dumb' } }), false);
});

test('a value cannot steer the terminal', async t => {
  const evil = MISMATCH.replace('build:', '"b\\e]0;title\\a":');
  const { drydock } = folder(t, { '.gitlab-ci.yml': evil });
  for (const args of [['check'], ['trace']]) {
    const { stdout } = await drydock(args);
    assert.match(stdout, /title/);
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f]/);
  }
});

test('the text and the json of trace say what is not known where it cannot tell', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': CLEAN });
  const { sites } = JSON.parse((await drydock(['trace', '--format', 'json'])).stdout);
  assert.equal(sites[0].verdict, 'cannot-tell');
  assert.ok(sites[0].missing.length > 0);
  const { stdout } = await drydock(['trace']);
  for (const text of sites[0].missing) assert.ok(stdout.includes(`- ${text}`), text);
});
