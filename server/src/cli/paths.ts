/** Leads between absolute paths and those that projects and reports use. */
import path from 'node:path';

/** Relative to a folder, with `/`, without `./`; `.` for the folder itself. */
export function relativePath(absolute: string, folder: string): string {
  const relative = path.relative(folder, absolute) || '.';
  return path.sep === '/' ? relative : relative.replaceAll(path.sep, '/');
}
