/** Runs a mocha suite inside a real VS Code with the packaged extension installed, and counts what passed. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { openBrowser, withPayload } from './browser.mjs';
import { makeRunFolder } from './cleanup.mjs';
import { desktopWanted, runOnDesktop } from './desktop.mjs';
import { ensureHost } from './install.mjs';
import { withLimit } from './process-tree.mjs';
import { driverFolder, projectRoot } from './project.mjs';
import { installExtension, remoteUri, startServer } from './server.mjs';

/**
 * @typedef {import('./install.mjs').HostName} HostName
 * @typedef {{ title: string, message: string }} Failure
 * @typedef {{ passed: number, failed: number, failures: Failure[], hostVersion: string }} SuiteResult
 * @typedef {{
 *   vsix: string, workspace: string, tests: string, extensionsDir: string, dataDir: string, env: Record<string, string>,
 *   resultFile: string, limit: number
 * }} Run all paths absolute; `workspace` is the copy for this run; `limit` is in milliseconds
 */

/**
 * Runs the suite in the named host, or in desktop VS Code if the environment asks for it (`VSCODE_EXECUTABLE_PATH`, or
 * `DRYDOCK_VSCODE_DOWNLOAD` with a version), on a copy of the workspace. Prints which host ran.
 *
 * @param {{ host: HostName, vsix: string, workspace: string, names: string[], tests?: string, timeout?: number }} options
 *   absolute paths; `names` are the test files to run, without their ending;
 *   `tests` is a compiled module that exports `run()`, by default `out/test/e2e/index.js`; `timeout` is for the suite in
 *   milliseconds, by default 180000
 * @returns {Promise<SuiteResult>} a host that crashes, hangs or leaves no result counts as one failure
 * @throws {Error} if the host or a browser cannot be installed or started
 */
export async function runSuite({ host, vsix, workspace, names, tests, timeout = 180_000 }) {
  const { folder, remove } = makeRunFolder();
  try {
    const copy = join(folder, 'workspace');
    cpSync(workspace, copy, { recursive: true });
    const extensionsDir = join(folder, 'extensions');
    const resultFile = join(folder, 'result.json');
    /** @type {Run} */
    const run = {
      vsix,
      workspace: copy,
      tests: tests ?? join(projectRoot, 'out', 'test', 'e2e', 'index.js'),
      extensionsDir,
      dataDir: join(folder, 'data'),
      resultFile,
      env: {
        DRYDOCK_E2E_RESULT: resultFile,
        DRYDOCK_E2E_EXTENSIONS: extensionsDir,
        DRYDOCK_E2E_TESTS: names.join(','),
      },
      limit: timeout,
    };
    const { hostVersion, trouble } = desktopWanted()
      ? await runOnDesktop(run)
      : await runOnServer(ensureHost(host), run);
    return readResult(resultFile, hostVersion, trouble);
  } finally {
    await remove();
  }
}

/**
 * @param {import('./install.mjs').Host} host
 * @param {Run} run
 * @returns {Promise<{ hostVersion: string, trouble: string | undefined }>} `trouble` says what else than a test went wrong
 */
async function runOnServer(host, run) {
  const hostVersion = `VS Code server and web workbench ${host.version}`;
  console.log(`Suite runs in: ${hostVersion} (host "${host.name}")`);
  installExtension({ host, ...run });
  const server = await startServer({ host, folder: run.workspace, ...run });
  try {
    const code = await runInPage(server, run);
    if (code === 0) return { hostVersion, trouble: undefined };
    return {
      hostVersion,
      trouble: typeof code === 'number' ? `the extension host ended with ${code}` : code,
    };
  } finally {
    await server.stop();
  }
}

/**
 * @param {import('./server.mjs').Server} server
 * @param {Run} run
 * @returns {Promise<number | string>} the exit code of the extension host, or why there is none
 */
async function runInPage(server, run) {
  const { page, close } = await openBrowser();
  const log = makeLog();
  try {
    /** @type {(end: number | string) => void} */
    let finish = () => {};
    /** @type {Promise<number | string>} */
    const ended = new Promise(done => {
      finish = done;
    });
    page.once('crash', () => finish('the page crashed'));
    void server.exited.then(() => finish('the server ended'));
    await page.exposeFunction('codeAutomationExit', finish);
    await page.exposeFunction('codeAutomationLog', log.take);
    await page.goto(withPayload(server.url, suitePayload(run.tests)));
    const end = await withLimit(ended, run.limit, `the suite did not end within ${run.limit / 1000} s`);
    if (!existsSync(run.resultFile)) console.log(`No result. The last lines of the log:\n${log.tail()}`);
    return end;
  } finally {
    await close();
  }
}

/**
 * @param {string} tests
 * @returns {[string, string][]}
 */
function suitePayload(tests) {
  return [
    ['extensionDevelopmentPath', remoteUri(driverFolder)],
    ['extensionTestsPath', remoteUri(tests)],
    ['skipWelcome', 'true'],
  ];
}

/**
 * Prints what the suite says and what VS Code logs about our extension; the rest is noise of a host without native
 * modules and network.
 *
 * @returns {{ take: (level: string, parts: unknown[]) => void, tail: () => string }} `tail` gives the last lines of all,
 *   for a suite that died; with `DRYDOCK_HOST_LOG` set everything is printed at once
 */
function makeLog() {
  /** @type {string[]} */
  const lines = [];
  return {
    take: (level, parts) => {
      const line = format(...parts);
      // Of a stack or a list of paths the first line is enough.
      lines.push(`[${level}] ${line.split('\n', 1)[0]}`);
      if (lines.length > 30) lines.shift();
      if (line.startsWith('[e2e] ')) console.log(line.slice(6));
      else if (process.env.DRYDOCK_HOST_LOG || line.includes('drydock.drydock'))
        console.log(`[${level}] ${line}`);
    },
    tail: () => lines.join('\n'),
  };
}

/**
 * @param {string} file written by the suite in the extension host
 * @param {string} hostVersion
 * @param {string | undefined} trouble
 * @returns {SuiteResult}
 */
function readResult(file, hostVersion, trouble) {
  /** @type {Omit<SuiteResult, 'hostVersion'>} */
  const result = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 0, failures: [] };
  const { passed, failed, failures } = result;
  if (failed > 0) return { passed, failed, failures, hostVersion };
  const message = passed === 0 && existsSync(file) ? 'no test ran' : (trouble ?? missing(file));
  if (message === undefined) return { passed, failed, failures, hostVersion };
  return { passed, failed: 1, failures: [{ title: 'the suite as a whole', message }], hostVersion };
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function missing(file) {
  return existsSync(file) ? undefined : 'the extension host ended before the suite did';
}
