/** Shows changes as a unified diff that `patch` and `git apply` take. */
import type { ChangedFile } from './fix.js';
import { withBom } from './read.js';

/** Empty when nothing changed. */
export async function unifiedDiff(changed: readonly ChangedFile[]): Promise<string> {
  if (changed.length === 0) return '';
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  return changed
    .map(({ file, shown, after }) =>
      createTwoFilesPatch(
        `a/${shown}`,
        `b/${shown}`,
        withBom(file.text, file.bom),
        withBom(after, file.bom),
        undefined,
        undefined,
        { context: 3, headerOptions: FILE_HEADERS_ONLY },
      ),
    )
    .join('');
}
