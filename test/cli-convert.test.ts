/** The command `drydock convert`: what it prints and writes, how it ends, and bad input. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CLEAN, folder, MISMATCH } from './cli-run.js';

const PUSHES = CLEAN.replace(
  'docker build .',
  'docker build -t "$CI_REGISTRY_IMAGE" .\n    - docker push "$CI_REGISTRY_IMAGE"',
);
const args = (...more: string[]): string[] => ['convert', '.gitlab-ci.yml', '--job', 'build', ...more];

describe('drydock convert', () => {
  it('shows the change as a diff and touches nothing', async t => {
    const files = folder(t, { '.gitlab-ci.yml': PUSHES });
    const { code, stdout, stderr } = await files.drydock(args('--to', 'buildah', '--diff'));
    assert.equal(code, 0);
    assert.match(stdout, /^--- a\/\.gitlab-ci\.yml\n\+\+\+ b\/\.gitlab-ci\.yml\n/);
    assert.match(stdout, /^\+ {4}- buildah push "\$CI_REGISTRY_IMAGE"$/m);
    assert.match(stderr, /^- The job runs in quay\.io\/buildah\/stable/m);
    assert.equal(files.read('.gitlab-ci.yml'), PUSHES);
  });

  it('writes what the diff shows, and keeps the mode of the file', async t => {
    const files = folder(t, { '.gitlab-ci.yml': PUSHES });
    const file = path.join(files.path, '.gitlab-ci.yml');
    chmodSync(file, 0o640);
    const { code, stdout, stderr } = await files.drydock(args('--to', 'buildkit-rootless', '--write'));
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^Converted job "build" in \.gitlab-ci\.yml\.\n- The job runs in moby\/buildkit/);
    assert.match(readFileSync(file, 'utf8'), /buildctl-daemonless\.sh build/);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    const again = await files.drydock(args('--to', 'buildkit-rootless', '--write'));
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /The job follows buildkit-rootless, from which there is no way to buildkit-rootless/,
    );
  });

  it('exits with 1 where it refuses, naming the line, and leaves the file alone', async t => {
    const text = PUSHES.replace('docker push', 'docker run');
    const files = folder(t, { '.gitlab-ci.yml': text });
    const { code, stdout, stderr } = await files.drydock(args('--to', 'kaniko', '--write'));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.equal(
      stderr,
      'drydock: .gitlab-ci.yml:9: docker run cannot be translated; it needs a docker daemon. Job "build" stays as it is.\n',
    );
    assert.equal(files.read('.gitlab-ci.yml'), text);
  });

  it('names a job, a strategy or a file that is not there', async t => {
    const files = folder(t, { '.gitlab-ci.yml': MISMATCH, 'notes.txt': 'x' });
    const cases: [string[], RegExp][] = [
      [args('--to', 'buildah'), /one of --diff and --write/],
      [args('--to', 'buildah', '--diff', '--write'), /one of --diff and --write/],
      [args('--diff'), /needs --job and --to/],
      [args('--to', 'buildxx', '--diff'), /--to: "buildxx" is none of buildkit-rootless, buildah/],
      [
        ['convert', '.gitlab-ci.yml', '--job', 'biuld', '--to', 'buildah', '--diff'],
        /no job "biuld" in \.gitlab-ci\.yml; did you mean "build"\?/,
      ],
      [['convert', 'gone.yml', '--job', 'build', '--to', 'buildah', '--diff'], /gone\.yml/],
      [
        ['convert', 'notes.txt', '--job', 'build', '--to', 'buildah', '--diff'],
        /notes\.txt: neither a GitLab pipeline nor a Compose file/,
      ],
      [['convert', '-', '--job', 'build', '--to', 'buildah', '--diff'], /convert takes one file/],
      [['convert', '--job', 'build', '--to', 'buildah', '--diff'], /convert takes one file/],
    ];
    for (const [argv, message] of cases) {
      const { code, stdout, stderr } = await files.drydock(argv);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, argv.join(' '));
      assert.match(stderr, message);
    }
  });

  it('refuses a file with a syntax error, at its line', async t => {
    const files = folder(t, { '.gitlab-ci.yml': `${PUSHES}\nother: [\n` });
    const { code, stderr } = await files.drydock(args('--to', 'buildah', '--diff'));
    assert.equal(code, 1);
    assert.match(stderr, /^drydock: \.gitlab-ci\.yml:\d+: The file cannot be read from here on/);
  });

  it('converts a template that fifty jobs extend, or none of them', async t => {
    const template = PUSHES.replace('build:', '.build:');
    const jobs = Array.from({ length: 50 }, (_, i) => `job${i}:\n  extends: .build\n`).join('');
    const argv = ['convert', '.gitlab-ci.yml', '--job', '.build', '--to', 'buildah', '--write'];
    const files = folder(t, { '.gitlab-ci.yml': template + jobs });
    const { code, stdout } = await files.drydock(argv);
    assert.equal(code, 0);
    assert.match(stdout, /^- \.build is what 50 jobs \(job0, job1, job2, …\) take parts from/m);
    const text = files.read('.gitlab-ci.yml');
    assert.ok(text.startsWith('.build:\n  image: quay.io/buildah/stable'), text);
    assert.ok(text.endsWith(jobs));

    const another = `${template}${jobs}last:\n  extends: .build\n  after_script:\n    - docker run alpine\n`;
    const others = folder(t, { '.gitlab-ci.yml': another });
    const refused = await others.drydock(argv);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /Job "last" takes parts from \.build, and stops it: docker run cannot be translated/,
    );
    assert.equal(others.read('.gitlab-ci.yml'), another);
  });

  it('converts a template of another file for the jobs that include it, named by its own file', async t => {
    const files = folder(t, {
      '.git/HEAD': '',
      '.gitlab-ci.yml': 'include: ci/templates.yml\none:\n  extends: .build\n',
      'ci/templates.yml': PUSHES.replace('build:', '.build:'),
      'ci/unused.gitlab-ci.yml': PUSHES.replace('build:', '.unused:'),
    });
    const convert = (file: string, job: string) =>
      files.drydock(['convert', file, '--job', job, '--to', 'buildah', '--diff']);
    const template = await convert('ci/templates.yml', '.build');
    assert.match(template.stdout, /^\+\+\+ b\/ci\/templates\.yml$/m);
    const job = await convert('.gitlab-ci.yml', 'one');
    assert.match(
      job.stderr,
      /^drydock: ci\/templates\.yml:\d+: This line of script is written in \.build; convert that/,
    );
    const elsewhere = await convert('.gitlab-ci.yml', '.build');
    assert.match(elsewhere.stderr, /Job "\.build" is written in ci\/templates\.yml/);
    const unused = await convert('ci/unused.gitlab-ci.yml', '.unused');
    assert.match(unused.stderr, /No job in view takes parts from \.unused/);
    assert.deepEqual([template.code, job.code, elsewhere.code, unused.code], [0, 1, 1, 1]);
  });

  it('puts a proxy before a service of Compose, and nothing else', async t => {
    const mount = '    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n';
    const text = `services:\n  logs:\n    image: amir20/dozzle:v8.13.6\n${mount}`;
    const files = folder(t, { 'compose.yml': text });
    const convert = (...more: string[]) =>
      files.drydock(['convert', 'compose.yml', '--job', 'logs', ...more]);
    const other = await convert('--to', 'buildah', '--write');
    assert.match(other.stderr, /A service of Compose can be converted to socket-proxy alone/);
    assert.deepEqual([other.code, files.read('compose.yml')], [1, text]);
    const { code } = await convert('--to', 'socket-proxy', '--write');
    assert.equal(code, 0);
    assert.match(files.read('compose.yml'), /DOZZLE_REMOTE_HOST: "tcp:\/\/socket-proxy:2375"/);
    const nobody = await files.drydock([
      'convert',
      'compose.yml',
      '--job',
      'log',
      '--to',
      'socket-proxy',
      '--diff',
    ]);
    assert.equal(nobody.code, 2);
  });

  it('changes the runner where TLS needs its volume', async t => {
    const plain = CLEAN.replace(
      'DOCKER_TLS_CERTDIR: "/certs"',
      'DOCKER_HOST: tcp://docker:2375\n    DOCKER_TLS_CERTDIR: ""',
    );
    const runner =
      '[[runners]]\n  name = "vm"\n  url = "https://gitlab.example.com"\n  executor = "docker"\n  [runners.docker]\n    image = "alpine:3.22"\n    privileged = true\n    volumes = ["/cache"]\n';
    const files = folder(t, { '.gitlab-ci.yml': plain, 'config.toml': runner });
    const { code, stdout } = await files.drydock(args('--to', 'dind-tls', '--write'));
    assert.equal(code, 0);
    assert.match(stdout, /in \.gitlab-ci\.yml, config\.toml/);
    assert.match(files.read('config.toml'), /\/certs\/client/);
  });
});
