/** The laws of the project: which floor sees which, how files begin, how long they may be, what is generated. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CONFIG_KEYS, EXPOSURES, HOSTED, LEVELS, PROFILES } from '../server/src/analysis/config-keys.js';
import { FORMATS } from '../server/src/model/build-site.js';

const SRC = 'server/src';

/** What each floor may import, besides itself. The shell reader is plain functions over words, open to those that judge commands. */
const SEES: Readonly<Record<string, readonly string[]>> = {
  syntax: [],
  model: ['syntax'],
  catalog: ['model'],
  trace: ['model', 'catalog', 'syntax/shell'],
  strategies: ['model', 'catalog', 'trace'],
  dialects: ['syntax', 'model', 'catalog'],
  rules: ['model', 'catalog', 'trace', 'syntax/shell'],
  analysis: ['syntax', 'model', 'catalog', 'trace', 'strategies', 'dialects', 'rules'],
  start: [],
  lsp: ['analysis', 'model', 'syntax/line-index', 'start'],
  cli: ['analysis', 'model', 'syntax/line-index', 'start'],
};

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name).replaceAll('\\', '/'))
    .filter(
      path =>
        path.endsWith('.ts') && !/\.d\.ts$|node_modules|test\/host\//.test(path) && statSync(path).isFile(),
    );
}

function importsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(/(?:from|import) '([^']+)'|import\('([^']+)'\)/g)].map(
    match => match[1] ?? match[2] ?? '',
  );
}

const server = sources(SRC);

test('every import points down', () => {
  const wrong = server.flatMap(path => {
    const [floor = ''] = path.slice(SRC.length + 1).split('/');
    return importsOf(path)
      .filter(target => target.startsWith('.'))
      .map(target =>
        normalize(join(dirname(path), target))
          .replaceAll('\\', '/')
          .slice(SRC.length + 1)
          .replace(/\.js$/, ''),
      )
      .filter(target => {
        const below = target.split('/')[0];
        return (
          below !== floor &&
          !(SEES[floor] ?? []).some(allowed => allowed === below || target.startsWith(allowed))
        );
      })
      .map(target => `${path} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('no dialect imports another', () => {
  const wrong = server.flatMap(path => {
    const own = /dialects\/([\w-]+)\//.exec(path)?.[1];
    if (own === undefined) return [];
    return importsOf(path)
      .map(target => normalize(join(dirname(path), target)))
      .filter(target => {
        const other = /dialects\/([\w-]+)\//.exec(target)?.[1];
        return other !== undefined && other !== own;
      })
      .map(target => `${path} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('below the edges nothing needs Node, VS Code or the protocol', async () => {
  const wrong = server
    .filter(path => !/src\/(?:lsp|cli|start)\//.test(path))
    .flatMap(path =>
      importsOf(path)
        .filter(target => /^node:|^vscode/.test(target))
        .map(target => `${path} imports ${target}`),
    );
  assert.deepEqual(wrong, []);
  const bundle = await build({
    entryPoints: [join(SRC, 'analysis/index.ts')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    define: { global: 'globalThis' },
  });
  assert.deepEqual(bundle.errors, []);
});

test('the client knows nothing of the server but its messages', () => {
  const wrong = sources('client/src').flatMap(path =>
    importsOf(path)
      .filter(target => target.includes('server/src') && !target.endsWith('lsp/messages.js'))
      .map(target => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('every source file opens with one sentence on what it is for', () => {
  const files = [...server, ...sources('client/src'), ...sources('test')];
  const wrong = files.filter(
    path => !/^(?:#!.*\n)?\/\*\*(?: [^\n]*\*\/|\n \* )/.test(readFileSync(path, 'utf8')),
  );
  assert.deepEqual(wrong, []);
});

test('no file is over its budget', () => {
  const budget = (path: string): number =>
    /src\/rules\/(?!index|define|faults|switch)/.test(path) ? 120 : 300;
  const exempt = (path: string): boolean => /catalog\/data\/|\/generated\//.test(path);
  const wrong = [...server, ...sources('client/src'), ...sources('test')]
    .filter(path => !exempt(path))
    .map(path => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > budget(path))
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  assert.deepEqual(wrong, []);
});

test('generated tables are up to date', async () => {
  const { outdatedFiles } = await import(pathToFileURL(resolve('scripts/generate-catalog.mjs')).href);
  const { generatedFiles } = await import(pathToFileURL(resolve('scripts/generate-recognise.mjs')).href);
  const tables: ReadonlyMap<string, string> = generatedFiles();
  const old = [...tables].flatMap(([path, text]) => (readFileSync(path, 'utf8') === text ? [] : [path]));
  assert.deepEqual([...outdatedFiles(), ...old], [], 'run `npm run generate`');
});

test('the pages of the rules are up to date', async () => {
  const { documents } = await import(pathToFileURL(resolve('scripts/generate-docs.mjs')).href);
  const pages = documents() as ReadonlyMap<string, string>;
  const stale = [...pages].filter(([path, text]) => readOr(path) !== text).map(([path]) => path);
  assert.deepEqual(stale, [], 'run `npm run generate`');
  const written = readdirSync('docs/rules').map(name => `docs/rules/${name}`);
  assert.deepEqual(
    written.filter(path => !pages.has(path)),
    [],
  );
});

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

test('the schema of .drydock.yml knows the same words as the reader', () => {
  const schema = JSON.parse(readFileSync('schemas/drydock.schema.json', 'utf8'));
  const { properties } = schema;
  assert.deepEqual(Object.keys(properties), CONFIG_KEYS['']);
  assert.deepEqual(Object.keys(properties.runners.items.properties), CONFIG_KEYS.runners);
  assert.deepEqual(Object.keys(properties.ignore.items.properties), CONFIG_KEYS.ignore);
  assert.deepEqual(properties.profile.enum, PROFILES);
  assert.deepEqual(properties.runners.items.properties.exposure.enum, EXPOSURES);
  assert.deepEqual(properties.runners.items.properties.hosted.enum, HOSTED);
  assert.deepEqual(properties.rules.additionalProperties.enum, LEVELS);
  assert.deepEqual(Object.keys(properties.files.properties), FORMATS);
});
