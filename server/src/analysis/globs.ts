/** Matches paths against the patterns that people write; a pattern that is none matches nothing. */
import picomatch from 'picomatch/posix';

const NOTHING = (): boolean => false;
const known = new Map<string, (path: string) => boolean>();

/** Hidden files count, for the file of all files is called `.gitlab-ci.yml`. Never throws. */
export function matcher(pattern: string): (path: string) => boolean {
  const made = known.get(pattern) ?? make(pattern);
  known.set(pattern, made);
  return made;
}

function make(pattern: string): (path: string) => boolean {
  if (pattern === '') return NOTHING;
  try {
    return picomatch(pattern, { dot: true });
  } catch {
    return NOTHING;
  }
}
