/** Words that the steps of the screen tests share: what a step is, running commands, waiting for menus. */

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./install.mjs').HostName} HostName
 * @typedef {{ page: Page, folder: string, host: HostName, shot: (name: string) => Promise<void> }} Stage `folder` is the opened one
 * @typedef {{ name: string, play: (stage: Stage) => Promise<void> }} Step
 */

export const pipeline = '.gitlab-ci.yml';

/**
 * Runs a command by its full title in the palette. One that is opened before the extensions are known never hears of
 * them, so it is opened anew.
 *
 * @param {Page} page
 * @param {string} title
 * @param {number} tries
 */
export async function command(page, title, tries = 4) {
  await openPalette(page);
  await page.keyboard.type(title);
  // What was run lately comes first, also when its title is longer; what a row is called begins with its title.
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
  try {
    await row.waitFor(tries > 1 ? { timeout: 5_000 } : {});
  } catch (error) {
    if (tries === 1) throw error;
    await page.keyboard.press('Escape');
    return command(page, title, tries - 1);
  }
  await row.click();
}

/**
 * Typing goes to the editor until the palette has the focus; an editor that takes it late closes the palette again.
 *
 * @param {Page} page
 * @param {number} tries
 */
async function openPalette(page, tries = 4) {
  await page.keyboard.press('F1');
  const focused = page.waitForFunction(
    () => document.activeElement?.closest('.quick-input-widget') !== null,
    undefined,
    tries > 1 ? { timeout: 5_000 } : {},
  );
  try {
    await focused;
  } catch (error) {
    if (tries === 1) throw error;
    await openPalette(page, tries - 1);
  }
}

/**
 * Lets menus and the palette finish fading; they report no end of it.
 *
 * @param {Page} page
 */
export async function settle(page) {
  await page.waitForTimeout(400);
}

/**
 * What the Markdown preview that came last shows.
 *
 * @param {Page} page
 */
export function previewOf(page) {
  return page.frameLocator('iframe.webview').last().frameLocator('iframe#active-frame');
}

/**
 * A row of a menu in the place of the palette.
 *
 * @param {Page} page
 * @param {string | RegExp} text
 */
export function choice(page, text) {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text });
}

/**
 * Puts a text into the clipboard of the browser.
 *
 * @param {Page} page
 * @param {string} text
 */
export async function copy(page, text) {
  await page.evaluate(copied => navigator.clipboard.writeText(copied), text);
}

/**
 * Waits for a message of the workbench, in the centre: by themselves messages are shown for a while only.
 *
 * @param {Page} page
 * @param {string} text
 */
export async function seeMessage(page, text) {
  await command(page, 'Notifications: Show Notifications');
  await page.locator('.notifications-center .notification-list-item', { hasText: text }).first().waitFor();
  await settle(page);
}

/**
 * Puts the cursor on the name of a job in the first editor.
 *
 * @param {Page} page
 * @param {string} job
 */
export async function clickJob(page, job) {
  const first = page.locator('.editor-group-container').first();
  await first
    .locator('.view-line', { hasText: new RegExp(`^${job}:`) })
    .locator('span span')
    .first()
    .click();
}

/**
 * A line of any editor; spaces of editors are other ones.
 *
 * @param {Page} page
 * @param {RegExp} text
 */
export function editorLine(page, text) {
  return page.locator('.view-line', { hasText: text }).first();
}
