/** Steps of the screen tests about snippets: what is offered in files that they fit, and in files of others. */
import { editorLine, settle } from './ui-words.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

/** Played with the pipeline in the editor. @type {readonly Step[]} */
export const snippetSteps = [
  { name: 'a pipeline is offered jobs', play: offerJob },
  { name: 'a job that is taken has live tab stops', play: takeJob },
  { name: 'a runner configuration is offered runners', play: takeRunner },
  { name: 'YAML of others is offered nothing, where names of files count', play: offerForeign },
];

/** @param {Stage} stage */
async function offerJob({ page, shot }) {
  await typeAtEnd(page, 'kaniko');
  await offered(page, 'Kaniko (maintained fork) (GitLab, Docker executor)').waitFor();
  await settle(page);
  await shot('60-snippets-pipeline');
}

/** @param {Stage} stage */
async function takeJob({ page, shot }) {
  await page.keyboard.press('Enter');
  await page.locator('.snippet-placeholder').first().waitFor();
  await page.keyboard.type('web');
  await page.keyboard.press('Tab');
  await page.keyboard.type('big');
  await editorLine(page, /^web:/).waitFor();
  await editorLine(page, /tags:\s\[big\]/).waitFor();
  await settle(page);
  await shot('61-snippet-taken');
}

/** @param {Stage} stage */
async function takeRunner({ page, shot }) {
  await openFile(page, 'config.toml');
  // A name that many programs have; what is in it tells the language.
  await page.locator('[id="status.editor.mode"]', { hasText: 'GitLab Runner' }).waitFor();
  await typeAtEnd(page, 'kaniko');
  await offered(page, 'Kaniko (maintained fork): runner (GitLab, Docker executor)').waitFor();
  await settle(page);
  await shot('62-snippets-runner');
  await page.keyboard.press('Enter');
  await page.locator('.snippet-placeholder').first().waitFor();
  await settle(page);
  await shot('63-snippet-runner-taken');
}

/** @param {Stage} stage */
async function offerForeign({ page, shot, host }) {
  await openFile(page, 'other.yml');
  await typeAtEnd(page, 'kaniko');
  // Words of open files are offered everywhere.
  const ours = page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'maintained fork' });
  await page.locator('.suggest-widget.visible').waitFor();
  await settle(page);
  await shot('64-snippets-foreign');
  // The oldest takes no notice of the names of files that snippets are for.
  if (host !== 'oldest' && (await ours.count()) > 0)
    throw new Error('Snippets are offered in a foreign file');
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function openFile(page, name) {
  await page.keyboard.press('ControlOrMeta+p');
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('.quick-input-widget') !== null);
  await page.keyboard.type(name);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  // The tab is there before the text takes what is typed.
  await page.waitForFunction(() => document.activeElement?.closest('.editor-instance') !== null);
}

/**
 * @param {Page} page
 * @param {string} word
 */
async function typeAtEnd(page, word) {
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(`\n${word}`);
  await page.keyboard.press('ControlOrMeta+Space');
}

/**
 * A row of the list of suggestions.
 *
 * @param {Page} page
 * @param {string} text
 */
function offered(page, text) {
  return page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text }).first();
}
