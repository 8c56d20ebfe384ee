/** Steps of the screen tests about converting a job: the actions, the preview as a diff, Apply, closing it, and a refusal. */
import { clickJob, command, editorLine, pipeline, settle } from './ui-words.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

const converted = 'plain (converted)';

/** Played on job "plain", which builds with Docker-in-Docker. @type {readonly Step[]} */
export const convertSteps = [
  { name: 'a job that builds offers conversions', play: seeActions },
  { name: 'the result of a conversion is shown as a diff', play: seeDiff },
];

/** Played after those. @type {readonly Step[]} */
export const convertEnds = [
  { name: 'a preview that is closed changes nothing', play: closeQuestion },
  { name: 'Apply converts the job', play: applyConversion },
  { name: 'the button above the diff converts the job', play: applyAbove },
  { name: 'a job that cannot be converted says why, and where', play: seeRefusal },
];

/** @param {Stage} stage */
async function seeActions({ page, shot }) {
  await openActions(page);
  await action(page, 'rootless BuildKit').waitFor();
  await settle(page);
  await shot('30-convert-actions');
}

/** @param {Stage} stage */
async function seeDiff({ page, shot }) {
  await choose(page, 'Buildah');
  await seePreview(page);
  await shot('31-convert-diff');
}

/** @param {Stage} stage */
async function closeQuestion({ page }) {
  await command(page, 'Notifications: Clear All Notifications');
  await backInPipeline(page);
  await editorLine(page, /image:\sdocker:29/).waitFor();
}

/** @param {Stage} stage */
async function applyConversion({ page, shot }) {
  await openActions(page);
  await choose(page, 'Buildah');
  await seePreview(page);
  await button(page, 'Apply').click();
  await seeConverted(page);
  await shot('32-converted');
  await page.keyboard.press('ControlOrMeta+z');
  await editorLine(page, /DOCKER_TLS_CERTDIR/).waitFor();
}

/** @param {Stage} stage */
async function applyAbove({ page }) {
  await openActions(page);
  await choose(page, 'Buildah');
  await seePreview(page);
  await page.locator('.editor-actions [aria-label="Apply Conversion"]').click();
  await seeConverted(page);
  await page.keyboard.press('ControlOrMeta+z');
  await editorLine(page, /DOCKER_TLS_CERTDIR/).waitFor();
  await command(page, 'Notifications: Clear All Notifications');
}

/** @param {Page} page */
async function seeConverted(page) {
  await backInPipeline(page);
  await editorLine(page, /image:\squay\.io\/buildah/).waitFor();
  await settle(page);
}

/** @param {Stage} stage */
async function seeRefusal({ page, shot }) {
  await editorLine(page, /docker\sbuild/).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\n- docker run app');
  await openActions(page);
  await choose(page, 'Buildah');
  await button(page, 'Show Line').waitFor();
  await settle(page);
  await shot('33-convert-refused');
  await button(page, 'Show Line').click();
  await page.locator('.statusbar-item', { hasText: 'Ln 14, Col 1' }).waitFor();
}

/** @param {Page} page */
async function openActions(page) {
  await clickJob(page, 'plain');
  const menu = page.locator('.action-widget .monaco-list-row.action').first();
  // VS Code forgets that it was asked if diagnostics come before the actions; one asks again then.
  for (const timeout of [6000, 6000, 20_000]) {
    await page.keyboard.press('ControlOrMeta+.');
    const isOpen = await menu.waitFor({ timeout }).then(
      () => true,
      () => false,
    );
    if (isOpen) return;
  }
  throw new Error('There are no code actions');
}

/**
 * @param {Page} page
 * @param {string} to
 */
function action(page, to) {
  return page.locator('.action-widget .monaco-list-row.action', { hasText: `Convert to ${to}` });
}

/**
 * @param {Page} page
 * @param {string} to
 */
async function choose(page, to) {
  // 1.100 lets no click through before the mouse has moved.
  await action(page, to).hover({ force: true });
  await action(page, to).click();
}

/** @param {Page} page */
async function seePreview(page) {
  await page.locator('.tab.active', { hasText: converted }).waitFor();
  await page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'quay.io/buildah' }).waitFor();
  await button(page, 'Apply').waitFor();
  await settle(page);
}

/**
 * A button of a message, which may be shown by itself or in the centre.
 *
 * @param {Page} page
 * @param {string} label
 */
function button(page, label) {
  return page.locator('.notification-list-item a.monaco-button', { hasText: label }).first();
}

/** @param {Page} page */
async function backInPipeline(page) {
  await page.locator('.tab', { hasText: converted }).waitFor({ state: 'detached' });
  await page.locator(`.tab.active[data-resource-name="${pipeline}"]`).waitFor();
}
