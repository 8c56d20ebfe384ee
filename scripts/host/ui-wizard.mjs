/** Steps of the screen tests about the wizard: each step of it, Esc in each, the whole change as a diff, and the files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPayload } from './browser.mjs';
import { choice, command, pipeline, settle } from './ui-words.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

const title = 'Drydock: Choose a Build Strategy';

/** Played on a pipeline whose runner tells the first two answers. @type {readonly Step[]} */
export const wizardLooks = [
  { name: 'the wizard begins where the workspace tells no answer', play: seeFirstOpen },
  { name: 'Back shows what the workspace told', play: seeTold },
  { name: 'the last question takes several answers', play: seeJobs },
  { name: 'strategies are ranked, with reasons', play: seeRanking },
  { name: 'the whole change is shown before it is made', play: seeChange },
  { name: 'what is applied is there, and its tab stops are live', play: apply },
];

/** Played before those. @type {readonly Step[]} */
export const wizardEscapes = [{ name: 'Esc changes nothing, wherever it is pressed', play: pressEscape }];

/** Played last, as it has its own editor. @type {readonly Step[]} */
export const walkthroughSteps = [
  { name: 'the walkthrough has four steps', play: seeWalkthrough },
  { name: 'its button chooses a strategy, which completes the step', play: followWalkthrough },
];

/** Played last: it leaves the folder. @type {readonly Step[]} */
export const wizardElsewhere = [
  { name: 'without a folder there come documents without names', play: fillEmptyWindow },
];

/** @param {Page} page */
const counted = (page, /** @type {string} */ text) =>
  page.locator('.quick-input-title', { hasText: text }).first().waitFor();

/** @param {Stage} stage */
async function seeFirstOpen({ page, shot }) {
  await command(page, title);
  await counted(page, '(3/4)');
  await choice(page, 'One trusted team').waitFor();
  await settle(page);
  await shot('30-wizard-who');
}

/** @param {Stage} stage */
async function seeTold({ page, shot }) {
  await goBack(page, '(2/4)');
  await choice(page, 'from runner/config.toml').waitFor();
  await settle(page);
  await shot('31-wizard-privilege');
  await goBack(page, '(1/4)');
  await settle(page);
  await shot('32-wizard-platform');
  await page.keyboard.press('Enter');
  await counted(page, '(3/4)');
}

/** @param {Stage} stage */
async function seeJobs({ page, shot }) {
  await choice(page, 'One trusted team').click();
  await counted(page, '(4/4)');
  await choice(page, 'Start containers').click();
  await settle(page);
  await shot('33-wizard-jobs');
}

/** @param {Stage} stage */
async function seeRanking({ page, shot }) {
  await page.keyboard.press('Enter');
  await choice(page, 'Docker-in-Docker with TLS').waitFor();
  await settle(page);
  await shot('34-wizard-ranking');
}

/** @param {Stage} stage */
async function seeChange({ page, shot }) {
  await page.keyboard.press('Enter');
  await choice(page, 'Apply').first().waitFor();
  await page.locator('.multiDiffEntry, .diff-editor').first().waitFor();
  await settle(page);
  await shot('35-wizard-change');
}

/** @param {Stage} stage */
async function pressEscape({ page, folder }) {
  const before = textsIn(folder);
  const questions = [
    () => counted(page, '(3/4)'),
    () => counted(page, '(4/4)'),
    () => choice(page, 'Docker-in-Docker with TLS').waitFor(),
    () => choice(page, 'Apply').first().waitFor(),
  ];
  for (const last of questions.keys()) {
    await command(page, title);
    await counted(page, '(3/4)');
    for (const seen of questions.slice(0, last)) {
      await seen();
      await page.keyboard.press(seen === questions[0] ? 'ArrowDown' : 'Home');
      await page.keyboard.press('Enter');
    }
    await questions[last]?.();
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.locator('.tab', { hasText: '(preview)' }).waitFor({ state: 'detached' });
    await page.locator(`.tab.active[data-resource-name="${pipeline}"]`).waitFor();
    const dirty = await page.locator('.tab.dirty').count();
    if (dirty > 0 || textsIn(folder) !== before)
      throw new Error(`Esc in step ${last + 3} has changed something`);
  }
}

/** @param {Stage} stage */
async function apply({ page, shot, folder }) {
  const before = readFileSync(join(folder, pipeline), 'utf8');
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active.dirty[data-resource-name="${pipeline}"]`).waitFor();
  await page.locator('.snippet-placeholder').first().waitFor();
  // Once the declaration of the runner is taken in, the job runs there and nowhere else.
  await page.locator('.codelens-decoration', { hasText: /^✓ dind · TLS 2376 · needs privileged$/ }).waitFor();
  await settle(page);
  await shot('36-wizard-applied');
  await page.keyboard.type('web');
  await page.keyboard.press('Tab');
  await page.keyboard.type('big');
  await page.locator('.view-line', { hasText: /^web:/ }).waitFor();
  await page.locator('.view-line', { hasText: /tags:\s\[big\]/ }).waitFor();
  const runner = readFileSync(join(folder, 'runner', 'config.toml'), 'utf8');
  if (!runner.includes('name = "container-build"')) throw new Error(`The runner is not there:\n${runner}`);
  if (readFileSync(join(folder, pipeline), 'utf8') !== before) throw new Error('The pipeline was saved');
}

/**
 * All files of a folder with their texts.
 *
 * @param {string} folder
 */
function textsIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return JSON.stringify(paths.map(path => [path, readFileSync(path, 'utf8')]));
}

/**
 * @param {Page} page
 * @param {string} count
 */
async function goBack(page, count) {
  await page.locator('.quick-input-titlebar .codicon-quick-input-back').click();
  await counted(page, count);
}

/** @param {Stage} stage */
async function seeWalkthrough({ page, shot }) {
  // Its right half is there only where it has the room.
  await command(page, 'View: Toggle Primary Side Bar Visibility');
  await command(page, 'Welcome: Open Walkthrough...');
  await choice(page, 'Get Started with Drydock').click();
  const steps = page.locator('.getting-started-step');
  await steps.nth(3).waitFor();
  const count = await steps.count();
  if (count !== 4) throw new Error(`The walkthrough has ${count} steps`);
  for (const [i, heading] of ['prediction', 'docker', 'four questions', 'red job'].entries()) {
    await steps.nth(i).click();
    const media = page.frameLocator('iframe.webview').last().frameLocator('iframe#active-frame');
    await media.locator('h2', { hasText: heading }).waitFor();
    await settle(page);
    await shot(`4${i}-walkthrough`);
  }
}

/** @param {Stage} stage */
async function followWalkthrough({ page }) {
  const step = page.locator('.getting-started-step', { hasText: 'Choose a build strategy' });
  await step.click();
  await page
    .locator('.getting-started-step a, .getting-started-step button', { hasText: 'Choose a Build Strategy' })
    .click();
  await page.locator('.quick-input-title', { hasText: 'Choose a Build Strategy' }).waitFor();
  await page.keyboard.press('Escape');
  await step.locator('.codicon.complete').waitFor();
}

/** @param {Stage} stage */
async function fillEmptyWindow({ page, shot }) {
  const { origin } = new URL(page.url());
  await page.goto('about:blank');
  await page.goto(withPayload(`${origin}/?`, [['skipWelcome', 'true']]));
  await page.locator('.monaco-workbench .editor-group-watermark').first().waitFor();
  // A palette that is opened before the extensions are known never hears of them.
  await page.locator('.statusbar-item', { hasText: 'Layout' }).waitFor();
  await settle(page);
  await command(page, title);
  for (const step of [1, 2, 3, 4]) {
    await counted(page, `(${step}/4)`);
    await page.keyboard.press('Enter');
  }
  await choice(page, 'Rootless BuildKit').waitFor();
  await page.keyboard.press('Enter');
  await choice(page, 'runner/config.toml').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.snippet-placeholder').first().waitFor();
  const tabs = await page.locator('.tab.dirty', { hasText: 'Untitled-' }).count();
  if (tabs !== 2) throw new Error(`There are ${tabs} new documents`);
  await settle(page);
  await shot('44-empty-window');
}
