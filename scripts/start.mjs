/** `npm start`: checks the examples on the command line, then opens them in a real VS Code with Drydock installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRunFolder } from './host/cleanup.mjs';
import { ensureHost } from './host/install.mjs';
import { ensureVsix, projectRoot } from './host/project.mjs';
import { installExtension, startServer } from './host/server.mjs';

/** Prints what the command line says about the examples. It exits with 1 for what it finds, and they are full of faults. */
function checkExamples() {
  console.log('$ drydock check examples');
  const cli = join(projectRoot, 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing. Run: npm run build');
  const { status } = spawnSync(process.execPath, [cli, 'check', 'examples'], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  if (status !== 0 && status !== 1) throw new Error(`drydock check examples ended with ${status}`);
}

/**
 * @param {number} port 0 for a free one
 * @returns {Promise<{ server: import('./host/server.mjs').Server, close: () => Promise<void> }>}
 */
async function openExamples(port) {
  const vsix = ensureVsix();
  const host = ensureHost('current');
  const { folder, remove } = makeRunFolder();
  const dirs = { extensionsDir: join(folder, 'extensions'), dataDir: join(folder, 'data') };
  installExtension({ host, vsix, ...dirs });
  const examples = join(projectRoot, 'examples');
  const server = await startServer({ host, folder: examples, ...dirs, port, automation: false });
  const close = async () => {
    await server.stop();
    await remove();
  };
  return { server, close };
}

/** @param {string} url */
async function mustAnswer(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  const text = await answer.text();
  if (!answer.ok || !text.includes('workbench'))
    throw new Error(`${url} answered ${answer.status}, not the workbench`);
}

async function main() {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, port: { type: 'string', default: '0' } },
  });
  checkExamples();
  const { server, close } = await openExamples(Number(values.port));
  await mustAnswer(server.url);
  console.log(`\nDrydock is open at ${server.url}`);
  if (values.check || process.env.DRYDOCK_START_ONCE === '1') return close();
  console.log('Open a file there and look at what is underlined. Ctrl+C stops it.');
  await server.exited;
  console.error(`VS Code's server ended by itself:\n${server.log()}`);
  process.exitCode = 1;
  await close();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
