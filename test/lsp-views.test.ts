/** What an editor gets to show beside the text: lenses, pictures, the document of all jobs, the effective job, the status. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CodeLens, Hover, WorkspaceEdit } from 'vscode-languageserver';
import * as core from '../server/src/analysis/index.js';
import {
  ALL_JOBS,
  type AllJobsResult,
  CHOOSE,
  type ChooseResult,
  EFFECTIVE_JOB,
  type EffectiveJobResult,
  FILE_STATUS,
  type FileStatusResult,
  RESULTS_CHANGED,
  THEME_CHANGED,
} from '../server/src/lsp/messages.js';
import { allCapabilities, type StartOptions, TestClient } from './lsp-client.js';

const folder = 'file:///no/such/folder';
const pipeline = `${folder}/.gitlab-ci.yml`;
const TEXT = `.base:
  image: docker:29.7.2-cli

build:
  extends: .base
  services: [docker:29.7.2-dind]
  script: [docker build .]

lint:
  script: [make]
`;
const CONFIG =
  '[[runners]]\n  name = "vm"\n  executor = "docker"\n  [runners.docker]\n    privileged = true\n    volumes = ["/certs/client"]\n';

let client: TestClient;

async function start(options: Partial<StartOptions> = {}): Promise<void> {
  client = await TestClient.start({ core, folders: [folder], ...options });
  await client.open(pipeline, TEXT);
}

function lenses(uri = pipeline): Promise<CodeLens[]> {
  return client.request('textDocument/codeLens', { textDocument: { uri } });
}

async function hovered(): Promise<string> {
  const position = { line: 3, character: 1 };
  const hover = await client.request<Hover | null>('textDocument/hover', {
    textDocument: { uri: pipeline },
    position,
  });
  const contents = hover?.contents as { value?: string } | undefined;
  return contents?.value ?? '';
}

function jobAt(line: number): Promise<EffectiveJobResult | null> {
  return client.request(EFFECTIVE_JOB, { uri: pipeline, position: { line, character: 0 } });
}

describe('language server: beside the text', () => {
  afterEach(() => client.stop());

  it('puts a lens above each job that builds', async () => {
    await start({ initializationOptions: { lensCommand: 'x.explain' } });
    const [lens, ...others] = await lenses();
    assert.deepEqual(others, []);
    assert.deepEqual(lens?.range, { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } });
    assert.match(lens?.command?.title ?? '', /^\? dind · TLS 2376 · .*cannot tell: runner unknown$/);
    assert.deepEqual(lens?.command?.command, 'x.explain');
    assert.deepEqual(lens?.command?.arguments, [pipeline, { line: 3, character: 0 }]);
    await client.open(`${folder}/config.toml`, CONFIG, 'toml');
    assert.equal((await lenses())[0]?.command?.title, '✓ dind · TLS 2376 · needs privileged');
    assert.deepEqual(await lenses(`${folder}/config.toml`), []);
    assert.deepEqual(await lenses('file:///elsewhere'), []);
  });

  it('shows no lens where the setting turns them off', async () => {
    await start({ settings: { [folder]: { codeLens: false } } });
    assert.deepEqual(await lenses(), []);
  });

  it('asks the client to ask again for lenses when another file has changed', async () => {
    let refreshed = 0;
    const capabilities = structuredClone(allCapabilities);
    capabilities.workspace = { ...capabilities.workspace, codeLens: { refreshSupport: true } };
    await start({ capabilities, answers: { 'workspace/codeLens/refresh': () => ++refreshed && null } });
    await client.open(`${folder}/config.toml`, CONFIG, 'toml');
    await client.settled();
    await lenses();
    await client.insert(`${folder}/config.toml`, 2, 0, 0, '# x\n');
    await client.until('a refresh', () => refreshed > 0);
  });

  it('draws pictures into hovers for the theme of the client', async () => {
    await start({ initializationOptions: { theme: 'light' } });
    const light = await hovered();
    assert.match(light, /^!\[.*]\(data:image\/svg\+xml;base64,/);
    await client.notify(THEME_CHANGED, { theme: 'dark' });
    const dark = await hovered();
    assert.match(dark, /^!\[/);
    assert.notEqual(dark, light);
    await client.notify(THEME_CHANGED, { theme: 'no such theme' });
    assert.equal(await hovered(), dark);
  });

  it('draws none for a client that does not say its theme, or knows no Markdown', async () => {
    await start();
    assert.doesNotMatch(await hovered(), /data:/);
    await client.stop();
    const capabilities = structuredClone(allCapabilities);
    capabilities.textDocument = { ...capabilities.textDocument, hover: {} };
    await start({ capabilities, initializationOptions: { theme: 'dark' } });
    assert.doesNotMatch(await hovered(), /data:/);
  });

  it('gives the document of all jobs, and says when it may have changed', async () => {
    let changed = 0;
    await start();
    client.connection.onNotification(RESULTS_CHANGED, () => {
      changed += 1;
    });
    await client.version(pipeline, 1);
    const { markdown } = await client.request<AllJobsResult>(ALL_JOBS, { uri: pipeline });
    assert.match(markdown, /^# Which daemon/);
    assert.match(markdown, new RegExp(`\\(${pipeline}#L4\\)`));
    await client.insert(pipeline, 2, 0, 0, '# x\n');
    await client.until('news', () => changed > 0);
    const any = await client.request<AllJobsResult>(ALL_JOBS, {});
    assert.match(any.markdown, /#L5\)/);
    assert.equal(await client.request(ALL_JOBS, { uri: 'file:///elsewhere' }), null);
  });

  it('gives the effective job at the cursor with links to where its values stand', async () => {
    await start();
    const job = await jobAt(5);
    assert.equal(job?.job, 'build');
    const lines = job?.text.split('\n') ?? [];
    assert.ok(lines.includes('  image: docker:29.7.2-cli  # extends .base, .gitlab-ci.yml:2'));
    const link = job?.links.find(({ target }) => target === `${pipeline}#L2`);
    assert.ok(link);
    const written = lines[link.start.line]?.slice(link.start.character, link.end.character);
    assert.equal(written, '.gitlab-ci.yml:2');
    assert.equal((await jobAt(7))?.job, 'build', 'an empty line belongs to the job above');
    assert.equal((await jobAt(9))?.job, 'lint');
    assert.equal(await jobAt(0), null, 'a template goes to no runner');
    assert.equal(
      await client.request(EFFECTIVE_JOB, { uri: 'file:///x', position: { line: 0, character: 0 } }),
      null,
    );
  });

  it('says what a file is taken for, and writes what is chosen instead', async () => {
    const capabilities = structuredClone(allCapabilities);
    capabilities.workspace = {
      ...capabilities.workspace,
      workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
    };
    await start({ capabilities });
    const status = await client.request<FileStatusResult>(FILE_STATUS, { uri: pipeline });
    assert.equal(status.ours, true);
    assert.equal(status.label, 'GitLab CI · runner unknown');
    const [choice] = status.choices;
    assert.ok(choice);
    const params = { uri: pipeline, choice: choice.id };
    const made = (await client.request<ChooseResult>(CHOOSE, params)) as {
      config: string;
      edit: WorkspaceEdit;
    };
    assert.equal(made.config, `${folder}/.drydock.yml`);
    const [create, edit] = made.edit.documentChanges ?? [];
    assert.deepEqual(create, { kind: 'create', uri: made.config, options: { ignoreIfExists: true } });
    assert.match(JSON.stringify(edit), /hosted: gitlab\.com/);
    await client.open(made.config, 'version: 1\n');
    const again = (await client.request<ChooseResult>(CHOOSE, params)) as { edit: WorkspaceEdit };
    assert.equal(again.edit.documentChanges?.length, 1);
    assert.deepEqual(await client.request(CHOOSE, { uri: pipeline, choice: 'nothing' }), {
      refused: '.drydock.yml is left as it is: there is no such choice any more.',
    });
    assert.equal(await client.request(FILE_STATUS, { uri: 'file:///elsewhere' }), null);
  });

  it('answers a foreign document, too, so that it can be chosen', async () => {
    await start();
    await client.open(`${folder}/other.yml`, 'build:\n  script: x\n');
    const status = await client.request<FileStatusResult>(FILE_STATUS, { uri: `${folder}/other.yml` });
    assert.equal(status.ours, false);
    assert.ok(status.choices.some(({ id }) => id === 'file gitlab-ci'));
  });

  it('shows nothing where Drydock is switched off', async () => {
    await start({ settings: { [folder]: { enable: false } } });
    assert.deepEqual(await lenses(), []);
    assert.equal(await client.request(ALL_JOBS, { uri: pipeline }), null);
    assert.equal(await jobAt(5), null);
    assert.equal(await client.request(FILE_STATUS, { uri: pipeline }), null);
  });
});
