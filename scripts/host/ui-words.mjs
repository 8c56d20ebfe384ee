/** Words that the steps of the screen tests share: what a step is, running commands, waiting for menus. */

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{ page: Page, shot: (name: string) => Promise<void> }} Stage
 * @typedef {{ name: string, play: (stage: Stage) => Promise<void> }} Step
 */

export const pipeline = '.gitlab-ci.yml';

/**
 * Runs a command by its full title in the palette.
 *
 * @param {Page} page
 * @param {string} title
 */
export async function command(page, title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.waitFor();
  // Typing goes to the editor until the palette has the focus.
  await page.waitForFunction(() => document.activeElement?.closest('.quick-input-widget') !== null);
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/**
 * Lets menus and the palette finish fading; they report no end of it.
 *
 * @param {Page} page
 */
export async function settle(page) {
  await page.waitForTimeout(400);
}
