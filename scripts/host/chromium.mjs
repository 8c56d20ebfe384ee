/** Finds a Chromium or Chrome to show the workbench in, or installs one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const aptPackages = ['chromium', 'fonts-dejavu-core'];
const programNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Returns the absolute path of a browser that starts: `CHROMIUM_PATH`, else one on the PATH or in a usual place, else
 * Playwright's own; where there is none, Playwright's is downloaded, or Debian's package installed if we are root.
 *
 * @returns {string}
 * @throws {Error} if `CHROMIUM_PATH` names nothing that starts, or nothing could be installed; it names the line to run
 */
export function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start`);
  }
  const found = findBrowser();
  if (found !== undefined) return found;
  for (const install of [installByPlaywright, installByApt]) {
    if (!install()) continue;
    const installed = findBrowser();
    if (installed !== undefined) return installed;
  }
  throw new Error(`No Chromium or Chrome is here, and none could be installed. Run: ${lineToRun()}`);
}

/** @returns {string | undefined} */
function findBrowser() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .flatMap(folder => programNames.map(name => join(folder, name)));
  return [...onPath, ...usualPlaces, chromium.executablePath()].find(starts);
}

/**
 * A stub (Ubuntu's `chromium-browser` without snap) or a missing library shows only when the program is run. On Windows
 * `--version` opens a window instead, so there the file is enough.
 *
 * @param {string} file
 */
function starts(file) {
  if (!existsSync(file)) return false;
  if (process.platform === 'win32') return true;
  return spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0;
}

function installByPlaywright() {
  console.log('No Chromium or Chrome found; trying: npx playwright-core install chromium');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  const result = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (result.status !== 0) console.log('It failed (is its download site out of reach?).');
  return result.status === 0;
}

function installByApt() {
  if (!isDebian() || process.getuid?.() !== 0) return false;
  console.log(`Trying: apt-get install ${aptPackages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [['update'], ['install', '-y', '--no-install-recommends', ...aptPackages]];
  return steps.every(step => {
    const result = spawnSync('apt-get', step, { encoding: 'utf8', env, timeout: 600_000 });
    if (result.status !== 0) console.log(`apt-get ${step[0]} failed:\n${(result.stderr ?? '').slice(-2000)}`);
    return result.status === 0;
  });
}

function lineToRun() {
  if (isDebian())
    return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${aptPackages.join(' ')}`;
  return 'npx playwright-core install --with-deps chromium';
}

function isDebian() {
  return existsSync('/etc/debian_version');
}
