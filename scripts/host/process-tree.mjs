/** Starts a program in a process group of its own and ends all of that group, so that nothing is left running. */
import { spawn, spawnSync } from 'node:child_process';
import { atEnd } from './cleanup.mjs';

/**
 * @typedef {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} Child
 * @typedef {{ child: Child, exited: Promise<number>, stop: () => Promise<void> }} ProcessTree
 *   `exited` gives the exit code, -1 if it was killed or did not start; `stop` returns when the program has ended
 */

const politeLimit = 5_000;

/**
 * Starts a program with its output piped. It is also ended on Ctrl+C and when this process exits.
 *
 * @param {string} command
 * @param {readonly string[]} words
 * @param {Record<string, string>} [env] added to the environment
 * @returns {ProcessTree}
 */
export function spawnTree(command, words, env = {}) {
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  });
  /** @type {Promise<number>} */
  const exited = new Promise(done => {
    child.once('exit', code => done(code ?? -1));
    child.once('error', () => done(-1));
  });
  return { child, exited, stop: atEnd(() => stopTree(child, exited)) };
}

/**
 * Waits for a promise, but not for ever.
 *
 * @template T, L
 * @param {Promise<T>} promise
 * @param {number} limit in milliseconds
 * @param {L} late the answer when the time is up
 * @returns {Promise<T | L>}
 */
export async function withLimit(promise, limit, late) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<L>} */
  const timeUp = new Promise(done => {
    timer = setTimeout(() => done(late), limit);
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Child} child
 * @param {Promise<number>} exited
 */
async function stopTree(child, exited) {
  signalTree(child, 'SIGTERM');
  await withLimit(exited, politeLimit, -1);
  signalTree(child, 'SIGKILL');
  await withLimit(exited, politeLimit, -1);
}

/**
 * Signals the program and all that it started, also if the program itself has ended.
 *
 * @param {Child} child
 * @param {NodeJS.Signals} signal
 */
function signalTree(child, signal) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode === null) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
