/** Bundles the programs that the measured server is compared with, each into one file like the server itself. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));

/**
 * Writes the bundles.
 * @param {string} folder where they go
 * @returns {Promise<{ empty: string[], yaml: string[], parse: string[] }>} the commands that run them
 */
export async function bundleControls(folder) {
  await build({
    entryPoints: ['empty-server', 'yaml-server', 'yaml-parse'].map(name => path.join(HERE, `${name}.mjs`)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  const run = (name, ...rest) => [process.execPath, path.join(folder, `${name}.cjs`), ...rest];
  return {
    empty: run('empty-server', '--stdio'),
    yaml: run('yaml-server', '--stdio'),
    parse: run('yaml-parse'),
  };
}
