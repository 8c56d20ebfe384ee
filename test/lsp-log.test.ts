/** The request that explains a job log: places in the files of the workspace, and the document that is shown. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as core from '../server/src/analysis/index.js';
import { EXPLAIN_LOG, type ExplainLogParams, type ExplainLogResult } from '../server/src/lsp/messages.js';
import { MISMATCH } from './cli-run.js';
import { TestClient } from './lsp-client.js';
import { runtimeData } from './support/data.js';

const ERROR = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?';

/** A server for folders of their own on disk, by name. */
async function serve(t: TestContext, folders: Readonly<Record<string, string>>, enable = true) {
  const root = mkdtempSync(join(tmpdir(), 'drydock-log-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const uris = Object.entries(folders).map(([name, text]) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, '.gitlab-ci.yml'), text);
    return pathToFileURL(join(root, name)).toString();
  });
  const settings = Object.fromEntries(uris.map(uri => [uri, { enable }]));
  const client = await TestClient.start({ core: { ...core, data: runtimeData }, folders: uris, settings });
  t.after(() => client.stop());
  const explain = (params: ExplainLogParams) => client.request<ExplainLogResult>(EXPLAIN_LOG, params);
  return { client, uris, explain };
}

describe('drydock/explainLog', () => {
  it('waits for the files of the workspace, and leads to the one that holds the cause', async t => {
    const { uris, explain } = await serve(t, { other: 'test:\n  script: make\n', shop: MISMATCH });
    const { matches, markdown } = await explain({
      text: `first\n${ERROR}\n`,
      line: 40,
      source: 'file:///job.log',
    });
    const [cause] = matches[0]?.causes ?? [];
    assert.deepEqual([matches.length, matches[0]?.line], [1, 41]);
    assert.deepEqual(
      [cause?.failure, cause?.site, cause?.confidence],
      ['tls-port-mismatch-2375', 'build', 'high'],
    );
    assert.deepEqual(cause?.location, {
      uri: `${uris[1]}/.gitlab-ci.yml`,
      range: { start: { line: 5, character: 17 }, end: { line: 5, character: 34 } },
    });
    assert.ok(markdown.includes('[Line 42](file:///job.log#L42) of the log.'), markdown);
    assert.ok(markdown.includes(`[.gitlab-ci.yml:6](${uris[1]}/.gitlab-ci.yml#L6,18)`), markdown);
    assert.ok(markdown.includes('[tls-port-mismatch-2375](drydock:/rules/tls-port-mismatch-2375)'), markdown);
    assert.match(markdown, /\*\*Fix:\*\* Switch to TLS on port 2376/);
    assert.match(markdown, /\nLess likely: .*\[no-daemon-at-all\]\(drydock:\/rules\/no-daemon-at-all\)/);
  });

  it('sees what is not saved yet', async t => {
    const { client, uris, explain } = await serve(t, { shop: MISMATCH });
    await client.open(`${uris[0]}/.gitlab-ci.yml`, `# moved\n${MISMATCH}`);
    const { matches } = await explain({ text: ERROR });
    assert.equal(matches[0]?.causes[0]?.location?.range.start.line, 6);
  });

  it('answers without a workspace, and for a log of others', async t => {
    const { explain } = await serve(t, {});
    assert.equal((await explain({ text: ERROR })).matches[0]?.causes[0]?.location, undefined);
    const { matches, markdown } = await explain({ text: 'npm error code ELIFECYCLE' });
    assert.deepEqual(matches, []);
    assert.match(markdown, /No known error of a container build/);
  });

  it('names no place in a folder that is turned off', async t => {
    const { explain } = await serve(t, { shop: MISMATCH }, false);
    const { matches } = await explain({ text: ERROR });
    const places = matches.flatMap(({ causes }) => causes.flatMap(({ location }) => location ?? []));
    assert.deepEqual([matches.length, places], [1, []]);
  });

  it('shows the words of a log as words', async t => {
    const { explain } = await serve(t, {});
    const text = 'Conflict. The container name "/a`[x](command:y)<b>\u202e" is already in use';
    const { markdown } = await explain({ text });
    assert.ok(
      markdown.includes('`` Conflict. The container name "/a`[x](command:y)<b>" is already in use ``'),
      markdown,
    );
  });
});
