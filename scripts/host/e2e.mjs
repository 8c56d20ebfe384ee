/** Command: tests the packaged extension in the real VS Code hosts, by the mocha suite and by driving the screen. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from './chromium.mjs';
import { desktopWanted } from './desktop.mjs';
import { ensureHost, hostNames } from './install.mjs';
import { ensureVsix, projectRoot } from './project.mjs';
import { runSuite } from './run-suite.mjs';
import { runUi } from './ui-scenario.mjs';

const usage = `usage: node scripts/host/e2e.mjs [${hostNames.join('|')} ...] [--only suite|ui] [--scene NAME] [--vsix FILE]
Without names all hosts are used. --scene plays one scene of the screen and no suite; ui-scenario.mjs names them. With VSCODE_EXECUTABLE_PATH, or DRYDOCK_VSCODE_DOWNLOAD=<version>, the suite runs in
desktop VS Code instead, once, and the screen is not driven. DRYDOCK_HOST_LOG=1 prints all that VS Code logs.`;

/** The test files that run in one window, on the same workspace. */
const suiteNames = ['editor', 'job-log', 'conversion'];

/** @returns {{ hosts: import('./install.mjs').HostName[], suite: boolean, ui: boolean, scene: string | undefined, vsix: string | undefined }} */
function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, scene: { type: 'string' }, vsix: { type: 'string' } },
  });
  const hosts = hostNames.filter(name => positionals.length === 0 || positionals.includes(name));
  const unknown = positionals.filter(name => !hosts.some(host => host === name));
  if (unknown.length > 0) throw new Error(`unknown host ${unknown.join(', ')}`);
  if (values.only !== undefined && !['suite', 'ui'].includes(values.only))
    throw new Error('--only takes suite or ui');
  const { only, scene, vsix } = values;
  return { hosts, suite: only !== 'ui' && scene === undefined, ui: only !== 'suite', scene, vsix };
}

/** @returns {Promise<{ title: string, passed: number, failed: number }[]>} */
async function runAll() {
  const { hosts, suite, ui, scene, vsix: named } = readArguments();
  const vsix = named === undefined ? ensureVsix() : resolve(named);
  const workspace = join(projectRoot, 'test', 'e2e', 'workspace');
  const foreign = join(projectRoot, 'test', 'e2e', 'foreign');
  const desktop = desktopWanted();
  if (suite && !existsSync(join(projectRoot, 'out', 'test', 'e2e', 'index.js'))) {
    throw new Error('The suite is not compiled. Run: npx tsc -b');
  }
  const screen = ui && !desktop;
  const played = desktop ? hosts.slice(0, 1) : hosts;
  // What is to be installed comes first: it would hold up whatever is played beside it.
  if (!desktop) for (const host of played) ensureHost(host);
  if (screen) ensureChromium();
  /** @param {import('./install.mjs').HostName} host */
  const play = async host => {
    const rows = [];
    if (suite) {
      rows.push(row('suite', await runSuite({ host, vsix, workspace, names: suiteNames })));
      const names = ['foreign'];
      rows.push(row('foreign files', await runSuite({ host, vsix, workspace: foreign, names })));
      // In a window of its own: what the tests before have deleted is kept in mind by VS Code for minutes.
      rows.push(row('wizard', await runSuite({ host, vsix, workspace: foreign, names: ['wizard'] })));
    }
    const outDir = join(projectRoot, 'test', 'screenshots');
    if (screen) rows.push(row('screen', await runUi({ host, vsix, workspace, outDir, only: scene })));
    return rows;
  };
  // Most of the time goes into waiting for what is shown, so hosts take no longer together than one alone.
  return (await Promise.all(played.map(play))).flat();
}

/**
 * @param {string} what
 * @param {import('./run-suite.mjs').SuiteResult} result
 */
function row(what, { passed, failed, failures, hostVersion }) {
  for (const { title, message } of failures) console.log(`FAILED in ${hostVersion}: ${title}\n${message}`);
  return { title: `${what} in ${hostVersion}`, passed, failed };
}

try {
  const rows = await runAll();
  for (const { title, passed, failed } of rows) console.log(`${title}: ${passed} passed, ${failed} failed`);
  process.exitCode = rows.length > 0 && rows.every(({ failed }) => failed === 0) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && /^(unknown host|--only|Unknown option)/.test(error.message))
    console.error(usage);
  process.exitCode = 2;
}
