/** Steps of the screen tests about job logs: each way in, what is shown, the link to the cause, and input that is none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choice, command, copy, pipeline, previewOf, seeMessage, settle } from './ui-words.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

const explain = 'Drydock: Explain a Job Log';
const log = 'job.log';
const error = 'Cannot connect to the Docker daemon at tcp://docker:2375';

/** Played on the log of job "mismatch", whose cause is in line 21 of the pipeline. @type {readonly Step[]} */
export const logSteps = [
  { name: 'a pasted log is what the command offers first', play: pasteLog },
  { name: 'a pasted log is explained', play: explainPasted },
  { name: 'the link of the cause leads to its line', play: followCause },
];

/** Played after those, where looks do not matter. @type {readonly Step[]} */
export const logSources = [
  { name: 'Esc in either picker shows nothing', play: pressEscape },
  { name: 'the clipboard is explained', play: explainClipboard },
  { name: 'a clipboard without text is named', play: explainEmptyClipboard },
  { name: 'a clipboard of 50 MB is explained', play: explainLongClipboard },
  { name: 'a chosen file is explained', play: explainFile },
  { name: 'a file that is no text is named', play: explainBinary },
];

/** @param {Stage} stage */
async function pasteLog({ page, shot, folder }) {
  await copy(page, readFileSync(join(folder, log), 'utf8'));
  await command(page, 'File: New Untitled Text File');
  await page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor();
  await page.keyboard.press('ControlOrMeta+v');
  await page.locator('.view-line', { hasText: 'Job failed' }).first().waitFor();
  await copy(page, 'something else');
  await command(page, explain);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Whole document' }).waitFor();
  await settle(page);
  await shot('20-log-choice');
}

/** @param {Stage} stage */
async function explainPasted({ page, shot }) {
  await page.keyboard.press('Enter');
  await seeExplained(page);
  await settle(page);
  await shot('21-log-explained');
}

/** @param {Stage} stage */
async function followCause({ page, shot }) {
  await previewOf(page)
    .locator('a', { hasText: `${pipeline}:21` })
    .first()
    .click();
  await page.locator(`.tab.active[data-resource-name="${pipeline}"]`).waitFor();
  await page.locator('.statusbar-item', { hasText: 'Ln 21, Col 18' }).waitFor();
  await page.keyboard.press('ControlOrMeta+.');
  const fix = page.locator('.action-widget .monaco-list-row.action', {
    hasText: 'Switch to TLS on port 2376',
  });
  await fix.waitFor();
  await settle(page);
  await shot('22-log-cause');
  await page.keyboard.press('Escape');
}

/** @param {Stage} stage */
async function pressEscape({ page }) {
  await closePreview(page);
  await command(page, explain);
  await choice(page, 'Clipboard').waitFor();
  await page.keyboard.press('Escape');
  await askForFile(page);
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await settle(page);
  if ((await page.locator('.tab', { hasText: 'Job log' }).count()) > 0) throw new Error('Something is shown');
}

/** @param {Stage} stage */
async function explainClipboard({ page }) {
  await copy(page, `$ docker build .\n${error}. Is the docker daemon running?\n`);
  await fromClipboard(page);
  await seeExplained(page);
  await closePreview(page);
}

/** @param {Stage} stage */
async function explainEmptyClipboard({ page }) {
  await copy(page, '');
  await fromClipboard(page);
  await seeMessage(page, 'The clipboard holds no text');
}

/** @param {Stage} stage */
async function explainLongClipboard({ page }) {
  await page.evaluate(last => {
    const line = `${'x'.repeat(99)}\n`;
    return navigator.clipboard.writeText(line.repeat(500_000) + last);
  }, `${error}.\n`);
  await fromClipboard(page);
  await seeExplained(page);
  await previewOf(page).locator('p', { hasText: 'Line 500001 of the log.' }).waitFor();
  await closePreview(page);
}

/** @param {Stage} stage */
async function explainFile({ page, shot }) {
  await askForFile(page);
  await choice(page, log).waitFor();
  await settle(page);
  await shot('23-log-file');
  await choice(page, log).click();
  await seeExplained(page);
  await previewOf(page).locator('a', { hasText: 'Line 21' }).click();
  await page.locator(`.tab.active[data-resource-name="${log}"]`).waitFor();
  await page.locator('.statusbar-item', { hasText: 'Ln 21, Col 1' }).waitFor();
}

/** @param {Stage} stage */
async function explainBinary({ page, folder, shot }) {
  writeFileSync(join(folder, 'logs.zip'), Buffer.from('PK\x03\x04\x14\0\0\0\x08\0log', 'latin1'));
  await askForFile(page);
  await choice(page, 'logs.zip').click();
  await seeMessage(page, 'logs.zip is no text file');
  await shot('24-log-binary');
}

/** @param {Page} page */
async function fromClipboard(page) {
  await command(page, explain);
  await choice(page, 'Clipboard').click();
}

/** @param {Page} page */
async function askForFile(page) {
  await command(page, explain);
  await choice(page, 'File…').click();
  // The dialog of a server on another machine takes the palette's place, and begins in the open folder.
  await page.locator('.quick-input-widget:visible .quick-input-title', { hasText: 'Job log' }).waitFor();
}

/** @param {Page} page */
async function seeExplained(page) {
  await previewOf(page).locator('h2', { hasText: error }).waitFor();
  await previewOf(page)
    .locator('a', { hasText: `${pipeline}:21` })
    .first()
    .waitFor();
}

/** @param {Page} page */
async function closePreview(page) {
  await page.locator('.tab', { hasText: 'Job log' }).click({ button: 'middle' });
  await page.locator('.tab', { hasText: 'Job log' }).waitFor({ state: 'detached' });
}
