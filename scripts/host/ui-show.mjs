/** Steps of the screen tests about what is shown beside the text: lenses, pictures, all jobs, the effective job, the status. */
import { clickJob, command, editorLine, pipeline, previewOf, settle } from './ui-words.mjs';

/**
 * @typedef {import('./ui-words.mjs').Stage} Stage
 * @typedef {import('./ui-words.mjs').Step} Step
 */

const allJobs = 'Which daemon each job reaches';

/** Played on the pipeline of the workspace, in which "plain" works and "mismatch" fails. @type {readonly Step[]} */
export const showSteps = [
  { name: 'a line above each job says what it uses', play: seeLenses },
  {
    name: 'the hover of a job that works holds a picture',
    play: stage => hoverJob(stage, 'plain', '11-picture-works'),
  },
  {
    name: 'the hover of a job that fails holds a picture',
    play: stage => hoverJob(stage, 'mismatch', '12-picture-fails'),
  },
  { name: 'the line above a job shows its picture', play: clickLens },
  { name: 'the document of all jobs has pictures', play: seeAllJobs },
  { name: 'a link of the document leads to the job', play: followPlace },
  { name: 'the effective job stands beside its source', play: seeEffectiveJob },
  { name: 'the effective job follows the cursor', play: followCursor },
  { name: 'the status bar tells file and runner', play: seeStatus },
  { name: 'what is chosen is written down', play: chooseRunner },
];

/** @param {Stage} stage */
async function seeLenses({ page, shot }) {
  const lens = (/** @type {string} */ text) =>
    page.locator('.codelens-decoration', { hasText: text }).first();
  await lens('✓ dind · plain 2375 · needs privileged').waitFor();
  await lens('✗ dind').waitFor();
  await shot('10-lenses');
}

/**
 * @param {Stage} stage
 * @param {string} job
 * @param {string} picture
 */
async function hoverJob({ page, shot }, job, picture) {
  await page.mouse.move(900, 30);
  await page
    .locator('.view-line', { hasText: new RegExp(`^${job}:`) })
    .locator('span span')
    .first()
    .hover();
  await seePicture(page);
  await settle(page);
  await shot(picture);
}

/** @param {import('playwright-core').Page} page */
async function seePicture(page) {
  const image = page.locator('.monaco-hover:visible img').first();
  await image.waitFor();
  const width = await image.evaluate(node => /** @type {HTMLImageElement} */ (node).naturalWidth);
  const text = await image.getAttribute('alt');
  if (width < 400) throw new Error(`The picture was not drawn: it is ${width} pixels wide`);
  if (!/Job \S+: docker (?:reaches|fails)/.test(text ?? '')) throw new Error(`The picture says: ${text}`);
}

/** @param {Stage} stage */
async function clickLens({ page }) {
  await page.keyboard.press('Escape');
  await page.mouse.move(900, 30);
  await page.locator('.codelens-decoration a', { hasText: '✗ dind' }).first().click();
  await seePicture(page);
  await page.keyboard.press('Escape');
}

/** @param {Stage} stage */
async function seeAllJobs({ page, shot }) {
  await command(page, 'Drydock: Show Which Daemon Each Job Reaches');
  const preview = previewOf(page);
  await preview.locator('h1', { hasText: allJobs }).waitFor();
  const image = preview.locator('img').first();
  await image.waitFor();
  const width = await image.evaluate(node => /** @type {HTMLImageElement} */ (node).naturalWidth);
  if (width < 400) throw new Error(`The picture was not drawn: it is ${width} pixels wide`);
  await settle(page);
  await shot('13-all-jobs');
}

/** @param {Stage} stage */
async function followPlace({ page }) {
  await previewOf(page).locator('td a', { hasText: 'mismatch' }).first().click();
  await page.locator(`.tab.active[data-resource-name="${pipeline}"]`).waitFor();
}

/** @param {Stage} stage */
async function seeEffectiveJob({ page, shot }) {
  await clickJob(page, 'mismatch');
  await command(page, 'Drydock: Show Effective Job');
  await page.locator('.tab[data-resource-name="Effective job.yml"]').waitFor();
  await editorLine(page, /mismatch:\s+#\s\.gitlab-ci\.yml:15/).waitFor();
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await settle(page);
  await shot('14-effective-job');
}

/** @param {Stage} stage */
async function followCursor({ page }) {
  await clickJob(page, 'plain');
  await editorLine(page, /plain:\s+#\s\.gitlab-ci\.yml:4/).waitFor();
}

/** @param {Stage} stage */
async function seeStatus({ page, shot }) {
  await page.locator('.statusbar-item a', { hasText: 'GitLab CI · build-vm' }).click();
  const row = (/** @type {string} */ text) =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  await row('Taken for a GitLab CI pipeline, by its name').waitFor();
  await row('Jobs run on build-vm').waitFor();
  await settle(page);
  await shot('15-status');
}

/** @param {Stage} stage */
async function chooseRunner({ page, shot }) {
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Jobs run on build-vm' }).click();
  await page.locator('.tab.active[data-resource-name=".drydock.yml"]').waitFor();
  await editorLine(page, /config:\srunner\/config\.toml/).waitFor();
  await settle(page);
  await shot('16-chosen');
}
