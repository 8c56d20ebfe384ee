/** What an editor gets for the folders of its workspace: files that are not open, changes on disk, settings, virtual files. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as realCore from '../server/src/analysis/index.js';
import type { FindFilesParams, ReadFileParams } from '../server/src/lsp/messages.js';
import { type StartOptions, TestClient } from './lsp-client.js';
import { type FakeCore, fakeCore } from './lsp-fake.js';

const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

let folder: string;
let client: TestClient;
let core: FakeCore;

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return uriOf(path);
}

function uriOf(path = ''): string {
  return pathToFileURL(join(folder, path)).href;
}

async function start(options: Partial<StartOptions> = {}): Promise<void> {
  core = fakeCore();
  client = await TestClient.start({ core, folders: [uriOf()], ...options });
}

function watched(uri: string, type: number): Promise<void> {
  return client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
}

function changeFolders(added: readonly string[], removed: readonly string[]): Promise<void> {
  const named = (uris: readonly string[]) => uris.map(uri => ({ uri, name: uri }));
  const event = { added: named(added), removed: named(removed) };
  return client.notify('workspace/didChangeWorkspaceFolders', { event });
}

describe('language server: workspace', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'drydock-lsp-'));
  });
  afterEach(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reports files that are not open, but none of other folders', async () => {
    const nested = write('deep/down/a.gitlab-ci.yml', '\uFEFFa: BAD');
    write('node_modules/x/.gitlab-ci.yml', 'BAD');
    write('.git/x.gitlab-ci.yml', 'BAD');
    write('service.yml', 'BAD');
    await start();
    await client.rules(nested, 'bad-word');
    const [first] = client.published;
    assert.equal(client.published.length, 1);
    assert.equal('version' in (first ?? {}), false);
    assert.equal(first?.diagnostics[0]?.range.start.character, 3);
  });

  it('keeps projects inside of a folder apart, as the command line does', async () => {
    const image =
      '[[runners]]\n  name = "r"\n  executor = "docker"\n  [runners.docker]\n    privileged = false\n';
    const pipeline =
      'a:\n  image: docker:29.7.2-cli\n  services: [docker:29.7.2-dind]\n  script: docker info\n';
    write('.gitlab-ci.yml', pipeline);
    write('config.toml', image);
    const inner = write('sub/.gitlab-ci.yml', pipeline);
    write('sub/.drydock.yml', 'version: 1\n');
    write('sub/config.toml', image);
    const repository = write('repository/.gitlab-ci.yml', pipeline);
    write('repository/.git/HEAD', 'ref: refs/heads/main\n');
    write('repository/config.toml', image);
    client = await TestClient.start({ core: realCore, folders: [uriOf()] });
    // With three runners in one project none of them would be the only one.
    for (const uri of [uriOf('.gitlab-ci.yml'), inner, repository])
      await client.rules(uri, 'certs-volume-missing', 'dind-without-privileged');
  });

  const toml = (key: string) => ['[[runners]]', '  executor = "docker"', '  [runners.docker]', `    ${key}`];
  const indented = (by: number, lines: readonly string[]) =>
    lines.map(line => `${' '.repeat(by)}${line}\n`).join('');
  const RUNNER_FILES: Readonly<Record<string, { path: string; text: (key: string) => string }>> = {
    'a configuration': { path: 'config.toml', text: key => indented(0, toml(key)) },
    'values of the chart': {
      path: 'values.yaml',
      text: key => `gitlabUrl: x\nrunners:\n  config: |\n${indented(4, toml(key))}`,
    },
    'a heredoc of Terraform': { path: 'main.tf', text: key => `a = <<-EOT\n${indented(4, toml(key))}EOT\n` },
  };
  for (const [name, { path, text }] of Object.entries(RUNNER_FILES)) {
    it(`updates the findings of both when a pipeline or ${name} is edited, open or on disk`, async () => {
      const job = 'a:\n  image: docker:29.7.2-cli\n  script: docker info\n';
      const dind = `${job}  services: [docker:29.7.2-dind]\n`;
      const pipeline = uriOf('.gitlab-ci.yml');
      const socket = 'volumes = ["/certs/client", "/var/run/docker.sock:/var/run/docker.sock"]';
      const runner = write(path, text('volumes = ["/certs/client"]'));
      client = await TestClient.start({ core: realCore, folders: [uriOf()] });
      await client.open(pipeline, dind);
      await client.rules(pipeline, 'dind-without-privileged');
      // On disk.
      write(path, text(socket));
      await watched(runner, CHANGED);
      await client.rules(runner, 'docker-sock-mount', 'socket-mount-and-dind');
      await client.replaceAll(pipeline, 2, job);
      await client.rules(runner, 'docker-sock-mount');
      await client.rules(pipeline);
      // In the editor, which wins over the disk.
      await client.open(runner, text(socket), 'plaintext');
      await client.replaceAll(runner, 2, text('privileged = false'));
      await client.replaceAll(pipeline, 3, dind);
      await client.rules(runner);
      await client.rules(pipeline, 'certs-volume-missing', 'dind-without-privileged');
    });
  }

  it('reports in an unopened file what an open one causes, and takes it back', async () => {
    const other = write('other.gitlab-ci.yml', 'a: b');
    const pipeline = uriOf('.gitlab-ci.yml');
    await start();
    await client.open(pipeline, 'blames: other.gitlab-ci.yml\n');
    await client.rules(other, 'blamed');
    const before = client.publishedFor(other).length;
    await client.insert(pipeline, 2, 1, 0, '# no change to the other\n');
    await client.version(pipeline, 2);
    await client.settled();
    assert.equal(client.publishedFor(other).length, before);
    await client.replaceAll(pipeline, 3, 'nothing: here');
    await client.rules(other);
  });

  it('follows files on disk', async () => {
    await start();
    const created = write('ci/a.gitlab-ci.yml', 'BAD');
    await watched(created, CREATED);
    await client.rules(created, 'bad-word');
    write('ci/a.gitlab-ci.yml', 'BAD BAD');
    await watched(created, CHANGED);
    await client.rules(created, 'bad-word', 'bad-word');
    rmSync(join(folder, 'ci'), { recursive: true });
    await watched(uriOf('ci'), DELETED);
    await client.rules(created);
    assert.deepEqual(client.registered, [
      'workspace/didChangeWatchedFiles',
      'workspace/didChangeConfiguration',
    ]);
  });

  it('believes open documents rather than the disk, until they are closed', async () => {
    const pipeline = write('.gitlab-ci.yml', 'BAD');
    await start();
    await client.open(pipeline, 'fine');
    await client.version(pipeline, 1);
    await watched(pipeline, CHANGED);
    await client.settled();
    assert.deepEqual(client.diagnostics(pipeline), []);
    await client.close(pipeline);
    await client.rules(pipeline, 'bad-word');
    assert.equal(client.publishedFor(pipeline).at(-1)?.version, undefined);
    rmSync(join(folder, '.gitlab-ci.yml'));
    await client.open(pipeline, 'BAD BAD');
    await client.rules(pipeline, 'bad-word', 'bad-word');
    await client.close(pipeline);
    await client.rules(pipeline);
  });

  it('reads what is included, and only that, also when the include is new', async () => {
    const pipeline = write('.gitlab-ci.yml', 'include: jobs/build.yml\n');
    const build = write('jobs/build.yml', 'include: jobs/more.yml\nBAD\n');
    const more = write('jobs/more.yml', 'BAD');
    const late = write('jobs/late.yml', 'BAD');
    await start();
    await client.rules(build, 'bad-word');
    await client.rules(more, 'bad-word');
    assert.deepEqual(client.publishedFor(late), []);
    await client.open(pipeline, 'include: jobs/late.yml\n');
    await client.rules(build);
    await client.insert(pipeline, 2, 1, 0, '#');
    await client.rules(late, 'bad-word');
    write('jobs/late.yml', 'fine');
    await watched(late, CHANGED);
    await client.rules(late);
  });

  it('gives each file to its innermost folder', async () => {
    const inner = write('sub/a.gitlab-ci.yml', 'BAD');
    await start();
    await client.rules(inner, 'bad-word');
    await changeFolders([uriOf('sub')], []);
    await client.until('the file to be taken over', () => client.publishedFor(inner).length === 3);
    assert.deepEqual(
      client.publishedFor(inner).map(each => each.diagnostics.length),
      [1, 0, 1],
    );
    await changeFolders([], [uriOf('sub')]);
    await client.until('the file to be given back', () => client.publishedFor(inner).length === 5);
    assert.equal(client.diagnostics(inner)?.length, 1);
  });

  it('forgets a folder that is removed, but not what is open in it', async () => {
    const closed = write('a.gitlab-ci.yml', 'BAD');
    const open = write('.gitlab-ci.yml', 'BAD');
    await start();
    await client.open(open, 'BAD');
    await client.rules(closed, 'bad-word');
    await changeFolders([], [uriOf()]);
    await client.rules(closed);
    await client.rules(open, 'bad-word');
    await client.insert(open, 2, 0, 0, 'BAD ');
    assert.equal((await client.version(open, 2)).diagnostics.length, 2);
  });

  it('checks single files without a folder, with those beside them that are open', async () => {
    const pipeline = write('.gitlab-ci.yml', 'BAD');
    const other = write('b.gitlab-ci.yml', 'BAD');
    await start({ folders: [] });
    await client.open(pipeline, 'blames: b.gitlab-ci.yml\n');
    await client.version(pipeline, 1);
    assert.deepEqual(client.publishedFor(other), []);
    await client.open(other, 'fine');
    await client.rules(other, 'blamed');
    await client.close(pipeline);
    await client.rules(other);
    await client.open('untitled:Untitled-1', 'BAD', 'gitlab-runner-toml');
    await client.rules('untitled:Untitled-1', 'bad-word');
  });

  it('obeys the settings of each folder', async () => {
    const pipeline = write('a/.gitlab-ci.yml', 'BAD');
    const silent = write('b/.gitlab-ci.yml', 'BAD');
    const folders = [uriOf('a'), uriOf('b')];
    const settings = { [uriOf('a')]: { profile: 'strict' }, [uriOf('b')]: { enable: false } };
    await start({ folders, settings });
    await client.open(silent, 'BAD');
    await client.open(pipeline, 'BAD');
    await client.version(pipeline, 1);
    await client.settled();
    assert.deepEqual(client.published, client.publishedFor(pipeline));
    assert.ok(core.options.some(options => options.profile === 'strict'));
    client.settings[uriOf('b')] = { enable: true, profile: 'nonsense' };
    await client.notify('workspace/didChangeConfiguration', { settings: null });
    await client.rules(silent, 'bad-word');
    client.settings[uriOf('a')] = { enable: false };
    await client.notify('workspace/didChangeConfiguration', { settings: null });
    await client.rules(pipeline);
  });

  it('takes settings from a client that cannot be asked', async () => {
    await start({ capabilities: {} });
    const pipeline = uriOf('.gitlab-ci.yml');
    await client.open(pipeline, 'BAD');
    await client.rules(pipeline, 'bad-word');
    await client.notify('workspace/didChangeConfiguration', { settings: { drydock: { enable: false } } });
    await client.rules(pipeline);
  });

  it('reads virtual folders through the client, where it offers to', async () => {
    const root = 'vscode-vfs://host/repo';
    const file = `${root}/ci/a.gitlab-ci.yml`;
    const answers = {
      'drydock/findFiles': ({ folder: asked }: FindFilesParams) => ({
        uris: asked === root ? [file, `${root}/node_modules/b.gitlab-ci.yml`, `${root}/other.yml`] : [],
      }),
      'drydock/readFile': ({ uri }: ReadFileParams) => ({ text: uri === file ? 'BAD' : null }),
    };
    await start({ folders: [root], answers, initializationOptions: { filePort: true } });
    await client.rules(file, 'bad-word');
    assert.equal(client.published.length, 1);
  });

  it('reads nothing of virtual folders from a client without a file port', async () => {
    const asked: string[] = [];
    const note = (name: string) => () => {
      asked.push(name);
      return { uris: [], text: null };
    };
    const answers = { 'drydock/findFiles': note('find'), 'drydock/readFile': note('read') };
    await start({ folders: ['vscode-vfs://host/repo'], answers });
    const uri = 'vscode-vfs://host/repo/.gitlab-ci.yml';
    await client.open(uri, 'BAD');
    await client.rules(uri, 'bad-word');
    await client.close(uri);
    await client.rules(uri);
    assert.deepEqual(asked, []);
  });
});
