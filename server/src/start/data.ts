/** Reads the JSON files that the build puts beside the bundles, each on first use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `warn` gets one line when a file of `folder` cannot be read; its value is `undefined` then. */
export function createDataReader(folder: string, warn: (message: string) => void): (name: string) => unknown {
  const known = new Map<string, unknown>();
  return name => {
    if (!known.has(name)) known.set(name, readData(folder, name, warn));
    return known.get(name);
  };
}

function readData(folder: string, name: string, warn: (message: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  } catch (error) {
    warn(`The data "${name}" cannot be read: ${error}`);
    return undefined;
  }
}
