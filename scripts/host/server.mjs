/** Starts VS Code's server on this machine only, with a packaged extension in it, and stops it without leftovers. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawnTree, withLimit } from './process-tree.mjs';

/**
 * @typedef {import('./install.mjs').Host} Host
 * @typedef {import('./process-tree.mjs').Child} Child
 * @typedef {{
 *   host: Host, folder: string, extensionsDir: string, dataDir: string, restricted?: boolean,
 *   settings?: Record<string, unknown>, env?: Record<string, string>, automation?: boolean, port?: number
 * }} ServerOptions
 * @typedef {{ port: number, url: string, log: () => string, exited: Promise<number>, stop: () => Promise<void> }} Server
 */

/** Settings of the user for every run: nothing of VS Code's own on the screen, and nothing saved behind our back. */
const quietSettings = {
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
};
const untrusted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'always',
  'security.workspace.trust.untrustedFiles': 'open',
};
/** Without it the server of `code-server` asks open-vsx.org about each extension. */
const noGallery = { EXTENSIONS_GALLERY: '{}' };
const startLimit = 60_000;

/**
 * Installs a packaged extension for later starts with the same `extensionsDir`.
 *
 * @param {{ host: Host, vsix: string, extensionsDir: string, dataDir: string }} options absolute paths; the folders may be missing
 * @throws {Error} if the server refuses the package
 */
export function installExtension({ host, vsix, extensionsDir, dataDir }) {
  const flags = ['--install-extension', vsix, ...sharedFlags(extensionsDir, dataDir)];
  const result = spawnSync(host.node, [host.serverMain, ...flags], { encoding: 'utf8', timeout: 120_000 });
  if (result.status === 0) return;
  throw new Error(`VS Code did not install ${vsix}:\n${result.stdout}${result.stderr}`);
}

/**
 * Starts the server on 127.0.0.1 and waits until it listens. It asks for no token: whoever may open a connection on
 * this machine may use it while it runs.
 *
 * @param {ServerOptions} options absolute paths. `dataDir` must be fresh. `restricted` opens the folder untrusted
 *   (Restricted Mode). `automation` (default true) lets the page run a suite. `port` 0 (default) takes a free one.
 *   `env` reaches the extensions.
 * @returns {Promise<Server>} `url` opens `folder`; `exited` resolves when the server ends by itself or by `stop`
 * @throws {Error} if the server ends early or does not listen within a minute, with what it printed
 */
export async function startServer(options) {
  writeSettings(options);
  const words = [options.host.serverMain, ...serverFlags(options)];
  const { child, exited, stop } = spawnTree(options.host.node, words, { ...noGallery, ...options.env });
  const log = keepOutput(child);
  try {
    const port = await withLimit(readPort(child), startLimit, undefined);
    if (port === undefined) throw new Error('it does not listen after a minute');
    const query = encodeURIComponent(decodeURIComponent(pathToFileURL(options.folder).pathname)).replaceAll(
      '%2F',
      '/',
    );
    const url = `http://127.0.0.1:${port}/?folder=${query}`;
    return { port, url, log, exited, stop };
  } catch (error) {
    await stop();
    throw new Error(
      `VS Code's server did not start: ${error instanceof Error ? error.message : error}\n${log()}`,
    );
  }
}

/**
 * The address by which the workbench names a file or folder of the server's machine.
 *
 * @param {string} file absolute
 * @param {string} [authority] host and port of the server; `remote` does where VS Code only hands the address back
 * @returns {string} such as `vscode-remote://remote/a%20b/c`
 */
export function remoteUri(file, authority = 'remote') {
  return `vscode-remote://${authority}${pathToFileURL(file).pathname}`;
}

/** @param {ServerOptions} options */
function writeSettings({ dataDir, restricted = false, settings = {} }) {
  const trust = restricted ? untrusted : { 'security.workspace.trust.enabled': false };
  const folder = join(dataDir, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...trust, ...settings }, undefined, 2),
  );
}

/** @param {ServerOptions} options */
function serverFlags({ extensionsDir, dataDir, restricted = false, automation = true, port = 0 }) {
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  flags.push('--telemetry-level', 'off', ...sharedFlags(extensionsDir, dataDir));
  if (!restricted) flags.push('--disable-workspace-trust');
  // Since 1.139 (1.100 did not ask) the built page runs a suite only with this flag; it then shows no messages by themselves.
  if (automation) flags.push('--enable-smoke-test-driver');
  return flags;
}

/**
 * @param {string} extensionsDir
 * @param {string} dataDir
 */
function sharedFlags(extensionsDir, dataDir) {
  return ['--accept-server-license-terms', '--extensions-dir', extensionsDir, '--server-data-dir', dataDir];
}

/**
 * @param {Child} child
 * @returns {() => string} the last part of what it has printed so far
 */
function keepOutput(child) {
  let text = '';
  /** @param {Buffer} chunk */
  const keep = chunk => {
    text = (text + chunk).slice(-50_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return () => text;
}

/**
 * @param {Child} child
 * @returns {Promise<number>}
 */
function readPort(child) {
  return new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text = (text + chunk).slice(-2_000);
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port !== undefined) done(Number(port));
    });
    child.once('error', fail);
    child.once('exit', code => fail(new Error(`it ended with ${code}`)));
  });
}
