/** Tests which files the command line reads, which it reports, and what it says of those it cannot read. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CLEAN, type Folder, folder, MISMATCH, RUNNER, stdin } from './cli-run.js';

interface FileReport {
  readonly path: string;
  readonly dialect: string | null;
  readonly skipped?: string;
  readonly findings: readonly { readonly rule: string }[];
}

async function report(at: Folder, ...args: readonly string[]): Promise<readonly FileReport[]> {
  const { stdout } = await at.drydock(['check', '--format', 'json', ...args]);
  return JSON.parse(stdout).files;
}

async function paths(at: Folder, ...args: readonly string[]): Promise<readonly string[]> {
  return (await report(at, ...args)).map(file => file.path);
}

test('what git ignores is not found: nested files, exceptions, info/exclude', async t => {
  const at = folder(t, {
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/info/exclude': 'private/\n',
    '.gitignore': '/build/\n*.local.gitlab-ci.yml\n',
    'sub/.gitignore': '!kept.local.gitlab-ci.yml\n/deep/.gitlab-ci.yml\n',
    '.gitlab-ci.yml': CLEAN,
    'a.local.gitlab-ci.yml': CLEAN,
    'build/.gitlab-ci.yml': CLEAN,
    'private/.gitlab-ci.yml': CLEAN,
    'sub/build/.gitlab-ci.yml': CLEAN,
    'sub/deep/.gitlab-ci.yml': CLEAN,
    'sub/kept.local.gitlab-ci.yml': CLEAN,
    'node_modules/x/.gitlab-ci.yml': CLEAN,
  });
  const found = ['.gitlab-ci.yml', 'sub/build/.gitlab-ci.yml', 'sub/kept.local.gitlab-ci.yml'];
  assert.deepEqual(await paths(at), found);
  assert.deepEqual(await paths(at, 'sub'), found.slice(1), 'rules from above hold in a named folder');
  assert.deepEqual(await paths(at, 'build'), ['build/.gitlab-ci.yml'], 'an ignored folder can be named');
  assert.deepEqual(await paths(at, 'a.local.gitlab-ci.yml'), ['a.local.gitlab-ci.yml']);
});

test('a repository within starts with rules of its own, wherever its git folder is', async t => {
  const at = folder(t, {
    '.git/HEAD': '',
    '.git/modules/inner/info/exclude': '/secret/\n',
    '.gitignore': '*.gitlab-ci.yml\n',
    'inner/.git': 'gitdir: ../.git/modules/inner\n',
    'inner/.gitlab-ci.yml': CLEAN,
    'inner/secret/.gitlab-ci.yml': CLEAN,
    'x.gitlab-ci.yml': CLEAN,
  });
  assert.deepEqual(await paths(at), ['inner/.gitlab-ci.yml']);
});

test('links are not followed into loops', async t => {
  const at = folder(t, { 'a/.gitlab-ci.yml': CLEAN });
  symlinkSync('..', path.join(at.path, 'a', 'up'));
  assert.deepEqual(await paths(at), ['a/.gitlab-ci.yml']);
});

test('a link can be named', async t => {
  const at = folder(t, { 'ci.txt': CLEAN });
  symlinkSync('ci.txt', path.join(at.path, 'link.gitlab-ci.yml'));
  assert.deepEqual(await paths(at, 'link.gitlab-ci.yml'), ['link.gitlab-ci.yml']);
});

test('files are named from the current folder, whatever way they are given', async t => {
  const at = folder(t, { 'ci/.gitlab-ci.yml': CLEAN });
  const absolute = path.join(at.path, 'ci', '.gitlab-ci.yml');
  const given = ['./ci/../ci/.gitlab-ci.yml', absolute, 'ci', 'ci/'];
  assert.deepEqual(await paths(at, ...given), ['ci/.gitlab-ci.yml']);
  const inner: Folder = { ...at, drydock: args => at.drydock(args, { cwd: path.join(at.path, 'ci') }) };
  assert.deepEqual(await paths(inner, '.'), ['.gitlab-ci.yml']);
  assert.deepEqual(await paths(inner, '..'), ['.gitlab-ci.yml']);
  mkdirSync(path.join(at.path, 'else'));
  const beside: Folder = { ...at, drydock: args => at.drydock(args, { cwd: path.join(at.path, 'else') }) };
  assert.deepEqual(await paths(beside, '../ci'), ['../ci/.gitlab-ci.yml']);
});

const INCLUDING = `include:
  - local: /ci/build.yml
`;

test('an included file is read; it is reported where its folder was searched', async t => {
  const moving = CLEAN.replace('docker:29.7.2-cli', 'docker:latest');
  const at = folder(t, { '.gitlab-ci.yml': INCLUDING, 'ci/build.yml': moving, 'ci/other.yml': moving });
  assert.deepEqual(await paths(at), ['.gitlab-ci.yml', 'ci/build.yml']);
  assert.deepEqual(await paths(at, '.gitlab-ci.yml'), ['.gitlab-ci.yml']);
  const [named] = await report(at, 'ci/build.yml');
  assert.equal(named?.dialect, 'gitlab-ci', 'known by what includes it, though that was not named');
  assert.equal(named?.findings[0]?.rule, 'image-latest');
});

test('includes lead neither out of the project nor round in circles', async t => {
  const at = folder(t, {
    'p/.git/HEAD': '',
    'p/.gitlab-ci.yml': 'include:\n  - local: /../outside.yml\n  - local: /a.yml\n',
    'p/a.yml': 'include: /b.yml\n',
    'p/b.yml': 'include: [/a.yml, /missing.yml]\n',
    'outside.yml': MISMATCH,
  });
  assert.deepEqual(await paths(at), ['p/.gitlab-ci.yml', 'p/a.yml', 'p/b.yml']);
});

async function runners(at: Folder, ...args: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { stdout } = await at.drydock(['trace', '--format', 'json', ...args]);
  return JSON.parse(stdout).sites.map((site: { runner: { path: string } | null }) => site.runner?.path);
}

test('the only runner is that of the project, also when another file was named', async t => {
  const at = folder(t, {
    'one/.git/HEAD': '',
    'one/.gitlab-ci.yml': CLEAN,
    'one/run/config.toml': RUNNER,
    'two/.drydock.yml': 'version: 1\n',
    'two/.gitlab-ci.yml': CLEAN,
    'two/run/config.toml': RUNNER,
    '.gitlab-ci.yml': CLEAN,
  });
  assert.deepEqual(await runners(at), [undefined, 'one/run/config.toml', 'two/run/config.toml']);
  assert.deepEqual(await runners(at, 'one/.gitlab-ci.yml'), ['one/run/config.toml']);
  assert.deepEqual(await runners(at, '.gitlab-ci.yml'), [undefined]);
});

test('beside a named file that is in no project only near folders count', async t => {
  const runners = (at: string): Folder =>
    folder(t, { '.gitlab-ci.yml': CLEAN, [`${at}/config.toml`]: RUNNER });
  const traced = async (at: Folder): Promise<string> =>
    (await at.drydock(['trace', '--format', 'json', '.gitlab-ci.yml'])).stdout;
  assert.match(await traced(runners('a/b/c')), /build-vm/);
  assert.doesNotMatch(await traced(runners('a/b/c/d')), /build-vm/);
  const project = runners('a/b/c/d');
  project.write({ '.git/HEAD': 'ref: refs/heads/main\n' });
  assert.match(await traced(project), /build-vm/);
});

const LATIN1 = Buffer.concat([Buffer.from('# gr'), Buffer.from([0xfc]), Buffer.from(`n\n${MISMATCH}`)]);

test('what is not UTF-8 is skipped, and said', async t => {
  const at = folder(t, { '.gitlab-ci.yml': LATIN1, 'pyproject.toml': LATIN1 });
  const [skipped, ...others] = await report(at);
  assert.deepEqual(others, [], 'what is none of ours is not told');
  assert.deepEqual(skipped, {
    path: '.gitlab-ci.yml',
    dialect: 'gitlab-ci',
    findings: [],
    skipped: 'not valid UTF-8',
  });
  const { code, stdout } = await at.drydock(['check', '.gitlab-ci.yml']);
  assert.equal(code, 0);
  assert.equal(stdout, '.gitlab-ci.yml: skipped: not valid UTF-8\n\nNo findings in 1 file.\n');
});

test('what is too large is skipped, and said', async t => {
  const at = folder(t, { '.gitlab-ci.yml': `${CLEAN}#${'x'.repeat(8 * 1024 * 1024)}\n` });
  const [skipped] = await report(at);
  assert.deepEqual([skipped?.path, skipped?.skipped], ['.gitlab-ci.yml', 'larger than 8 MB']);
});

test('a named file that is nothing we know is skipped, until --as says what it is', async t => {
  const at = folder(t, { 'notes.txt': MISMATCH });
  const { code, stderr } = await at.drydock(['check', 'notes.txt']);
  assert.equal(code, 0);
  assert.equal(stderr, 'drydock: notes.txt: not recognised; say what it is with --as\n');
  const trace = await at.drydock(['trace', 'notes.txt', 'missing.yml', '--job', 'build']);
  assert.equal(trace.code, 2);
  assert.match(trace.stderr, /missing\.yml: no such file.*\n.*notes\.txt: skipped: not recognised\n/);
  const [unknown] = await report(at, 'notes.txt');
  assert.deepEqual(unknown, { path: 'notes.txt', dialect: null, findings: [], skipped: 'not recognised' });
  const [known] = await report(at, 'notes.txt', '--as', 'gitlab-ci');
  assert.equal(known?.dialect, 'gitlab-ci');
  assert.equal(known?.findings[0]?.rule, 'tls-port-mismatch-2375');
});

test('a file that must not be read is a problem, the rest is reported', async t => {
  const at = folder(t, { '.gitlab-ci.yml': MISMATCH, 'config.toml': RUNNER });
  chmodSync(path.join(at.path, 'config.toml'), 0);
  if (process.getuid?.() === 0) return t.skip('root reads everything');
  const { code, stdout, stderr } = await at.drydock(['check']);
  assert.equal(code, 2);
  assert.match(stdout, /tls-port-mismatch-2375/);
  assert.equal(stderr, 'drydock: config.toml: permission denied\n');
});

test('a folder without any file of ours is told, and is no failure', async t => {
  const at = folder(t, { 'readme.md': '' });
  const { code, stderr } = await at.drydock(['check']);
  assert.equal(code, 0);
  assert.equal(stderr, 'drydock: no file that Drydock knows in .\n');
});

test('positions do not count a byte order mark', async t => {
  const at = folder(t, {});
  const marked = `\ufeff${MISMATCH.replace('build:\n', 'build:\r\n')}`;
  const args = ['check', '-', '--as', 'gitlab-ci', '--format', 'json'];
  const { stdout } = await at.drydock(args, stdin(marked));
  assert.deepEqual(JSON.parse(stdout).files[0].findings[0].range.start, { line: 5, character: 17 });
  const trace = await at.drydock(['trace', ...args.slice(1)], stdin(marked));
  assert.deepEqual(JSON.parse(trace.stdout).sites[0].range.start, { line: 0, character: 0 });
});

test('what two pipelines include alike is shown once, and with each of them', async t => {
  const { drydock } = folder(t, {
    'a.gitlab-ci.yml': 'include: ci/c.yml\n',
    'b.gitlab-ci.yml': 'include: ci/c.yml\n',
    'ci/c.yml': MISMATCH,
  });
  const count = async (command: string, key: string): Promise<number> =>
    JSON.parse((await drydock([...command.split(' '), '--format', 'json'])).stdout)[key].length;
  for (const where of ['', ' a.gitlab-ci.yml', ' b.gitlab-ci.yml']) {
    assert.equal(await count(`trace${where}`, 'sites'), 1, where);
    assert.equal(await count(`jobs${where}`, 'jobs'), 1, where);
  }
});
