/** Words that messages about keys of config.toml share. */
import { headerOf } from '../catalog/runner-sections.js';
import type { RunnerFile, Setting } from '../model/build-site.js';

export const CONFIG_DOCS = 'https://docs.gitlab.com/runner/configuration/advanced-configuration/';

/** How a message begins: `Runner "build": `, or nothing for a key that is of no runner. */
export function runnerPrefix(file: RunnerFile, { runner }: Pick<Setting, 'runner'>): string {
  const name = runner === undefined ? undefined : file.runners[runner]?.name;
  return name === undefined ? '' : `Runner "${name}": `;
}

/** A section in words: its header, or the file for the top. */
export function inWords(section: string): string {
  return section === '' ? 'config.toml' : headerOf(section);
}
