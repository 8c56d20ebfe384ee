/** Flags an address of GitLab that ends in the `/ci` of old. */
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';

export default defineRule({
  id: 'url-ci-suffix',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'Address of GitLab with /ci at its end',
    why: 'GitLab Runner before 1.0 wanted /ci at the end of the address. Today it cuts it off for its own calls and, since 18.7, warns; with GIT_SUBMODULE_FORCE_HTTPS submodules may fail to clone: "could not read Username for …".',
    remedy: 'Leave /ci out.',
    sources: ['https://docs.gitlab.com/runner/configuration/advanced-configuration/#legacy-ci-url-suffix'],
  }),
  fixable: true,

  *runnerFile({ file }) {
    if (file.dialect !== 'gitlab-runner' || file.host !== undefined) return;
    for (const runner of file.runners) {
      const url = runner.setting('url');
      if (url?.value.kind !== 'string' || url.value.templated || !/[^/]\/ci\/*$/.test(url.value.text))
        continue;
      const value = url.value.text.replace(/\/ci\/*$/, '');
      yield {
        at: url.place,
        message: `The address of GitLab for runner "${runner.name}" ends in /ci, which is deprecated.`,
        fixes: () => [
          {
            title: 'Leave out /ci',
            safety: 'safe',
            preferred: true,
            intents: [{ kind: 'set-value', at: url.place, value }],
          },
        ],
      };
    }
  },
});
