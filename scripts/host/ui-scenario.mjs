/** Drives the workbench as an author would, with mouse and keys, and keeps a screenshot of each step. */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openBrowser, withPayload } from './browser.mjs';
import { makeRunFolder } from './cleanup.mjs';
import { ensureHost } from './install.mjs';
import { installExtension, remoteUri, startServer } from './server.mjs';
import { composeFile, composeSteps } from './ui-compose.mjs';
import { convertEnds, convertSteps } from './ui-convert.mjs';
import { logSources, logSteps } from './ui-log.mjs';
import { showSteps } from './ui-show.mjs';
import { snippetSteps } from './ui-snippets.mjs';
import { walkthroughSteps, wizardElsewhere, wizardEscapes, wizardLooks } from './ui-wizard.mjs';
import { command, pipeline, settle } from './ui-words.mjs';

/**
 * @typedef {import('./install.mjs').HostName} HostName
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 * @typedef {{
 *   name: string, theme: 'Dark' | 'Light', restricted: boolean, steps: readonly Step[], beside?: string, file?: string
 * }} Scene `beside` is another workspace beside the usual one, `file` what is opened in it
 * @typedef {{ passed: number, failed: number, failures: { title: string, message: string }[], hostVersion: string }} UiResult
 */

const rule = 'tls-port-mismatch-2375';
const patience = 20_000;

/** @type {Step} */
const squiggle = { name: 'the fault is underlined', play: seeSquiggle };
/** @type {Step} */
const hover = { name: 'the hover tells message and rule', play: hoverFault };

/** @type {readonly Scene[]} */
const scenes = [
  {
    name: 'dark',
    theme: 'Dark',
    restricted: false,
    steps: [
      squiggle,
      hover,
      { name: 'the link of the rule shows its page', play: followRuleLink },
      { name: 'the Problems panel lists it', play: seeProblems },
      { name: 'the light bulb offers the fix', play: openLightBulb },
      { name: 'the fix takes the underline away', play: takeFix },
    ],
  },
  { name: 'light', theme: 'Light', restricted: false, steps: [squiggle, hover] },
  { name: 'show-dark', theme: 'Dark', restricted: false, steps: [squiggle, ...showSteps] },
  { name: 'show-light', theme: 'Light', restricted: false, steps: [squiggle, ...showSteps] },
  { name: 'log-dark', theme: 'Dark', restricted: false, steps: [squiggle, ...logSteps, ...logSources] },
  { name: 'log-light', theme: 'Light', restricted: false, steps: [squiggle, ...logSteps] },
  {
    name: 'convert-dark',
    theme: 'Dark',
    restricted: false,
    steps: [squiggle, ...convertSteps, ...convertEnds],
  },
  { name: 'convert-light', theme: 'Light', restricted: false, steps: [squiggle, ...convertSteps] },
  {
    name: 'wizard-dark',
    theme: 'Dark',
    restricted: false,
    steps: [squiggle, ...wizardEscapes, ...wizardLooks, ...walkthroughSteps, ...wizardElsewhere],
  },
  {
    name: 'wizard-light',
    theme: 'Light',
    restricted: false,
    steps: [squiggle, ...wizardLooks, ...walkthroughSteps],
  },
  {
    name: 'wizard-compose',
    theme: 'Dark',
    restricted: false,
    beside: 'compose',
    file: composeFile,
    steps: composeSteps,
  },
  { name: 'snippets', theme: 'Dark', restricted: false, steps: [squiggle, ...snippetSteps] },
  {
    name: 'restricted',
    theme: 'Dark',
    restricted: true,
    steps: [{ name: 'the folder is not trusted', play: seeRestricted }, squiggle],
  },
];

/**
 * Plays all scenes (dark, light, what is shown beside the text, Restricted Mode) in one host, each in a server of its own on a copy of the workspace.
 *
 * @param {{ host: HostName, vsix: string, workspace: string, outDir: string, only?: string }} options absolute paths; the
 *   pictures are written to `outDir` as `<host>-<scene>-<step>.png`; `only` names the one scene to play
 * @returns {Promise<UiResult>} a step after a failed one in the same scene is not played and counts as failed
 * @throws {Error} if the host or a browser cannot be installed or started
 */
export async function runUi({ host: hostName, vsix, workspace, outDir, only }) {
  const host = ensureHost(hostName);
  const hostVersion = `VS Code server and web workbench ${host.version}`;
  console.log(`Screens of: ${hostVersion} (host "${host.name}")`);
  mkdirSync(outDir, { recursive: true });
  /** @type {UiResult} */
  const result = { passed: 0, failed: 0, failures: [], hostVersion };
  const wanted = scenes.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0) throw new Error(`unknown scene ${only}`);
  for (const scene of wanted) {
    const { folder, remove } = makeRunFolder();
    try {
      const copy = join(folder, 'workspace');
      const from = scene.beside === undefined ? workspace : join(dirname(workspace), scene.beside);
      cpSync(from, copy, { recursive: true });
      const dirs = { folder: copy, extensionsDir: join(folder, 'extensions'), dataDir: join(folder, 'data') };
      installExtension({ host, vsix, ...dirs });
      const { theme, restricted } = scene;
      const settings = { 'workbench.colorTheme': `Default ${theme} Modern` };
      const server = await startServer({ host, ...dirs, restricted, settings, automation: false });
      await playScene(
        scene,
        server,
        copy,
        join(outDir, `${hostName}-${scene.name}`),
        hostName,
        result,
      ).finally(server.stop);
    } finally {
      await remove();
    }
  }
  return result;
}

/**
 * @param {Scene} scene
 * @param {import('./server.mjs').Server} server
 * @param {string} folder
 * @param {string} prefix of the pictures' paths
 * @param {HostName} host
 * @param {UiResult} result is added to
 */
async function playScene(scene, server, folder, prefix, host, result) {
  const { page, close } = await openBrowser({ colorScheme: scene.theme === 'Dark' ? 'dark' : 'light' });
  page.setDefaultTimeout(patience);
  const shot = async (/** @type {string} */ name) =>
    void (await page.screenshot({ path: `${prefix}-${name}.png` }));
  try {
    const file = remoteUri(join(folder, scene.file ?? pipeline), `127.0.0.1:${server.port}`);
    await page.goto(
      withPayload(server.url, [
        ['skipWelcome', 'true'],
        ['openFile', file],
      ]),
    );
    let broken = '';
    for (const step of scene.steps) {
      const message =
        broken === ''
          ? await play(step, { page, shot, folder, host })
          : `not played, since this failed: ${broken}`;
      if (message !== undefined && broken === '') broken = step.name;
      note(result, `${scene.name}: ${step.name}`, message);
    }
  } finally {
    await close();
  }
}

/**
 * @param {Step} step
 * @param {Stage} stage
 * @returns {Promise<string | undefined>} what went wrong
 */
async function play(step, stage) {
  try {
    await step.play(stage);
    return undefined;
  } catch (error) {
    await stage.shot('error');
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {UiResult} result
 * @param {string} title
 * @param {string | undefined} message
 */
function note(result, title, message) {
  console.log(message === undefined ? `  passed  ${title}` : `  FAILED  ${title}\n${message}`);
  if (message === undefined) result.passed += 1;
  else result.failures.push({ title, message });
  result.failed = result.failures.length;
}

/** @param {Stage} stage */
async function seeSquiggle({ page, shot }) {
  await page.waitForSelector(`.tab[data-resource-name="${pipeline}"]`);
  await page.waitForSelector('.squiggly-error');
  // These move the text below them when they come.
  await page.waitForSelector('.codelens-decoration');
  await shot('1-squiggle');
}

/** @param {Stage} stage */
async function hoverFault({ page, shot }) {
  await faultWord(page).hover();
  await page.locator('.monaco-hover:visible', { hasText: rule }).first().waitFor();
  await settle(page);
  await shot('2-hover');
}

/** @param {Stage} stage */
async function followRuleLink({ page, shot }) {
  await page.locator('.monaco-hover:visible a', { hasText: rule }).first().click();
  const preview = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  await preview.locator('body', { hasText: rule }).waitFor();
  await shot('3-rule-page');
  await page.locator(`.tab[data-resource-name="${pipeline}"]`).click();
}

/** @param {Stage} stage */
async function seeProblems({ page, shot }) {
  await command(page, 'Problems: Focus on Problems View');
  await page.locator('.markers-panel .monaco-list-row', { hasText: rule }).first().waitFor();
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await settle(page);
  await shot('4-problems');
  await page.keyboard.press('ControlOrMeta+j');
  await page.locator('.markers-panel').waitFor({ state: 'hidden' });
}

/** @param {Stage} stage */
async function openLightBulb({ page, shot }) {
  await faultWord(page).click();
  await page.keyboard.press('ControlOrMeta+.');
  await page.locator('.action-widget .monaco-list-row.action').first().waitFor();
  await settle(page);
  await shot('5-light-bulb');
}

/** @param {Stage} stage */
async function takeFix({ page, shot }) {
  const before = await page.locator('.squiggly-error').count();
  await page.keyboard.press('Enter');
  await page.waitForFunction(count => document.querySelectorAll('.squiggly-error').length < count, before);
  await settle(page);
  await shot('6-mended');
}

/** @param {Stage} stage */
async function seeRestricted({ page, shot }) {
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  await shot('0-restricted');
}

/**
 * The value at fault: the last `tcp://docker:2375` of the file, since the first one belongs to the job that works.
 *
 * @param {Page} page
 */
function faultWord(page) {
  const line = page.locator('.view-line', { hasText: 'tcp://docker:2375' }).last();
  return line.locator('span span', { hasText: 'tcp' }).last();
}
