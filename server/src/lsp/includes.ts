/** Takes in the files that others include. */
import type { FilePort } from './files.js';
import type { Root } from './root.js';

/** Whether an included path is a pattern, and what it matches. */
export interface Patterns {
  isPattern(path: string): boolean;
  includeMatcher(pattern: string): (path: string) => boolean;
}

export interface IncludePorts extends Patterns {
  readonly files: FilePort;
  /** Whether a path belongs to a root and not to another one inside of it. */
  owns(root: Root, path: string): boolean;
  load(root: Root, path: string): Promise<void>;
}

/** Includes of includes: GitLab allows no more nesting. */
const MAX_ROUNDS = 100;

/** Takes in what the files of a root include, and what those include; whether anything was looked for. */
export async function followIncludes(root: Root, ports: IncludePorts): Promise<boolean> {
  let looked = false;
  for (let round = 0; round < MAX_ROUNDS && !root.disposed; round += 1) {
    const wanted = root
      .current()
      .wanted()
      .filter(path => !root.wasSought(path) && ports.owns(root, path));
    if (wanted.length === 0) break;
    const found = await Promise.all(wanted.map(path => pathsFor(root, path, ports)));
    await Promise.all(found.flat().map(path => ports.load(root, path)));
    if (!root.disposed) root.noteSought(wanted);
    looked = true;
  }
  return looked;
}

/** The paths that a wanted path or pattern stands for. */
async function pathsFor(root: Root, wanted: string, ports: IncludePorts): Promise<readonly string[]> {
  if (!ports.isPattern(wanted)) return [wanted];
  const matches = ports.includeMatcher(wanted);
  return await ports.files.find(root.uri, path => matches(path) && ports.owns(root, path));
}

/** Whether a file of the root includes `path`. */
export function isWanted(root: Root, path: string, { isPattern, includeMatcher }: Patterns): boolean {
  return root
    .current()
    .wanted()
    .some(wanted => wanted === path || (isPattern(wanted) && includeMatcher(wanted)(path)));
}
