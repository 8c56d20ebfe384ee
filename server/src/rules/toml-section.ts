/** Flags keys of a runner's configuration that stand in a section that does not have them. */
import type { Setting } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report, type RunnerFileContext } from './define.js';
import { moves } from './toml-fixes.js';
import { goWith, type Home, misfitOf } from './toml-places.js';
import { CONFIG_DOCS, inWords, runnerPrefix } from './toml-words.js';

export default defineRule({
  id: 'toml-wrong-section',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Key in the wrong section',
    why: 'A key counts for the header above it, however it is indented. GitLab Runner drops a key that its section does not have without a word.',
    remedy:
      'Move the key below the header that it belongs to. Keys of [[runners]] must stand before the first header of a section inside of it.',
    sources: [CONFIG_DOCS, 'https://toml.io/en/v1.0.0#table'],
  }),
  fixable: true,
  runnerFile: misplaced,
});

function* misplaced({ file, keys }: RunnerFileContext): Iterable<Report> {
  if (!keys || file.dialect !== 'gitlab-runner') return;
  for (const setting of file.settings) {
    const misfit = misfitOf(keys, file, setting);
    if (misfit?.kind !== 'elsewhere') continue;
    yield {
      at: setting.keyPlace,
      message: `${runnerPrefix(file, setting)}${where(setting, misfit.homes)}`,
      // In the section of another executor it would not count either.
      fixes: () => {
        const homes = misfit.homes.filter(({ section }) => goWith(section, setting.section));
        return moves(keys, file, setting, homes);
      },
    };
  }
}

function where({ key, section }: Setting, homes: readonly Home[]): string {
  const words = (path: string): string => (path === '' ? 'the top of the file' : inWords(path));
  const here = words(section);
  const right = homes.map(home => (home.name === key ? '' : `"${home.name}" of `) + words(home.section));
  return homes.every(home => home.name === key)
    ? `"${key}" belongs to ${right.join(' or ')}, not to ${here}, where it is ignored.`
    : `"${key}" is ignored in ${here}; the key is ${right.join(' or ')}.`;
}
