/** Where the project lies, and the packaged extension in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of the project's root, without a slash at its end. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** An extension without code: VS Code wants one under development, while the tested one is the installed package. */
export const driverFolder = join(projectRoot, 'test', 'host', 'driver');

/** True where npm and the editor's command line are `.cmd` files, which only a shell can start. */
export const needsShell = process.platform === 'win32';

/**
 * Returns the absolute path of `drydock-<version>.vsix` at the root; runs `npm run package` first if it is missing or
 * older than `dist/`.
 *
 * @returns {string}
 * @throws {Error} if `dist/` is missing, or packaging fails or leaves no such file.
 */
export function ensureVsix() {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const vsix = join(projectRoot, `drydock-${version}.vsix`);
  const built = newestIn(join(projectRoot, 'dist'));
  if (built === undefined) throw new Error('dist/ is missing. Run: npm run build');
  if (existsSync(vsix) && statSync(vsix).mtimeMs >= built) return vsix;
  const { status } = spawnSync('npm', ['run', '--silent', 'package'], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: needsShell,
  });
  if (status !== 0 || !existsSync(vsix)) throw new Error(`npm run package did not make ${vsix}`);
  return vsix;
}

/**
 * @param {string} folder
 * @returns {number | undefined} the youngest change time of the files in it, in milliseconds
 */
function newestIn(folder) {
  if (!existsSync(folder)) return undefined;
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return times.length === 0 ? undefined : Math.max(...times);
}
