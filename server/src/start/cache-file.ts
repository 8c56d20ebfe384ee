/** Reads and writes files of compiled code. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isOwn } from './folder.js';

/** Which compiled code it is; the engine itself would take the code of any source that is as long. */
export interface CacheKey {
  /** Name of the program: programs may set flags of the engine, which the code depends on. */
  readonly program: string;
  /** Changes with the content of everything that is loaded. */
  readonly build: string;
  /** Name of the file that holds the source. */
  readonly source: string;
  /** Of the source: bytes and milliseconds. */
  readonly size: number;
  readonly mtimeMs: number;
}

const SUFFIX = '.code';
const OURS = /^[\w.-]+(?:~[\w.-]+){5}\.code(?:\.\d+)?$/;
const DIGEST_BYTES = 32;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Code of another build of the same program; for a while, since two installations may take turns. */
const KIN_MAX_MS = DAY_MS;
/** Any code: most likely that of an engine which is gone; if not, it is written again. */
const MAX_MS = 30 * DAY_MS;

/** Name of the file, of the pattern PROGRAM~SOURCE~ENGINE~ARCHITECTURE~BUILD~STATE.code. */
export function cacheName({ program, build, source, size, mtimeMs }: CacheKey): string {
  const state = `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}`;
  const engine = `${process.version}-${process.versions.v8}`;
  return `${[program, source, engine, process.arch, build, state].join('~')}${SUFFIX}`;
}

/** The code in a file; `undefined` when there is none, it is not the user's own, or not whole. */
export function readCache(path: string): Buffer | undefined {
  try {
    const handle = openSync(path, 'r');
    try {
      const stats = fstatSync(handle);
      if (!stats.isFile() || !isOwn(stats)) return undefined;
      const content = readFileSync(handle);
      const code = content.subarray(DIGEST_BYTES);
      // The engine does not check, and would run into whatever a disk has made of it.
      return digest(code).equals(content.subarray(0, DIGEST_BYTES)) ? code : undefined;
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

/**
 * Writes code to a file, whole or not at all, and removes what nobody needs any more.
 * @throws when the file cannot be written
 */
export function writeCache(path: string, code: Buffer): void {
  const draft = `${path}.${process.pid}`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, digest(code));
      writeSync(handle, code);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  removeOutdated(path);
}

function digest(code: Buffer): Buffer {
  return createHash('sha256').update(code).digest();
}

/** Removes files that outlived their time; only those that bear a name of ours. */
function removeOutdated(path: string): void {
  const folder = dirname(path);
  const current = basename(path);
  const kin = `${current.split('~').slice(0, 4).join('~')}~`;
  for (const name of readdirSync(folder)) {
    if (name === current || !OURS.test(name)) continue;
    const other = join(folder, name);
    const age = Date.now() - statSync(other).mtimeMs;
    if (age > (name.startsWith(kin) ? KIN_MAX_MS : MAX_MS)) rmSync(other, { force: true });
  }
}
