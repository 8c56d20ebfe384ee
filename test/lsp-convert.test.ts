/** Conversions over the language server: the actions on a job, their edits when chosen, and the request behind the preview. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CodeAction, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as core from '../server/src/analysis/index.js';
import { CONVERT, type ConvertParams, type ConvertResult } from '../server/src/lsp/messages.js';
import { CLEAN } from './cli-run.js';
import { allCapabilities, TestClient } from './lsp-client.js';
import { runtimeData } from './support/data.js';

const URI = 'file:///convert/.gitlab-ci.yml';
const TEXT = `# One job.\n${CLEAN.replace('docker build .', 'docker build -t "$CI_REGISTRY_IMAGE" .')}\nlint:\n  image: alpine:3.22\n  script:\n    - echo lint\n`;

const codeAction = {
  codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor.rewrite'] } },
  dataSupport: true,
  resolveSupport: { properties: ['edit'] },
};
const resolving = { ...allCapabilities, textDocument: { ...allCapabilities.textDocument, codeAction } };

async function open(t: TestContext, text: string, options: { preview?: boolean; plain?: boolean } = {}) {
  const client = await TestClient.start({
    core: { ...core, data: runtimeData },
    folders: [],
    capabilities: options.plain ? allCapabilities : resolving,
    initializationOptions: options.preview ? { conversionPreview: true } : {},
  });
  t.after(() => client.stop());
  await client.open(URI, text);
  const actions = async (line: number, only?: string[]): Promise<CodeAction[]> => {
    const at = { line, character: 0 };
    const params = {
      textDocument: { uri: URI },
      range: { start: at, end: at },
      context: { diagnostics: [], only },
    };
    const all = await client.request<CodeAction[]>('textDocument/codeAction', params);
    return all.filter(({ kind }) => kind === 'refactor.rewrite');
  };
  return { client, actions };
}

function applied(text: string, { documentChanges = [] }: WorkspaceEdit): string {
  const edits = documentChanges.flatMap(change => ('edits' in change ? change.edits : [])) as TextEdit[];
  return TextDocument.applyEdits(TextDocument.create(URI, 'yaml', 1, text), edits);
}

describe('conversions as code actions', () => {
  it('are offered on a job that builds, and nowhere else', async t => {
    const { actions } = await open(t, TEXT);
    const titles = [
      'Convert to rootless BuildKit',
      'Convert to Buildah',
      'Convert to the maintained Kaniko',
      "Convert to the host's docker socket",
    ];
    assert.deepEqual(
      (await actions(1)).map(({ title }) => title),
      titles,
      'on its name',
    );
    assert.deepEqual(
      (await actions(8)).map(({ title }) => title),
      titles,
      'in its script',
    );
    assert.deepEqual(
      (await actions(8, ['refactor'])).map(({ title }) => title),
      titles,
    );
    assert.deepEqual(await actions(8, ['quickfix']), []);
    assert.deepEqual(await actions(0), [], 'above it');
    assert.deepEqual(await actions(11), [], 'on a job that builds nothing');
  });

  it('are offered on a template, for all that extend it', async t => {
    const text = `${TEXT.replace('build:', '.build:')}\none:\n  extends: .build\ntwo:\n  extends: .build\n`;
    const { client, actions } = await open(t, text);
    const [action] = await actions(8);
    assert.ok(action);
    const { edit } = await client.request<CodeAction>('codeAction/resolve', action);
    assert.match(applied(text, edit ?? {}), /^# One job\.\n\.build:\n {2}image:\n {4}name: moby\/buildkit:/);
  });

  it('get their edit when one is chosen, with what changes besides', async t => {
    const { client, actions } = await open(t, TEXT);
    const [action] = await actions(1);
    assert.ok(action && action.edit === undefined);
    const { edit } = await client.request<CodeAction>('codeAction/resolve', action);
    assert.ok(edit);
    const text = applied(TEXT, edit);
    assert.match(text, /^# One job\.\nbuild:\n {2}image:\n {4}name: moby\/buildkit:/);
    assert.match(text, /buildctl-daemonless\.sh build/);
    const [annotation] = Object.values(edit.changeAnnotations ?? {});
    assert.equal(annotation?.needsConfirmation, false);
    assert.match(
      annotation?.description ?? '',
      /It needs a runner that starts jobs without the default seccomp/,
    );
  });

  it('fail with the reason where the job cannot be converted', async t => {
    const { client, actions } = await open(t, TEXT.replace('docker build', 'docker run'));
    const [action] = await actions(1);
    assert.ok(action);
    await assert.rejects(client.request('codeAction/resolve', action), /docker run cannot be translated/);
    assert.deepEqual(client.logged, []);
  });

  it('are offered on a Compose service that has the socket of its host', async t => {
    const { client } = await open(t, TEXT, { preview: true });
    const uri = 'file:///convert/compose.yml';
    const mount = '    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n';
    await client.open(
      uri,
      `services:\n  web:\n    image: nginx:1.29.3\n  logs:\n    image: amir20/dozzle:v8.13.6\n${mount}`,
    );
    const titles = async (line: number): Promise<string[]> => {
      const at = { line, character: 2 };
      const params = { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [] } };
      const all = await client.request<CodeAction[]>('textDocument/codeAction', params);
      return all.filter(({ kind }) => kind === 'refactor.rewrite').map(({ title }) => title);
    };
    assert.deepEqual(await titles(1), []);
    assert.deepEqual(await titles(3), ['Convert to a socket proxy']);
    const result = await client.request<ConvertResult>(CONVERT, { uri, job: 'logs', to: 'socket-proxy' });
    assert.ok('files' in result && result.files[0]?.text.includes('tecnativa/docker-socket-proxy:'));
  });

  it('are left out for clients that take no edit later', async t => {
    const { actions } = await open(t, TEXT, { plain: true });
    assert.deepEqual(await actions(1), []);
  });

  it('carry a command for clients that show a preview', async t => {
    const { actions } = await open(t, TEXT, { preview: true });
    const [action] = await actions(1);
    assert.equal(action?.command?.command, 'drydock.previewConversion');
    assert.deepEqual(action?.command?.arguments, [{ uri: URI, job: 'build', to: 'buildkit-rootless' }]);
  });
});

describe('drydock/convert', () => {
  const ask = (client: TestClient, more: Partial<ConvertParams>) =>
    client.request<ConvertResult>(CONVERT, { uri: URI, job: 'build', to: 'buildah', ...more });

  it('gives the whole new text, the edits and what changes besides', async t => {
    const { client } = await open(t, TEXT);
    const result = await ask(client, {});
    assert.ok('files' in result);
    const [file] = result.files;
    assert.deepEqual([result.files.length, file?.uri, file?.version], [1, URI, 1]);
    assert.equal(applied(TEXT, { documentChanges: [{ edits: file?.edits } as never] }), file?.text);
    assert.match(file?.text ?? '', /buildah build --layers/);
    assert.match(result.notes.join('\n'), /^The job runs in quay\.io\/buildah/);
  });

  it('says why not, and where', async t => {
    const { client } = await open(t, TEXT.replace('docker build', 'docker run'));
    assert.deepEqual(await ask(client, {}), {
      refused: 'docker run cannot be translated; it needs a docker daemon.',
      at: { uri: URI, line: 8 },
    });
    const elsewhere = await ask(client, { uri: 'file:///convert/other.yml' });
    assert.deepEqual(elsewhere, { refused: 'The document is not open.' });
    const unknown = await ask(client, { to: 'magic' });
    assert.deepEqual(unknown, { refused: 'No job can be converted to magic.' });
    const nobody = await ask(client, { job: 'nobody' });
    assert.deepEqual(nobody, { refused: 'There is no job "nobody" in .gitlab-ci.yml.' });
  });
});
