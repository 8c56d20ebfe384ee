/** Flags runners that are to register with a registration token, which GitLab is taking away. */
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';

export default defineRule({
  id: 'registration-token',
  severity: 'warning',
  profile: 'default',
  dialects: ['helm-values'],
  ...prose({
    title: 'Deprecated registration token',
    why: 'Registration tokens are deprecated since GitLab 16.0 and are to go in 20.0. Where they are switched off, a runner that brings one is refused: "410 Gone - runner registration disallowed".',
    remedy:
      'Create the runner in GitLab, and give the chart its authentication token (glrt-…) as runnerToken. Tags, description and protection are then set in GitLab.',
    sources: [
      'https://docs.gitlab.com/ci/runners/new_creation_workflow/',
      'https://docs.gitlab.com/runner/register/',
    ],
  }),
  fixable: false,

  *runnerFile({ file }) {
    if (file.dialect !== 'helm-values') return;
    for (const { section, key, value, keyPlace } of file.settings) {
      if (section !== 'values' || key !== 'runnerRegistrationToken') continue;
      if (value.kind !== 'string' || value.text === '') continue;
      yield {
        at: keyPlace,
        message:
          'This chart registers its runner with a registration token, which GitLab is to drop in 20.0.',
      };
    }
  },
});
