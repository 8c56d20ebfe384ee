/** Leads between absolute paths and those that projects and reports use. */
import path from 'node:path';

/** Relative to a folder, with `/`, without `./`; `.` for the folder itself. */
export function relativePath(absolute: string, folder: string): string {
  const relative = path.relative(folder, absolute) || '.';
  return path.sep === '/' ? relative : relative.replaceAll(path.sep, '/');
}

/** `undefined` when the path leads out of the folder. */
export function resolveWithin(folder: string, relative: string): string | undefined {
  const absolute = path.join(folder, relative);
  const prefix = folder.endsWith(path.sep) ? folder : folder + path.sep;
  return absolute.startsWith(prefix) ? absolute : undefined;
}
