/** Steps of the screen tests about the wizard for Compose: from a project's Compose file to one that builds, beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { choice, command, settle } from './ui-words.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

export const composeFile = 'docker-compose.yml';
const made = 'compose.build.yaml';

/** Played with the Compose file in the editor. @type {readonly Step[]} */
export const composeSteps = [
  { name: 'the Compose file in the editor tells where the jobs run', play: seeTold },
  { name: 'the questions lead to a ranking', play: answer },
  { name: 'the new file is shown, and why it is another one', play: seeChange },
  { name: 'the file is there, its tab stops are live, and the old one is as it was', play: apply },
];

/** @param {Stage} stage */
async function seeTold({ page, shot }) {
  await page.locator(`.tab.active[data-resource-name="${composeFile}"]`).waitFor();
  await page.locator('[id$="drydock.status"]', { hasText: 'compose' }).waitFor();
  await command(page, 'Drydock: Choose a Build Strategy');
  await counted(page, '(2/4)');
  await page.locator('.quick-input-titlebar .codicon-quick-input-back').click();
  await counted(page, '(1/4)');
  await choice(page, `from ${composeFile}`).waitFor();
  await settle(page);
  await shot('50-compose-platform');
}

/** @param {Stage} stage */
async function answer({ page, shot }) {
  for (const step of [2, 3, 4]) {
    await page.keyboard.press('Enter');
    await counted(page, `(${step}/4)`);
  }
  await page.keyboard.press('Enter');
  await choice(page, 'Rootless BuildKit').waitFor();
  await settle(page);
  await shot('51-compose-ranking');
}

/** @param {Stage} stage */
async function seeChange({ page, shot }) {
  await page.keyboard.press('Enter');
  await choice(page, made).waitFor();
  await choice(page, 'Compose goes on reading the file that is there').waitFor();
  await page.locator('.monaco-diff-editor .modified .view-line', { hasText: /^services:/ }).waitFor();
  await settle(page);
  await shot('52-compose-change');
}

/** @param {Stage} stage */
async function apply({ page, shot, folder }) {
  const before = readFileSync(join(folder, composeFile), 'utf8');
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active[data-resource-name="${made}"]`).waitFor();
  await page.locator('.snippet-placeholder').first().waitFor();
  // Saved, once its tab stops are live.
  await page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  await settle(page);
  await shot('53-compose-applied');
  await page.keyboard.type('app');
  await page.keyboard.press('Tab');
  await page.keyboard.type('registry.test');
  await page.locator('.view-line', { hasText: /run\s--rm\sapp$/ }).waitFor();
  await page.locator('.view-line', { hasText: /^\s+app:$/ }).waitFor();
  await page.locator('.view-line', { hasText: 'name=registry.test/' }).waitFor();
  if ((await page.locator('.squiggly-error').count()) > 0) throw new Error('The new file has errors');
  const saved = readFileSync(join(folder, made), 'utf8');
  if (!saved.includes(`docker compose -f ${made} run --rm build-image\n`))
    throw new Error(`The file does not say how it is run:\n${saved}`);
  if (readFileSync(join(folder, composeFile), 'utf8') !== before)
    throw new Error(`${composeFile} was changed`);
}

/**
 * @param {Page} page
 * @param {string} count
 */
async function counted(page, count) {
  await page.locator('.quick-input-title', { hasText: count }).first().waitFor();
}
