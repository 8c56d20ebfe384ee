/** Flags a configuration that lets no job run. */
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { repair } from './toml-fixes.js';
import { CONFIG_DOCS } from './toml-words.js';

export default defineRule({
  id: 'concurrent-zero',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'concurrent below 1',
    why: 'GitLab Runner ends at start: "Current configuration \'concurrent = 0\' means that no jobs will be processed". Zero does not mean "without limit". A missing key counts as 1.',
    remedy: 'Set it to the number of jobs that may run at once on all runners of the file together.',
    sources: [CONFIG_DOCS, 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/commands/multi.go'],
  }),
  fixable: true,

  *runnerFile({ file }) {
    if (file.dialect !== 'gitlab-runner' || file.host !== undefined) return;
    for (const { section, key, value, place } of file.settings) {
      if (section !== '' || !/^concurrent$/i.test(key) || value.kind !== 'integer') continue;
      if (Number(value.text.replaceAll('_', '')) >= 1) continue;
      yield {
        at: place,
        message: `concurrent = ${value.text} lets no job run: GitLab Runner ends at start.`,
        fixes: () => [repair(place, 1)],
      };
    }
  },
});
