/** Builds the bundles of the product and the data that they load on first use. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { writeRuntimeData } from './generate-catalog.mjs';

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

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // The same code as modules, from which what nobody calls is left out; Node's condition picks the whole.
  alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
  define: { DRYDOCK_VERSION: JSON.stringify(version) },
};

/** Loaded by the entries, with compiled code; such code cannot hold `import()`, so it becomes `require`. */
const loaded = {
  'dist/core.js': { entryPoints: ['server/src/analysis/index.ts'] },
  'dist/server-main.js': { entryPoints: ['server/src/lsp/run.ts'], plugins: [coreApart] },
  'dist/cli-main.js': { entryPoints: ['server/src/cli/main.ts'], plugins: [coreApart] },
};
const entries = {
  'dist/server.js': 'server/src/lsp/main.ts',
  'dist/cli.js': 'server/src/cli/entry.ts',
};

rmSync('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'dist/client.js',
    external: ['vscode'],
  }),
  ...Object.entries(loaded).map(([outfile, options]) =>
    build({ ...shared, ...options, outfile, supported: { 'dynamic-import': false } }),
  ),
]);
const define = { DRYDOCK_BUILD: JSON.stringify(`${version}-${digest(Object.keys(loaded))}`) };
await Promise.all(
  Object.entries(entries).map(([outfile, entry]) =>
    build({ ...shared, entryPoints: [entry], outfile, banner: { js: '#!/usr/bin/env node' }, define }),
  ),
);
writeRuntimeData('dist/data');

/** Changes with the content of the files. */
function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
