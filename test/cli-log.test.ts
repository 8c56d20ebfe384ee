/** The command `drydock log`: whole logs with their project, what it prints, and bad input. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { folder, MISMATCH, stdin } from './cli-run.js';

const LOGS = 'test/data/logs';
const ERROR = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?\n';

/** A folder with a log and the project that it is of. */
const workspace = Object.fromEntries(
  readdirSync(join(LOGS, 'workspace')).map(name => [
    name,
    readFileSync(join(LOGS, 'workspace', name), 'utf8'),
  ]),
);

describe('drydock log: whole logs', () => {
  for (const name of readdirSync(LOGS).filter(one => one.endsWith('.log'))) {
    it(name, async t => {
      const files = folder(t, { ...workspace, [name]: readFileSync(join(LOGS, name)) });
      const { code, stdout, stderr } = await files.drydock(['log', name, '--workspace', '.']);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const golden = join(LOGS, name.replace(/\.log$/, '.txt'));
      if (process.env.UPDATE) writeFileSync(golden, stdout);
      assert.equal(stdout, readFileSync(golden, 'utf8'));
    });
  }
});

describe('drydock log: the report', () => {
  it('names job, file and range in json', async t => {
    const files = folder(t, {
      'ci/.gitlab-ci.yml': MISMATCH,
      'ci/.drydock.yml': '',
      'job.log': `first\n${ERROR}`,
    });
    const { stdout } = await files.drydock(['log', 'job.log', '--workspace', 'ci', '--format', 'json']);
    const report = JSON.parse(stdout);
    assert.deepEqual(Object.keys(report), ['version', 'matches']);
    const [match] = report.matches;
    assert.deepEqual(
      [match.line, match.text],
      [1, 'Cannot connect to the Docker daemon at tcp://docker:2375'],
    );
    assert.deepEqual(match.causes[0], {
      failure: 'tls-port-mismatch-2375',
      title: 'Port 2375 of a dind daemon that speaks TLS',
      confidence: 'high',
      site: 'build',
      path: 'ci/.gitlab-ci.yml',
      range: { start: { line: 5, character: 17 }, end: { line: 5, character: 34 } },
      fix: match.causes[0].fix,
    });
    assert.match(match.causes[0].fix, /^Switch to TLS on port 2376/);
    assert.ok(match.causes.slice(1).every((cause: object) => !('site' in cause) && !('range' in cause)));
  });

  it('reads no file without --workspace', async t => {
    const files = folder(t, { '.gitlab-ci.yml': MISMATCH });
    const { stdout } = await files.drydock(['log', '--format', 'json'], stdin(ERROR));
    assert.ok(!stdout.includes('gitlab-ci.yml'));
    assert.equal(JSON.parse(stdout).matches[0].causes[0].failure, 'tls-port-mismatch-2375');
  });

  it('explains failures that no rule can find', async t => {
    const files = folder(t, {});
    const { stdout } = await files.drydock(['log', '-'], stdin('no matching manifest for linux/arm/v7\n'));
    assert.match(
      stdout,
      /^-:1: no matching manifest for linux\/arm\/v7\n.*\[rootless-image-armv7\]: Rootless dind on/,
    );
    assert.match(stdout, /fix: Use the dind image/);
  });

  it('says so when nothing is known', async t => {
    const files = folder(t, { 'empty.log': '', 'other.log': 'npm error code ELIFECYCLE\n' });
    for (const name of ['empty.log', 'other.log']) {
      const { code, stdout } = await files.drydock(['log', name]);
      assert.deepEqual([code, stdout], [0, 'No known error of a container build in this log.\n']);
      const json = await files.drydock(['log', name, '--format', 'json']);
      assert.deepEqual(JSON.parse(json.stdout), { version: 1, matches: [] });
    }
  });
});

describe('drydock log: bad input', () => {
  it('is wrong use where it cannot be read', async t => {
    const files = folder(t, { 'job.log': ERROR });
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['missing.log'], /missing\.log: no such file or folder/],
      [['.'], /^drydock: \.: /],
      [['job.log', '--workspace', 'nowhere'], /--workspace: nowhere is no folder/],
      [['job.log', '--workspace', 'job.log'], /--workspace: job\.log is no folder/],
      [['job.log', '--workspace', ''], /a path is empty/],
      [['job.log', 'other.log'], /log takes one file/],
      [['job.log', '--format', 'sarif'], /"sarif" is none of text, json/],
      [['job.log', '--verbose'], /'--verbose'/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await files.drydock(['log', ...args]);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, message);
    }
  });

  it('still answers where the workspace holds a broken pipeline', async t => {
    const files = folder(t, { '.gitlab-ci.yml': 'build: [\n', 'job.log': ERROR });
    const { code, stdout } = await files.drydock(['log', 'job.log', '--workspace', '.']);
    assert.equal(code, 0);
    assert.match(stdout, /tls-port-mismatch-2375/);
  });

  it('has to be unpacked where it is an archive, and says how', async t => {
    const files = folder(t, {
      'job.zip': Buffer.from(`PK\u0003\u0004${ERROR}`),
      'job.log.gz': Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.from(ERROR)]),
      'job.log': `PK\u0003 is no archive\n${ERROR}`,
    });
    const zip = await files.drydock(['log', 'job.zip']);
    assert.equal(zip.code, 2);
    assert.match(zip.stderr, /job\.zip: a zip archive; unpack it, and pass the \.txt of the job that failed/);
    const gzip = await files.drydock(['log', 'job.log.gz']);
    assert.equal(gzip.code, 2);
    assert.match(gzip.stderr, /job\.log\.gz: packed by gzip.*gunzip -c/);
    assert.equal((await files.drydock(['log', 'job.log'])).code, 0);
  });

  it('may be binary, UTF-16 or full of controls, and never steers the terminal', async t => {
    const utf16 = Buffer.from(`\ufeffläuft\r\n${ERROR}`, 'utf16le');
    const files = folder(t, {
      'utf16.log': utf16,
      'no-mark.log': utf16.subarray(2),
      'big-endian.log': Buffer.from(utf16).swap16(),
      'binary.log': Buffer.concat([
        Buffer.from([0, 255, 254, 27, 10]),
        Buffer.from(ERROR),
        Buffer.from([0, 200]),
      ]),
      'controls.log': `Conflict. The container name "/a\u202e\u0007\u001b]0;x" is already in use\n`,
    });
    for (const name of ['utf16.log', 'no-mark.log', 'big-endian.log', 'binary.log', 'controls.log']) {
      const { code, stdout } = await files.drydock(['log', name]);
      assert.equal(code, 0);
      assert.match(stdout, /tls-port-mismatch-2375|dood-fixed-container-name/, name);
      assert.doesNotMatch(stdout, /[\0\u0007\u001b\u202e]/, name);
    }
  });
});
