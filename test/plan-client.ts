/** A client that asks `drydock/plan` about a folder on disk, and the files that tests of it begin with. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as core from '../server/src/analysis/index.js';
import { PLAN, type PlanParams, type PlanResult } from '../server/src/lsp/messages.js';
import { TestClient } from './lsp-client.js';
import { runtimeData } from './support/data.js';

export const CAREFUL = ['gitlab-docker', 'unprivileged', 'shared', 'build'];
export const TRUSTED = ['gitlab-docker', 'privileged', 'single-tenant', 'run'];

export const PIPELINE = `stages: [check, image]

lint:
  stage: check
  image: alpine:3.22
  script:
    - echo lint
`;

export const BUILDING = `${PIPELINE}
old:
  stage: image
  image: docker:29.7.2-cli
  services: [docker:29.7.2-dind]
  tags: [linux]
  script:
    - docker build .
`;

export const RUNNER = `concurrent = 2

[[runners]]
  name = "vm"
  executor = "docker"
  [runners.docker]
    privileged = true
    volumes = ["/certs/client", "/cache"]
`;

/** A client in a folder on disk with these files; without any in an empty window. */
export async function start(t: TestContext, files?: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-plan-'));
  for (const [path, text] of Object.entries(files ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const uri = pathToFileURL(folder).toString();
  const client = await TestClient.start({
    core: { ...core, data: runtimeData },
    folders: files ? [uri] : [],
  });
  t.after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });
  const ask = (answers: readonly string[], more: Partial<PlanParams> = {}): Promise<PlanResult> =>
    client.request(PLAN, { ...(files ? { folder: uri } : {}), answers, ...more });
  const change = async (answers: readonly string[], strategy: string, more: Partial<PlanParams> = {}) => {
    const result = await ask(answers, { strategy, ...more });
    assert.ok(result.change, result.refused);
    return result.change;
  };
  return { client, ask, change, at: (path: string) => `${uri}/${path}` };
}
