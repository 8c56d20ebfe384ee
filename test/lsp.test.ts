/** What an editor gets for its open documents: diagnostics, hovers and code actions. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CodeAction, Hover } from 'vscode-languageserver';
import * as realCore from '../server/src/analysis/index.js';
import type { Core } from '../server/src/lsp/server.js';
import { allCapabilities, type StartOptions, TestClient } from './lsp-client.js';
import { type FakeCore, fakeCore } from './lsp-fake.js';

const folder = 'file:///no/such/folder';
const pipeline = `${folder}/.gitlab-ci.yml`;

let client: TestClient;
let core: FakeCore;

async function start(options: Partial<StartOptions> = {}): Promise<void> {
  core = fakeCore();
  client = await TestClient.start({ core, folders: [folder], ...options });
}

function at(line: number, character: number) {
  return { start: { line, character }, end: { line, character } };
}

function actions(uri: string, line: number, character: number, only?: string[]): Promise<CodeAction[]> {
  const diagnostics = client.diagnostics(uri) ?? [];
  const context = only ? { diagnostics, only } : { diagnostics };
  return client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: at(line, character),
    context,
  });
}

function hover(uri: string, line: number, character: number): Promise<Hover | null> {
  return client.request('textDocument/hover', { textDocument: { uri }, position: { line, character } });
}

describe('language server: open documents', () => {
  afterEach(() => client.stop());

  it('publishes once for each version, also when nothing changed', async () => {
    await start();
    await client.open(pipeline, 'a: BAD\nb: 😀 BAD\n');
    const [first, second] = (await client.version(pipeline, 1)).diagnostics;
    assert.ok(first && second);
    assert.deepEqual(first.range, { start: { line: 0, character: 3 }, end: { line: 0, character: 6 } });
    assert.equal(second.range.start.character, 6, 'characters are UTF-16 units');
    assert.equal(first.source, 'drydock');
    assert.equal(first.code, 'bad-word');
    assert.equal(first.codeDescription?.href, 'drydock:/rules/bad-word');
    assert.equal(first.relatedInformation?.[0]?.location.uri, pipeline);
    await client.insert(pipeline, 2, 0, 0, '# one line more\n');
    assert.equal((await client.version(pipeline, 2)).diagnostics[0]?.range.start.line, 1);
    await client.insert(pipeline, 3, 0, 0, '#');
    await client.version(pipeline, 3);
    assert.deepEqual(
      client.publishedFor(pipeline).map(each => each.version),
      [1, 2, 3],
    );
  });

  it('marks what is out of use, and takes another home of rule pages', async () => {
    await start({ initializationOptions: { rulePageBase: 'https://docs.test/' } });
    await client.open(pipeline, 'OLD');
    const [found] = (await client.version(pipeline, 1)).diagnostics;
    assert.deepEqual(found?.tags, [2]);
    assert.equal(found?.codeDescription?.href, 'https://docs.test/kaniko-archived');
  });

  it('sends a simple client nothing that it does not know', async () => {
    await start({ capabilities: {} });
    await client.open(pipeline, 'OLD');
    const [found] = (await client.version(pipeline, 1)).diagnostics;
    assert.deepEqual(Object.keys(found ?? {}).sort(), ['code', 'message', 'range', 'severity', 'source']);
    assert.deepEqual(client.registered, []);
  });

  it('is silent about files of others, and does no work for them', async () => {
    await start();
    const other = `${folder}/notes.yml`;
    await client.open(other, 'BAD');
    await client.insert(other, 2, 0, 0, 'BAD ');
    await client.settled();
    assert.deepEqual(client.published, []);
    assert.equal(core.checks, 0);
    assert.equal(await hover(other, 0, 0), null);
    assert.deepEqual(await actions(other, 0, 0), []);
  });

  it('takes diagnostics away from a file that is no longer ours', async () => {
    await start();
    await client.open(pipeline, 'BAD');
    await client.version(pipeline, 1);
    await client.insert(pipeline, 2, 0, 0, 'FOREIGN ');
    await client.rules(pipeline);
  });

  it('drops stale results of long documents, and answers questions about the newest text', async () => {
    await start();
    core.cost = 30;
    await client.open(pipeline, `${'#\n'.repeat(6_000)}BAD`);
    await client.version(pipeline, 1);
    for (let version = 2; version <= 5; version += 1) await client.insert(pipeline, version, 0, 0, 'x');
    await client.version(pipeline, 5);
    assert.deepEqual(
      client.publishedFor(pipeline).map(each => each.version),
      [1, 5],
    );
    await client.insert(pipeline, 6, 0, 0, 'word ');
    const found = await hover(pipeline, 0, 0);
    assert.deepEqual(found?.contents, { kind: 'markdown', value: '**word** is a [word](https://x.test)' });
    await client.version(pipeline, 6);
  });

  it('hovers in plain text where Markdown is not known', async () => {
    await start({ capabilities: {} });
    await client.open(pipeline, 'word');
    const found = await hover(pipeline, 0, 0);
    assert.deepEqual(found?.contents, { kind: 'plaintext', value: 'word is a word' });
    assert.deepEqual(found?.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } });
  });

  it('finds a document by another spelling of its URI', async () => {
    await start({ folders: ['file:///c%3A/w%20s'] });
    await client.open('file:///C:/w%20s/.gitlab-ci.yml', 'BAD');
    await client.version('file:///C:/w%20s/.gitlab-ci.yml', 1);
    assert.ok(await hover('file:///c%3a/w s/.gitlab-ci.yml', 0, 0));
  });

  it('offers fixes with the version that they are made for, and the comment last', async () => {
    await start();
    await client.open(pipeline, 'a:\r\n  b: BAD\r\n');
    const [diagnostic] = (await client.version(pipeline, 1)).diagnostics;
    const [fix, ignore, ...rest] = await actions(pipeline, 1, 6);
    assert.equal(rest.length, 0);
    assert.equal(fix?.title, 'Make it good');
    assert.equal(fix?.isPreferred, true);
    assert.deepEqual(fix?.diagnostics, [diagnostic]);
    const range = { start: { line: 1, character: 5 }, end: { line: 1, character: 8 } };
    assert.deepEqual(fix?.edit, {
      documentChanges: [{ textDocument: { uri: pipeline, version: 1 }, edits: [{ range, newText: 'GOOD' }] }],
    });
    assert.equal(ignore?.title, 'Ignore bad-word here with a comment');
    assert.equal(ignore?.isPreferred, undefined);
    const newText = '  # drydock-ignore: bad-word -- explain why\r\n';
    assert.deepEqual(ignore?.edit?.documentChanges?.[0], {
      textDocument: { uri: pipeline, version: 1 },
      edits: [{ range: at(1, 0), newText }],
    });
    assert.deepEqual(await actions(pipeline, 0, 0), []);
  });

  it('says which other file a fix changes, and changes both at once', async () => {
    await start();
    await client.open(pipeline, 'BOTH');
    await client.version(pipeline, 1);
    const [fix] = await actions(pipeline, 0, 1);
    const [here, there] = fix?.edit?.documentChanges ?? [];
    assert.ok(here && 'edits' in here && there && 'edits' in there);
    assert.equal('annotationId' in (here.edits[0] ?? {}), false);
    assert.deepEqual(there.textDocument, { uri: `${folder}/config.toml`, version: null });
    const id = (there.edits[0] as { annotationId?: string }).annotationId ?? '';
    assert.equal(fix?.edit?.changeAnnotations?.[id]?.needsConfirmation, false);
    assert.equal(fix?.title, 'Change both (also changes config.toml)');
    assert.equal(fix?.isPreferred, undefined);
  });

  it('changes both files without document changes, too', async () => {
    const { codeAction } = allCapabilities.textDocument ?? {};
    await start({ capabilities: codeAction ? { textDocument: { codeAction } } : {} });
    await client.open(pipeline, 'BOTH');
    const [fix] = await actions(pipeline, 0, 1);
    assert.deepEqual(Object.keys(fix?.edit ?? {}), ['changes']);
    assert.deepEqual(Object.keys(fix?.edit?.changes ?? {}), [pipeline, `${folder}/config.toml`]);
  });

  it('fixes all only when asked to', async () => {
    await start();
    await client.open(pipeline, 'BAD BAD');
    const quick = await actions(pipeline, 0, 0, ['quickfix']);
    assert.ok(quick.length > 0 && quick.every(action => action.kind === 'quickfix'));
    for (const kind of ['source', 'source.fixAll', 'source.fixAll.drydock']) {
      const [all, ...rest] = await actions(pipeline, 0, 0, [kind]);
      assert.equal(all?.kind, 'source.fixAll.drydock');
      assert.equal(rest.length, 0);
      const [change] = all?.edit?.documentChanges ?? [];
      assert.equal(change && 'edits' in change && change.edits.length, 2);
    }
    assert.deepEqual(await actions(pipeline, 0, 0, ['source.organizeImports']), []);
  });

  it('survives a request that fails', async () => {
    await start();
    await client.open(pipeline, 'BOOM BAD');
    await assert.rejects(hover(pipeline, 0, 0), /hover failed/);
    await client.until('a line in the log', () =>
      client.logged.some(line => line.includes('a hover that fails')),
    );
    assert.ok(await hover(pipeline, 0, 5));
  });

  it('refuses an answer about a text that has changed meanwhile', async () => {
    let resolve: (core: Core) => void = () => {};
    const late = new Promise<Core>(done => {
      resolve = done;
    });
    await start({ core: late });
    await client.open(pipeline, 'word');
    const asked = hover(pipeline, 0, 0);
    await client.insert(pipeline, 2, 0, 0, 'x');
    setTimeout(() => resolve(core), 20);
    await assert.rejects(asked, { code: -32801 });
    assert.equal((await client.version(pipeline, 2)).version, 2);
  });

  it('says with the real core why a build cannot reach its daemon', async () => {
    await start({ core: realCore });
    const job = 'build:\n  image: docker:29.7.2-cli\n  services: ["docker:29.7.2-dind"]\n';
    const rest = '  variables:\n    DOCKER_HOST: tcp://docker:2375\n  script: [docker build .]\n';
    await client.open(pipeline, job + rest);
    const { diagnostics } = await client.version(pipeline, 1);
    assert.ok(diagnostics.some(each => each.code === 'tls-port-mismatch-2375' && each.severity === 1));
    await client.insert(pipeline, 2, 4, 0, '    DOCKER_TLS_CERTDIR: ""\n');
    const mended = await client.version(pipeline, 2);
    assert.ok(mended.diagnostics.every(each => each.severity !== 1));
  });

  it('leads from the hover on a job to the page of its strategy, for clients that have pages', async () => {
    const job = 'build:\n  image: quay.io/buildah/stable:v1.43.4\n  script: [buildah build .]\n';
    await start({ core: realCore, initializationOptions: { strategyPageBase: 'https://docs.test/' } });
    await client.open(pipeline, job);
    const { contents } = (await hover(pipeline, 0, 1)) ?? {};
    assert.match(JSON.stringify(contents), /Strategy: \[Buildah\]\(https:\/\/docs\.test\/buildah\)\./);
    await client.stop();
    await start({ core: realCore });
    await client.open(pipeline, job);
    assert.match(JSON.stringify((await hover(pipeline, 0, 1))?.contents), /Strategy: Buildah\./);
  });
});
