/** Flags keys of a runner's configuration that the runner still reads and that have a successor. */
import { keyIn, sectionAt } from '../catalog/runner-sections.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { isZero } from './toml-wanted.js';
import { CONFIG_DOCS, runnerPrefix } from './toml-words.js';

export default defineRule({
  id: 'toml-deprecated-key',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Deprecated key of config.toml',
    why: 'GitLab Runner keeps such keys for a while and then drops them with a major version; from then on they are ignored without a word.',
    remedy: 'Use the successor that the message names.',
    sources: [CONFIG_DOCS, 'https://docs.gitlab.com/update/deprecations/'],
  }),
  fixable: false,

  *runnerFile({ file, keys }) {
    if (!keys || file.dialect !== 'gitlab-runner') return;
    for (const setting of file.settings) {
      const section = sectionAt(keys, setting.section);
      const known = section?.kind === 'section' ? keyIn(keys, section.path, setting.key) : undefined;
      const text = known?.doc.deprecated;
      // The executor that reads this table has a rule of its own.
      if (text === undefined || (known?.name === 'machine' && setting.value.kind === 'table')) continue;
      // The runner itself writes such keys with their zero values.
      if (isZero(setting.value)) continue;
      yield {
        at: setting.keyPlace,
        message: `${runnerPrefix(file, setting)}"${setting.key}" is deprecated: ${text}.`,
      };
    }
  },
});
