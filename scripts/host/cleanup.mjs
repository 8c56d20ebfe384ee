/** Undoes what the host scripts began (processes, browsers, temporary folders) when they end, also on Ctrl+C. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {() => void | Promise<void>} Undo */

/** @type {Undo[]} */
const pending = [];
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
let listening = false;

/**
 * Registers `undo` to run when the process is told to stop.
 *
 * @param {Undo} undo its part before the first `await` also runs if the process simply exits
 * @returns {() => Promise<void>} runs `undo` now, once, and forgets it
 */
export function atEnd(undo) {
  listen();
  pending.push(undo);
  return async () => {
    const at = pending.indexOf(undo);
    if (at < 0) return;
    pending.splice(at, 1);
    await undo();
  };
}

/**
 * Makes a fresh temporary folder, with links in its path resolved.
 *
 * @returns {{ folder: string, remove: () => Promise<void> }} the folder is also removed on Ctrl+C
 */
export function makeRunFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-run-')));
  const remove = atEnd(() =>
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  );
  return { folder, remove };
}

function listen() {
  if (listening) return;
  listening = true;
  for (const signal of signals) process.on(signal, () => void stopAll(signal));
  process.on('exit', () => {
    for (const undo of takeAll()) void runQuietly(undo);
  });
}

/** @param {(typeof signals)[number]} signal */
async function stopAll(signal) {
  for (const undo of takeAll()) await runQuietly(undo);
  process.exit(128 + constants.signals[signal]);
}

/** @returns {Undo[]} what is still to undo, the youngest first; the list is empty afterwards */
function takeAll() {
  return pending.splice(0).reverse();
}

/** @param {Undo} undo */
async function runQuietly(undo) {
  try {
    await undo();
  } catch (error) {
    console.error(`While stopping: ${error instanceof Error ? error.message : error}`);
  }
}
