/** Tests the fact tables: every row has a source, the generated modules are up to date, images are pinned right. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  BUILDER_IMAGES_DATE,
  builderImages,
  buildsOrRuns,
  findBuilderImage,
  isFloatingBuilderTag,
  pinFor,
  pinnedImage,
} from '../server/src/catalog/builder-images.js';
import {
  findRunnerKey,
  findVariable,
  type RunnerKeyTable,
  type VariableTable,
} from '../server/src/catalog/variables.js';

interface Generator {
  outdatedFiles(): string[];
  generatedFiles(): Map<string, string>;
  writeRuntimeData(outDir: string): void;
}

const ISO_DAY = /^20\d\d-\d\d-\d\d$/;

test('every table and every row that claims a fact names its source and date', () => {
  for (const name of readdirSync('data')) {
    const table = readData<Record<string, unknown>>(name);
    const date = table.date ?? table.completeTo;
    assert.match(String(date), ISO_DAY, name);
    const rows = [table.variables, table.images, table.laterSeen].flatMap(
      list => (list as object[] | undefined) ?? [],
    );
    assert.ok(typeof table.source === 'string' || rows.length > 0, name);
    for (const row of rows as { source?: string }[]) {
      assert.ok((row.source ?? '').length > 5, `${name}: ${JSON.stringify(row)}`);
    }
  }
});

test('the generated modules are up to date, small, and every one is checked', async () => {
  const generator = await loadGenerator();
  assert.deepEqual(generator.outdatedFiles(), []);
  const files = [...generator.generatedFiles().keys()].map(file => path.basename(file));
  assert.deepEqual(readdirSync('server/src/catalog/data').sort(), files.sort());
  assert.ok(readFileSync('server/src/catalog/data/docker-tags.ts').length < 8000);
});

test('builder images are found, also as copies, and others are not', () => {
  assert.equal(findBuilderImage('docker.io/moby/buildkit')?.tool, 'buildkit');
  assert.equal(findBuilderImage('mirror.example:5000/moby/buildkit')?.tool, 'buildkit');
  assert.equal(findBuilderImage('registry.example/cache/kaniko-project/executor')?.state, 'archived');
  assert.equal(findBuilderImage('my/buildkit'), undefined);
  assert.equal(findBuilderImage('buildkit'), undefined);
  assert.equal(buildsOrRuns('quay.io/podman/stable'), true);
  assert.equal(buildsOrRuns('quay.io/skopeo/stable'), false);
  assert.equal(buildsOrRuns('alpine'), false);
});

test('moving tags of builder images are known, and each has a pin of the same variant', () => {
  assert.equal(isFloatingBuilderTag('moby/buildkit', 'rootless'), true);
  assert.equal(isFloatingBuilderTag('moby/buildkit', undefined), true);
  assert.equal(isFloatingBuilderTag('moby/buildkit', 'v0.32.2'), false);
  assert.equal(isFloatingBuilderTag('alpine', 'latest'), false);
  assert.equal(pinFor('moby/buildkit', 'master-rootless'), 'v0.32.2-rootless');
  assert.equal(pinFor('moby/buildkit', undefined), 'v0.32.2');
  assert.equal(pinFor('ghcr.io/osscontainertools/kaniko', 'debug'), 'v1.28.3-debug');
  assert.equal(pinFor('gcr.io/kaniko-project/executor', 'v1.9.0-debug'), 'v1.24.0-debug');
  assert.equal(pinFor('quay.io/buildah/upstream', 'latest'), undefined);
  assert.equal(pinFor('alpine', 'latest'), undefined);
});

test('pins are exact, never move, and are what recipes get', () => {
  for (const image of builderImages) {
    assert.match(image.date, ISO_DAY);
    assert.ok(image.date <= BUILDER_IMAGES_DATE, image.date);
    for (const [variant, tag] of Object.entries(image.pins)) {
      assert.match(tag, /^v\d+\.\d+\.\d+(?:-[a-z]+)?$/);
      assert.equal(tag.includes('-'), variant !== '', tag);
      assert.equal(image.floating.includes(tag), false, tag);
    }
  }
  assert.equal(pinnedImage('buildkit', 'rootless'), 'moby/buildkit:v0.32.2-rootless');
  assert.equal(pinnedImage('kaniko', 'debug'), 'ghcr.io/osscontainertools/kaniko:v1.28.3-debug');
  assert.match(pinnedImage('buildah'), /^quay\.io\/buildah\/stable:v1\.43\.\d+$/);
  assert.throws(() => pinnedImage('docker', 'compose'));
});

test('the files for hovers are written and hold every row of the data', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-catalog-'));
  try {
    (await loadGenerator()).writeRuntimeData(folder);
    const keys = readJson<RunnerKeyTable>(path.join(folder, 'runner-keys.json'));
    const source = readData<{ keys: { section: string; key: string; description: string }[] }>(
      'runner-keys.json',
    );
    for (const row of source.keys) {
      assert.equal(findRunnerKey(keys, row.section, row.key)?.description, row.description, row.key);
    }
    assert.equal(findRunnerKey(keys, 'runners[].docker', 'PRIVILEGED')?.type, 'boolean');
    assert.equal(findRunnerKey(keys, 'runners[].docker', 'constructor'), undefined);
    assert.equal(findRunnerKey(keys, 'nowhere', 'privileged'), undefined);
    assert.equal(keys.featureFlags.FF_NETWORK_PER_BUILD, false);
    const variables = readJson<VariableTable>(path.join(folder, 'variables.json'));
    assert.deepEqual(variables.variables, readData<VariableTable>('variables.json').variables);
    assert.match(findVariable(variables, 'DOCKER_HOST')?.who ?? '', /docker CLI/);
    assert.equal(findVariable(variables, 'docker_host'), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('texts on variables are one to five sentences and name their values', () => {
  const { variables } = readData<VariableTable>('variables.json');
  assert.equal(new Set(variables.map(variable => variable.name)).size, variables.length);
  for (const { name, text, who, values = [] } of variables) {
    const sentences = text.split(/[.](?:\s|$)/).filter(sentence => sentence !== '');
    assert.ok(sentences.length >= 1 && sentences.length <= 5 && text.endsWith('.'), name);
    assert.ok(who !== '' && values.every(value => value.value !== '' && value.means !== ''), name);
  }
});

test('the observations of the real entrypoints are complete', () => {
  const observed = readJson<{
    eras: Record<string, string>;
    rows: {
      era: string;
      inputs: { user: string };
      observed: { exec?: string; exit?: number; summary?: object };
    }[];
  }>('test/data/entrypoint-observed.json');
  assert.equal(observed.rows.length, 371);
  for (const row of observed.rows) {
    assert.ok(row.era in observed.eras, row.era);
    assert.notEqual(row.observed.exec === undefined, row.observed.exit === undefined, JSON.stringify(row));
  }
  assert.equal(observed.rows.filter(row => row.observed.exit !== undefined).length, 8);
});

async function loadGenerator(): Promise<Generator> {
  return await import(pathToFileURL(path.resolve('scripts/generate-catalog.mjs')).href);
}

function readData<T>(name: string): T {
  return readJson(path.join('data', name));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
