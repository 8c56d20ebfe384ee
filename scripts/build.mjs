/** Builds the bundles of the product and the data that they load on first use. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, transform } from 'esbuild';
import { writeRuntimeData } from './generate-catalog.mjs';
import { LAZY_MODULES, lazyModules } from './lazy-modules.mjs';
import { licenses } from './licenses.mjs';
import { namesIn, sharedModules, sharingEntry, wantedNames } from './shared-modules.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * Lets the server and the command line share the core: a bundle of its own, required when it is first needed.
 * @type {import('esbuild').Plugin}
 */
const coreApart = {
  name: 'core-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/analysis\/index\.js$/ }, () => ({ path: './core.js', external: true }));
  },
};

/**
 * Takes the long texts of rules out of the bundles: a call of a function that does nothing goes with its arguments.
 * @type {import('esbuild').Plugin}
 */
const proseApart = {
  name: 'prose-apart',
  setup({ onLoad }) {
    onLoad({ filter: /server\/src\/model\/prose\.ts$/ }, () => ({ contents: 'export function prose() {}' }));
  },
};

/**
 * Takes out of `yaml` what writes YAML: all that is written here is written by hand, and its classes hold on to it.
 * @type {import('esbuild').Plugin}
 */
const yamlReadsOnly = {
  name: 'yaml-reads-only',
  setup({ onLoad }) {
    onLoad({ filter: /yaml\/browser\/dist\/stringify\/\w+\.js$/ }, ({ path }) => {
      const names = /^export \{ (.+) \};$/m.exec(readFileSync(path, 'utf8'))?.[1]?.split(', ') ?? [];
      if (names.length === 0) throw new Error(`${path} exports nothing that can be taken out`);
      return { contents: names.map(name => `export function ${name}() {}`).join('\n') };
    });
  },
};

/**
 * Loads what starts processes when it is first asked for: the library of the language server holds it for clients that
 * look for modules.
 * @type {import('esbuild').Plugin}
 */
const processesLate = {
  name: 'processes-late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^child_process$/ }, ({ path }) => ({ path, namespace: 'late' }));
    onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('node:child_process')[name] });`,
    }));
  },
};

/** The parts of `js-yaml` that make events of a text; the rest makes values of them, or writes YAML. */
const EVENT_PARTS = [
  'common/snippet',
  'common/exception',
  'common/tagname',
  'parser/events',
  'parser/parser_scalar',
  'parser/parser',
];

/**
 * Leaves of `js-yaml` only what reads events: its schemas are made when it loads, and nobody here asks for them.
 * @type {import('esbuild').Plugin}
 */
const yamlEventsOnly = {
  name: 'yaml-events-only',
  setup({ onLoad }) {
    onLoad({ filter: /js-yaml\/dist\/js-yaml\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const parts = [...text.matchAll(/^\/\/#region src\/(.+)\.ts\n([\s\S]*?)^\/\/#endregion$/gm)];
      const kept = parts.filter(([, name]) => EVENT_PARTS.includes(name));
      if (kept.length < EVENT_PARTS.length) throw new Error(`${path} has other parts than it had`);
      const names = 'COLLECTION_STYLE, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE';
      return { contents: `${kept.map(([, , part]) => part).join('')}\nexport { ${names} };` };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  mainFields: ['module', 'main'],
  // The same code as modules, from which what nobody calls is left out; Node's condition picks the whole.
  alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
  define: { DRYDOCK_VERSION: JSON.stringify(version) },
};

const CORE = 'server/src/analysis/index.ts';

/** Loaded by the entries, with compiled code; such code cannot hold `import()`, so it becomes `require`. */
const loaded = async () => {
  const wanted = await handedOut();
  const contents = sharingEntry(CORE, wanted);
  return {
    'dist/core.js': {
      stdin: { contents, resolveDir: '.', loader: 'ts' },
      plugins: [proseApart, yamlEventsOnly, lazyModules()],
    },
    ...Object.fromEntries(
      Object.entries(LAZY_MODULES).map(([name, path]) => [
        `dist/lazy-${name}.js`,
        {
          entryPoints: [path],
          plugins: [proseApart, yamlReadsOnly, lazyModules(name), sharedModules(wanted)],
        },
      ]),
    ),
    'dist/server-main.js': {
      entryPoints: ['server/src/lsp/run.ts'],
      plugins: [coreApart, lazyModules(), processesLate],
    },
    'dist/cli-main.js': { entryPoints: ['server/src/cli/main.ts'], plugins: [coreApart] },
  };
};
const entries = {
  'dist/server.js': 'server/src/lsp/main.ts',
  'dist/cli.js': 'server/src/cli/entry.ts',
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const bundles = await loaded();
const built = await Promise.all([
  build({
    ...shared,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'dist/client.js',
    external: ['vscode'],
  }),
  ...Object.entries(bundles).map(([outfile, options]) => buildLoaded(outfile, options)),
]);
const define = { DRYDOCK_BUILD: JSON.stringify(`${version}-${digest(Object.keys(bundles))}`) };
await Promise.all(
  Object.entries(entries).map(([outfile, entry]) =>
    build({ ...shared, entryPoints: [entry], outfile, banner: { js: '#!/usr/bin/env node' }, define }),
  ),
);
writeRuntimeData('dist/data');
writeFileSync('dist/third-party-licenses.txt', licenses(built.map(({ metafile }) => metafile)));
writeFileSync('dist/data/rule-texts.json', JSON.stringify(await ruleTexts()));
writeFileSync('dist/data/strategies.json', JSON.stringify((await whole('strategy-infos')).strategyInfos()));

/** What the core hands to the bundles that are loaded late. */
async function handedOut() {
  const late = Object.values(LAZY_MODULES).map(path => resolve(path));
  const { metafile } = await build({
    ...shared,
    entryPoints: [CORE],
    plugins: [proseApart, lazyModules()],
    outfile: 'core.js',
    supported: { 'dynamic-import': false },
    write: false,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const held = Object.keys(inputs).filter(
    path => path.startsWith('server/') && inputs[path].bytesInOutput > 0,
  );
  const offered = namesIn(held.map(path => resolve(path)).filter(path => !late.includes(path)));
  return wantedNames(late, offered);
}

/**
 * Builds a bundle, and then once more from itself: what only the texts needed that are no longer there is left over
 * the first time.
 */
async function buildLoaded(outfile, options) {
  const supported = { 'dynamic-import': false };
  const { outputFiles, metafile } = await build({ ...shared, ...options, outfile, supported, write: false });
  const { target, platform, format, minify, legalComments } = shared;
  const again = { target, platform, format, minify, legalComments, supported, treeShaking: true };
  const { code } = await transform(outputFiles[0].text, again);
  writeFileSync(outfile, code);
  return { metafile };
}

/** The texts that the bundles leave out, by rule. */
async function ruleTexts() {
  const infos = (await whole('rule-infos')).ruleInfos();
  return Object.fromEntries(
    infos.map(({ id, title, why, remedy, sources }) => [id, { title, why, remedy, sources }]),
  );
}

/** What a module of `analysis` exports, from a build that keeps what the bundles leave out. */
async function whole(name) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [`server/src/analysis/${name}.ts`],
    write: false,
    minify: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports;
}

/** Changes with the content of the files. */
function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
