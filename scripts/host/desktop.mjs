/** Runs the suite in desktop VS Code instead of the VS Code server, where the environment asks for it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { spawnTree, withLimit } from './process-tree.mjs';
import { driverFolder, needsShell, projectRoot } from './project.mjs';

/** @typedef {import('./run-suite.mjs').Run} Run */

const settings = {
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
};

/** @returns {boolean} whether `VSCODE_EXECUTABLE_PATH` or `DRYDOCK_VSCODE_DOWNLOAD` (a version, or `stable`) is set */
export function desktopWanted() {
  return Boolean(process.env.VSCODE_EXECUTABLE_PATH || process.env.DRYDOCK_VSCODE_DOWNLOAD);
}

/**
 * Installs the packaged extension into a fresh profile and runs the suite there.
 *
 * @param {Run} run
 * @returns {Promise<{ hostVersion: string, trouble: string | undefined }>} `trouble` says what else than a test went wrong
 * @throws {Error} if the download fails, the extension cannot be installed or there is no display
 */
export async function runOnDesktop(run) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Error('Desktop VS Code needs a display. Run the command under: xvfb-run -a');
  }
  const executable = process.env.VSCODE_EXECUTABLE_PATH || (await download());
  const profile = ['--extensions-dir', run.extensionsDir, '--user-data-dir', run.dataDir];
  const hostVersion = prepare(executable, profile, run);
  console.log(`Suite runs in: ${hostVersion} (${executable})`);
  const { child, exited, stop } = spawnTree(
    executable,
    [run.workspace, ...profile, ...testFlags(run.tests)],
    run.env,
  );
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  try {
    const code = await withLimit(exited, run.limit, undefined);
    if (code === undefined)
      return { hostVersion, trouble: `the suite did not end within ${run.limit / 1000} s` };
    return { hostVersion, trouble: code === 0 ? undefined : `VS Code ended with ${code}` };
  } finally {
    await stop();
  }
}

/**
 * The flags with which `runTests` of `@vscode/test-electron` 2.5.2 starts VS Code. We start it ourselves, since
 * `runTests` cannot end a suite that hangs.
 *
 * @param {string} tests
 * @returns {string[]}
 */
function testFlags(tests) {
  return [
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-workspace-trust',
    `--extensionTestsPath=${tests}`,
    `--extensionDevelopmentPath=${driverFolder}`,
  ];
}

function download() {
  const version = process.env.DRYDOCK_VSCODE_DOWNLOAD || 'stable';
  return downloadAndUnzipVSCode({ version, cachePath: join(projectRoot, '.vscode-test') });
}

/**
 * @param {string} executable
 * @param {string[]} profile
 * @param {Run} run
 * @returns {string} the name and version of the editor
 */
function prepare(executable, profile, { dataDir, vsix }) {
  mkdirSync(join(dataDir, 'User'), { recursive: true });
  writeFileSync(join(dataDir, 'User', 'settings.json'), JSON.stringify(settings));
  const [cli = executable] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  const install = ['--install-extension', vsix, '--force'];
  runCli(cli, [...profile, ...install]);
  return `desktop VS Code ${runCli(cli, [...profile, '--version']).split('\n')[0]}`;
}

/**
 * @param {string} cli
 * @param {string[]} words
 * @returns {string} what it printed
 */
function runCli(cli, words) {
  const quoted = needsShell ? words.map(word => `"${word}"`) : words;
  const result = spawnSync(needsShell ? `"${cli}"` : cli, quoted, {
    encoding: 'utf8',
    timeout: 120_000,
    shell: needsShell,
  });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${cli} ${words.join(' ')} failed:\n${result.error?.message ?? ''}${result.stdout}${result.stderr}`,
  );
}
