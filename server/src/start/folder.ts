/** Finds the folder of the user's own in which compiled code is kept between starts. */
import { type BigIntStats, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes the folder if it is not there.
 * @returns its absolute path; `undefined` where compiled code must not be kept: the user turned it off, or the
 *   folder is not the user's alone, or cannot be made. Whoever can write there could make us run code of theirs.
 */
export function cacheFolder(env: Environment = process.env): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE === '1') return undefined;
  try {
    const folder = join(cacheHome(env), 'drydock');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    return stats.isDirectory() && isOwn(stats) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file or folder belongs to the user and nobody else may write it. Windows protects by place alone. */
export function isOwn({ uid, mode }: Stats | BigIntStats): boolean {
  const user = process.getuid?.();
  return user === undefined || (Number(uid) === user && (Number(mode) & 0o022) === 0);
}

/**
 * Where programs keep what they can make again. Never the folder for temporary files, which users may share.
 * @throws when there is no home folder
 */
function cacheHome(env: Environment): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = env;
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  // The base directory specification has relative paths ignored.
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  const home = homedir();
  if (!isAbsolute(home)) throw new Error('no home folder');
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
