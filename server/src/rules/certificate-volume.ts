/** The runner's part of a fix that turns TLS on: a volume for the client's certificates. */
import type { PairedRunner } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';
import { sharesFolder } from '../trace/completion.js';

/**
 * What the runner's file needs for the client's certificates in `folder` to reach the job: nothing when it
 * shares the folder already, `unknown` without a runner or one whose volumes cannot be told.
 */
export function certificateVolume(
  paired: PairedRunner | undefined,
  folder: string,
): readonly Intent[] | 'unknown' | 'impossible' {
  if (!paired) return 'unknown';
  const shared = sharesFolder(paired.runner, folder);
  if (shared === undefined) return 'unknown';
  if (shared) return [];
  if (paired.how === 'hosted') return 'impossible';
  return [{ kind: 'add-mount', runner: paired.runner.place, volume: folder }];
}
