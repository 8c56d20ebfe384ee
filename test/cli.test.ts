/** Tests the command line as its users' scripts see it: arguments, exit codes and both formats. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLEAN, folder, MISMATCH, RUNNER, stdin } from './cli-run.js';

const PIPELINE = { '.gitlab-ci.yml': MISMATCH };
/** Plain TCP, declared on both sides: it works, and is a warning. */
const PLAIN = MISMATCH.replace('"/certs"', '""');

test('exit code 0: nothing to report', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': CLEAN, 'config.toml': RUNNER });
  assert.deepEqual(await drydock(['check']), { code: 0, stdout: 'No findings in 2 files.\n', stderr: '' });
});

test('exit code 1: an error, or what --fail-on names', async t => {
  const { drydock, write } = folder(t, PIPELINE);
  const code = async (failOn: string) => (await drydock(['check', '--fail-on', failOn])).code;
  assert.equal((await drydock(['check'])).code, 1);
  assert.equal(await code('never'), 0);
  write({ '.gitlab-ci.yml': PLAIN });
  assert.equal((await drydock(['check'])).code, 0);
  assert.equal(await code('warning'), 1);
  assert.equal(await code('info'), 1);
});

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['', /Usage: drydock COMMAND/],
  ['chekc', /unknown command "chekc"; did you mean "check"\?/],
  ['.gitlab-ci.yml', /did you mean "drydock check .gitlab-ci.yml"/],
  ['--frobnicate', /unknown option "--frobnicate"/],
  ['convert .gitlab-ci.yml', /convert needs --job and --to/],
  ['log missing.log', /missing\.log: no such file/],
  ['check --nope', /--nope/],
  ['trace --format sarif', /"sarif" is none of text, json/],
  ['check --format xml', /"xml" is none of text, json, sarif, gitlab, github/],
  ['check --format', /--format/],
  ['check --fix=maybe', /--fix: "maybe"/],
  ['check --profile strickt', /did you mean "strict"/],
  ['check --fail-on fatal', /--fail-on: "fatal"/],
  ['check --as yaml .gitlab-ci.yml', /--as: "yaml"/],
  ['check --as gitlab-ci', /--as .* folder/],
  ['check --as gitlab-ci .', /--as .* folder/],
  ['check -', /standard input \(-\) needs --as/],
  ['check missing.yml', /missing\.yml: no such file/],
  ['trace --job deploy', /no job "deploy"/],
  ['trace --fix', /--fix/],
  ['rules extra', /extra/],
  ['explain', /explain takes the id of one rule/],
  ['explain image-latst', /unknown rule "image-latst"; did you mean "image-latest"/],
];

for (const [line, message] of WRONG) {
  test(`exit code 2: drydock ${line}`, async t => {
    const { drydock } = folder(t, PIPELINE);
    const { code, stderr } = await drydock(line === '' ? [] : line.split(' '));
    assert.equal(code, 2);
    assert.match(stderr, message);
    if (line !== '') assert.equal(stderr.trimEnd().split('\n').length, 1, 'one line');
  });
}

test('exit code 2: a missing path does not keep the rest from being reported', async t => {
  const { drydock } = folder(t, PIPELINE);
  const { code, stdout, stderr } = await drydock(['check', 'missing.yml', '.gitlab-ci.yml']);
  assert.equal(code, 2);
  assert.match(stdout, /error\[tls-port-mismatch-2375\]/);
  assert.equal(stderr, 'drydock: missing.yml: no such file or folder\n');
});

test('exit code 3: what nobody foresaw', async t => {
  const { drydock } = folder(t, PIPELINE);
  const stdout = {
    write: () => {
      throw new Error('the sky fell');
    },
  };
  const { code, stderr } = await drydock(['check'], { stdout });
  assert.equal(code, 3);
  assert.match(stderr, /^drydock: internal error: .*the sky fell/);
});

test('the json of check has the promised shape', async t => {
  const { drydock } = folder(t, { 'ci/.gitlab-ci.yml': MISMATCH, 'config.toml': RUNNER });
  const { code, stdout } = await drydock(['check', '--format', 'json']);
  assert.equal(code, 1);
  const report = JSON.parse(stdout);
  assert.deepEqual(Object.keys(report), ['version', 'files', 'summary']);
  assert.equal(report.version, 1);
  assert.deepEqual(report.summary, { files: 2, error: 1, warning: 0, info: 0 });
  const [pipeline, runner] = report.files;
  assert.deepEqual(runner, { path: 'config.toml', dialect: 'gitlab-runner', findings: [] });
  assert.equal(pipeline.path, 'ci/.gitlab-ci.yml');
  assert.equal(pipeline.dialect, 'gitlab-ci');
  const [{ message, related, fixes, ...finding }] = pipeline.findings;
  assert.deepEqual(finding, {
    rule: 'tls-port-mismatch-2375',
    severity: 'error',
    confidence: 'high',
    range: { start: { line: 5, character: 17 }, end: { line: 5, character: 34 } },
  });
  assert.match(message, /"build"/);
  assert.deepEqual(Object.keys(related[0]), ['path', 'range', 'message']);
  assert.equal(related[0].path, 'ci/.gitlab-ci.yml');
  assert.deepEqual(Object.keys(fixes[0]), ['title', 'safety', 'edits']);
  assert.equal(fixes[0].safety, 'safe');
  for (const edit of fixes[0].edits) assert.deepEqual(Object.keys(edit), ['path', 'range', 'newText']);
});

test('files are sorted by path', async t => {
  const { drydock } = folder(t, {
    'b/.gitlab-ci.yml': CLEAN,
    'a/z/.gitlab-ci.yml': CLEAN,
    'a.gitlab-ci.yml': CLEAN,
    'b/.git/HEAD': '',
  });
  const { files } = JSON.parse((await drydock(['check', '--format=json'])).stdout);
  const paths = files.map((file: { path: string }) => file.path);
  assert.deepEqual(paths, ['a.gitlab-ci.yml', 'a/z/.gitlab-ci.yml', 'b/.gitlab-ci.yml']);
});

test('the json of trace has the promised shape', async t => {
  const { drydock } = folder(t, { 'ci/.gitlab-ci.yml': MISMATCH });
  const { code, stdout } = await drydock(['trace', '--format', 'json', '--job', 'build']);
  assert.equal(code, 0);
  const { version, sites } = JSON.parse(stdout);
  assert.equal(version, 1);
  const [site, ...others] = sites;
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(site), [
    ...['path', 'dialect', 'site', 'range', 'from', 'strategy', 'client', 'daemon', 'runner', 'verdict'],
    ...['failure', 'assumptions', 'because'],
  ]);
  assert.equal(site.path, 'ci/.gitlab-ci.yml');
  assert.equal(site.dialect, 'gitlab-ci');
  assert.deepEqual(site.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } });
  assert.deepEqual(Object.keys(site.client), ['endpoint', 'tls', 'certPath']);
  assert.deepEqual(Object.keys(site.daemon), ['kind', 'image', 'listens']);
  assert.deepEqual(Object.keys(site.daemon.listens[0]), ['endpoint', 'tls']);
  assert.equal(site.runner, null);
  assert.equal(site.verdict, 'fails');
  assert.equal(site.failure, 'tls-port-mismatch-2375');
  for (const step of site.because) {
    assert.deepEqual(Object.keys(step), ['message', 'path', 'range']);
    assert.equal(step.path, 'ci/.gitlab-ci.yml');
  }
});

test('a site that does not fail has no failure', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': CLEAN, 'config.toml': RUNNER });
  const { sites } = JSON.parse((await drydock(['trace', '--format', 'json'])).stdout);
  assert.equal(sites[0].verdict, 'reaches');
  assert.equal('failure' in sites[0], false);
  assert.deepEqual(sites[0].runner, { path: 'config.toml', name: 'build-vm', how: 'only-one' });
});

const SCRIPTED = `unset:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  script: [unset DOCKER_HOST, docker build .]
context:
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  script: [docker context create x --docker host=ssh://x, docker context use x, docker build .]
named:
  image: docker:29.7.2-cli
  script: [docker --context prod build .]
`;

test('trace says what a script makes of DOCKER_HOST and of contexts, and from which line on', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': SCRIPTED, 'config.toml': RUNNER });
  const said = async (job: string) => (await drydock(['trace', '--job', job])).stdout;
  const unset = await said('unset');
  assert.match(unset, /\n {2}script {4}from \.gitlab-ci\.yml:4:31 on\n/);
  assert.match(
    unset,
    /- The script takes DOCKER_HOST away, so docker goes by its default with TLS, tcp:\/\/localhost:2376\./,
  );
  const context = await said('context');
  assert.match(
    context,
    /- DOCKER_HOST is not set, so the docker image dials tcp:\/\/docker:2376 by itself\./,
  );
  assert.match(
    context,
    /- DOCKER_HOST counts more than the context x that the script chooses\. \(\.gitlab-ci\.yml:8:78\)/,
  );
  assert.match(await said('named'), /- the docker context prod \(the script does not make it\)/);
});

const NO_SHELL =
  'build:\n  image: gcr.io/kaniko-project/executor:v1.23.0\n  script: /kaniko/executor --context .\n';

test('trace does not call a job sound that an error of another kind awaits', async t => {
  const { drydock, write } = folder(t, { '.gitlab-ci.yml': NO_SHELL });
  const said = async () => (await drydock(['trace'])).stdout;
  assert.match(
    await said(),
    /^build {2}✗ no daemon needed, and goes wrong all the same \(kaniko-no-shell\)\n/,
  );
  assert.match(
    await said(),
    /\n {2}goes wrong\n {4}- Job "build" runs its script .*\(\.gitlab-ci\.yml:2:10\)\n/,
  );
  const { sites } = JSON.parse((await drydock(['trace', '--format', 'json'])).stdout);
  assert.equal(sites[0].verdict, 'no-daemon-needed');
  assert.equal(sites[0].failure, undefined);
  assert.match(sites[0].because.at(-1).message, /a kaniko image without a shell/);
  write({ '.drydock.yml': 'version: 1\nrules: { kaniko-no-shell: off }\n' });
  assert.match(await said(), /^build {2}✓ no daemon needed\n/, 'those who know better are believed');
});

test('trace tells people the verdict, the ways and the reasons', async t => {
  const { drydock } = folder(t, { '.gitlab-ci.yml': MISMATCH, 'run/config.toml': RUNNER });
  const { code, stdout } = await drydock(['trace']);
  assert.equal(code, 0);
  assert.match(stdout, /^build {2}✗ fails \(tls-port-mismatch-2375\)\n {2}--> \.gitlab-ci\.yml:1:1$/m);
  assert.match(stdout, /in short +dind · TLS 2375 · fails: The dind service makes certificates/);
  assert.match(stdout, /client +tcp:\/\/docker:2375, /);
  assert.match(stdout, /runner +build-vm in run\/config\.toml, the only one here/);
  assert.match(stdout, /because\n(?: {4}- .*\n)* {4}- .* \(\.gitlab-ci\.yml:6:18\)/);
});

test('rules and explain answer in both formats', async t => {
  const { drydock } = folder(t, {});
  const list = await drydock(['rules']);
  assert.equal(list.code, 0);
  assert.match(list.stdout, /^image-latest +warning +(yes|-) +\S/m);
  const { rules } = JSON.parse((await drydock(['rules', '--format', 'json'])).stdout);
  const ids = rules.map((rule: { id: string }) => rule.id);
  assert.ok(ids.includes('tls-port-mismatch-2375'));
  assert.deepEqual(ids, [...ids].sort());
  const page = await drydock(['explain', 'image-latest']);
  assert.equal(page.code, 0);
  assert.match(
    page.stdout,
    /^image-latest: .*\n\n[\s\S]*\nWhy\n[\s\S]*\nWhat to do\n[\s\S]*docs\/rules\/image-latest\.md\n$/,
  );
  assert.ok(page.stdout.split('\n').every(line => line.length <= 100 || line.includes('://')));
  const { rule } = JSON.parse((await drydock(['explain', 'image-latest', '--format', 'json'])).stdout);
  assert.equal(rule.id, 'image-latest');
  assert.ok(rule.why.length > 0 && rule.remedy.length > 0);
});

test('--version tells the dates of the data, --help the commands and their flags', async t => {
  const { drydock } = folder(t, {});
  const version = await drydock(['--version']);
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^drydock \d+\.\d+\.\d+\S*\n(.+: data of \d{4}-\d\d-\d\d\n)+$/);
  const help = await drydock(['--help']);
  assert.equal(help.code, 0);
  for (const command of ['check', 'trace', 'rules', 'explain']) {
    assert.match(help.stdout, new RegExp(`^  ${command}\\b`, 'm'));
    const own = await drydock([command, '--help']);
    assert.equal(own.code, 0);
    assert.match(own.stdout, new RegExp(`Usage: drydock ${command}`));
  }
});

test('a profile given by hand wins over the one of the project', async t => {
  const moving = CLEAN.replace('  variables:', '    - postgres:latest\n  variables:');
  const { drydock } = folder(t, {
    '.gitlab-ci.yml': moving,
    '.drydock.yml': 'version: 1\nprofile: strict\n',
  });
  const found = async (args: readonly string[]) =>
    JSON.parse((await drydock(['check', '--format', 'json', ...args])).stdout).summary.warning;
  assert.equal(await found([]), await found(['--profile', 'strict']));
  assert.ok((await found(['--profile', 'strict'])) > (await found(['--profile', 'default'])));
});

test('standard input is what --as says, and stands in the current folder', async t => {
  const { drydock } = folder(t, { 'config.toml': RUNNER });
  const { code, stdout } = await drydock(
    ['check', '-', '--as', 'gitlab-ci', '--format', 'json'],
    stdin(MISMATCH),
  );
  assert.equal(code, 1);
  const { files } = JSON.parse(stdout);
  assert.deepEqual([files.length, files[0].path, files[0].dialect], [1, '-', 'gitlab-ci']);
  const trace = await drydock(['trace', '-', '--as', 'gitlab-ci', '--format', 'json'], stdin(MISMATCH));
  assert.equal(JSON.parse(trace.stdout).sites[0].runner.name, 'build-vm');
});

test('a configuration may come from standard input or by another name', async t => {
  const config = 'version: 1\nnonsense: 1\n';
  const { drydock } = folder(t, { '.drydock.yml': 'version: 1\n', 'other.yml': config });
  const asConfig = ['--as', 'drydock-config', '--format', 'json'];
  for (const [path, io] of [['-', stdin(config)] as const, ['other.yml', {}] as const]) {
    const { files } = JSON.parse((await drydock(['check', path, ...asConfig], io)).stdout);
    assert.equal(files.length, 1);
    assert.equal(files[0].path, path);
    assert.equal(files[0].findings[0].rule, 'config-invalid');
  }
});
