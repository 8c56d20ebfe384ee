/** Tests that fixes reach the disk whole, change nothing else, and come to an end. */
import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { applyPatch, parsePatch } from 'diff';
import type { Project, ReportedFinding, ReportedFix } from '../server/src/analysis/index.js';
import { fixAll } from '../server/src/cli/fix.js';
import type { InputFile, LoadedProject } from '../server/src/cli/project-files.js';
import { folder, MISMATCH, RUNNER, stdin } from './cli-run.js';

const FILES = { '.gitlab-ci.yml': MISMATCH, 'config.toml': RUNNER };
/** A fix for this one edits the pipeline and the runner. */
const UNSHARED = RUNNER.replace('"/certs/client", ', '');

test('--fix makes the safe fixes and reports what is left', async t => {
  const { drydock, read } = folder(t, FILES);
  const { code, stdout, stderr } = await drydock(['check', '--fix']);
  assert.equal(code, 0);
  assert.equal(stdout, 'No findings in 2 files.\n');
  assert.equal(stderr, 'drydock: made 1 fix in 1 file\n');
  const fixed = read('.gitlab-ci.yml');
  assert.doesNotMatch(fixed, /2375/);
  assert.equal(read('config.toml'), RUNNER);
  const again = await drydock(['check', '--fix']);
  assert.deepEqual([again.code, again.stderr, read('.gitlab-ci.yml')], [0, '', fixed]);
});

test('--fix leaves unsafe fixes alone, --fix=all makes them', async t => {
  const { drydock, read } = folder(t, { '.gitlab-ci.yml': MISMATCH });
  assert.equal((await drydock(['check', '--fix=safe'])).code, 1);
  assert.equal(read('.gitlab-ci.yml'), MISMATCH);
  assert.equal((await drydock(['check', '--fix=all', '--fail-on', 'warning'])).code, 0);
  assert.doesNotMatch(read('.gitlab-ci.yml'), /2375/);
});

test('--fix does not move a job that works to TLS for a runner that is only taken for its own', async t => {
  const plain = MISMATCH.replace('"/certs"', '""');
  const { drydock, read, write } = folder(t, { '.gitlab-ci.yml': plain, 'config.toml': UNSHARED });
  const guessed = await drydock(['check', '--fix']);
  assert.match(guessed.stdout, /fix: Switch to TLS on port 2376 \(if runner ".+" takes the job\) \(unsafe/);
  assert.deepEqual([read('.gitlab-ci.yml'), read('config.toml')], [plain, UNSHARED]);
  write({ '.drydock.yml': 'version: 1\nrunners: [{config: config.toml}]\n' });
  await drydock(['check', '--fix']);
  assert.match(read('config.toml'), /"\/certs\/client"/);
});

test('line ends and the byte order mark stay as they are', async t => {
  const crlf = `\ufeff${MISMATCH.replaceAll('\n', '\r\n')}`;
  const { drydock, read } = folder(t, { ...FILES, '.gitlab-ci.yml': crlf });
  await drydock(['check', '--fix']);
  const fixed = read('.gitlab-ci.yml');
  assert.ok(fixed.startsWith('\ufeffbuild:\r\n'));
  assert.doesNotMatch(fixed, /2375/);
  assert.doesNotMatch(fixed, /[^\r]\n|\r[^\n]/);
});

test('a file keeps its mode, a link stays a link, and nothing is left behind', async t => {
  const at = folder(t, { ...FILES, 'real/ci.txt': MISMATCH });
  chmodSync(path.join(at.path, 'real', 'ci.txt'), 0o640);
  symlinkSync('real/ci.txt', path.join(at.path, 'link.gitlab-ci.yml'));
  await at.drydock(['check', '--fix', 'link.gitlab-ci.yml']);
  assert.ok(lstatSync(path.join(at.path, 'link.gitlab-ci.yml')).isSymbolicLink());
  assert.doesNotMatch(at.read('real/ci.txt'), /2375/);
  assert.equal(statSync(path.join(at.path, 'real', 'ci.txt')).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(path.join(at.path, 'real')), ['ci.txt']);
});

test('a fix over two files is made only when both were named or found', async t => {
  const { drydock, read } = folder(t, { '.gitlab-ci.yml': MISMATCH, 'config.toml': UNSHARED });
  const alone = await drydock(['check', '--fix', '.gitlab-ci.yml']);
  assert.equal(alone.code, 1);
  assert.match(alone.stdout, /name every file that it edits: .*config\.toml/);
  assert.deepEqual([read('.gitlab-ci.yml'), read('config.toml')], [MISMATCH, UNSHARED]);
  assert.equal((await drydock(['check', '--fix', '.gitlab-ci.yml', 'config.toml'])).code, 0);
  assert.match(read('config.toml'), /\/certs\/client/);
});

test('--diff shows what --fix does, writes nothing, and counts what would be left', async t => {
  const crlf = RUNNER.replace('"/certs/client", ', '').replaceAll('\n', '\r\n');
  const files = { 'a b/.gitlab-ci.yml': `\ufeff${MISMATCH}`, 'config.toml': crlf };
  const { drydock, read } = folder(t, files);
  const { code, stdout, stderr } = await drydock(['check', '--diff']);
  assert.equal(code, 0);
  assert.equal(stderr, 'No findings in 2 files.\n');
  for (const [name, before] of Object.entries(files)) assert.equal(read(name), before);
  await drydock(['check', '--fix']);
  const patches = parsePatch(stdout);
  assert.equal(patches.length, 2);
  for (const [name, before] of Object.entries(files)) {
    const patch = patches.find(one => one.oldFileName === `a/${name}` && one.newFileName === `b/${name}`);
    assert.ok(patch, name);
    assert.equal(applyPatch(before, patch, { autoConvertLineEndings: false }), read(name));
  }
});

test('--diff of nothing is nothing', async t => {
  const { drydock } = folder(t, { 'config.toml': RUNNER });
  assert.equal((await drydock(['check', '--diff'])).stdout, '');
});

test('with standard input, --fix prints the new text and reports beside it', async t => {
  const { drydock } = folder(t, { 'config.toml': RUNNER });
  const args = ['check', '-', '--as', 'gitlab-ci', '--fix'];
  const { code, stdout, stderr } = await drydock(args, stdin(`\ufeff${MISMATCH}`));
  assert.equal(code, 0);
  assert.ok(stdout.startsWith('\ufeffbuild:\n'));
  assert.doesNotMatch(stdout, /2375/);
  assert.match(stderr, /^No findings in 1 file\.\n/);
  const diff = await drydock([...args, '--diff'], stdin(MISMATCH));
  assert.match(diff.stdout, /^--- a\/-\n\+\+\+ b\/-\n@@/);
});

test('standard input that cannot be analysed comes out as it went in', async t => {
  const { drydock } = folder(t, {});
  const bytes = Buffer.from([0x62, 0xfc, 0x0a]);
  const written: (string | Uint8Array)[] = [];
  await drydock(['check', '-', '--as', 'gitlab-ci', '--fix'], {
    stdin: async () => bytes,
    stdout: { write: text => written.push(text) },
  });
  assert.deepEqual(written.map(Buffer.from), [bytes]);
});

/** A project of one file `f`, whose findings are those that `find` sees in its text. */
function project(text: string, find: (text: string) => readonly Partial<ReportedFix>[]): LoadedProject {
  let now = text;
  const finding = (fix: Partial<ReportedFix>): ReportedFinding => ({
    rule: 'r',
    severity: 'error',
    confidence: 'high',
    message: 'm',
    path: 'f',
    start: 0,
    end: 0,
    related: [],
    fixes: () => [{ title: 't', safety: 'safe', preferred: false, edits: [], ...fix }],
  });
  const fake: Partial<Project> = {
    check: () => [{ path: 'f', dialect: 'gitlab-ci', findings: find(now).map(finding) }],
    text: () => now,
    setFile: (_path, next) => {
      now = next ?? '';
    },
  };
  const file: InputFile = { path: 'f', absolute: '/f', named: true, reported: true, text, bom: false };
  return { project: fake as Project, files: new Map([['f', file]]), shown: name => name };
}

const replace = (start: number, end: number, newText: string): Partial<ReportedFix> => ({
  edits: [{ path: 'f', edits: [{ start, end, newText }] }],
});

test('edits that overlap wait for the next round', () => {
  const find = (text: string) =>
    text === 'abc' ? [replace(0, 2, 'X'), replace(1, 3, 'Y')] : text === 'Xc' ? [replace(1, 2, 'Z')] : [];
  const { fixes, changed } = fixAll([project('abc', find)], 'safe');
  assert.equal(fixes, 2);
  assert.deepEqual(
    changed.map(({ shown, after }) => [shown, after]),
    [['f', 'XZ']],
  );
});

test('rules that undo each other come to an end', () => {
  const { fixes, changed } = fixAll(
    [project('a', text => [replace(0, 1, text === 'a' ? 'b' : 'a')])],
    'safe',
  );
  assert.equal(fixes, 10);
  assert.deepEqual(changed, [], 'back where it was');
});

test('a fix that changes nothing is not made', () => {
  assert.equal(fixAll([project('a', () => [replace(0, 1, 'a')])], 'safe').fixes, 0);
});

test('of several fixes the preferred one is made', () => {
  const both = project('a', text => (text === 'a' ? [replace(0, 1, 'first')] : []));
  const [checked] = both.project.check();
  const fixes = [...(checked?.findings[0]?.fixes() ?? [])];
  const better = { ...fixes[0], ...replace(0, 1, 'better'), preferred: true } as ReportedFix;
  const findings = checked?.findings.map(one => ({ ...one, fixes: () => [...fixes, better] })) ?? [];
  let asked = false;
  const check: Project['check'] = () => {
    const files = asked ? [] : [{ path: 'f', dialect: 'gitlab-ci' as const, findings }];
    asked = true;
    return files;
  };
  const { changed } = fixAll([{ ...both, project: { ...both.project, check } }], 'safe');
  assert.equal(changed[0]?.after, 'better');
});
