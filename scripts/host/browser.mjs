/** Opens the workbench in a headless Chromium. */
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.mjs';
import { atEnd } from './cleanup.mjs';

// The sandbox is off since it does not start in most containers; the only page opened is our own server's.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Opens an empty page of 1280 by 800 pixels, which may use the clipboard of the browser.
 *
 * @param {{ colorScheme?: 'dark' | 'light' }} [options]
 * @returns {Promise<{ page: import('playwright-core').Page, close: () => Promise<void> }>} `close` ends the browser;
 *   this also happens on Ctrl+C
 * @throws {Error} if there is no browser and none can be installed
 */
export async function openBrowser({ colorScheme = 'dark' } = {}) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    args: flags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = atEnd(() => browser.close());
  const permissions = ['clipboard-read', 'clipboard-write'];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme,
    permissions,
  });
  return { page: await context.newPage(), close };
}

/**
 * Adds a payload to the address of a workbench: pairs that steer it, such as `['openFile', uri]`.
 *
 * @param {string} url as `startServer` gave it
 * @param {readonly (readonly [string, string])[]} pairs
 * @returns {string}
 */
export function withPayload(url, pairs) {
  return `${url}&payload=${encodeURIComponent(JSON.stringify(pairs))}`;
}
