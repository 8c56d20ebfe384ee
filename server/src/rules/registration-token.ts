/** Flags runners that register with a registration token, which GitLab is taking away. */

import type { BuildSite } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { registrations } from './registrations.js';

export default defineRule({
  id: 'registration-token',
  severity: 'warning',
  profile: 'default',
  dialects: ['helm-values', 'compose', 'shell'],
  ...prose({
    title: 'Deprecated registration token',
    why: 'Registration tokens are deprecated since GitLab 16.0 and are to go in 20.0. Where they are switched off, a runner that brings one is refused: "410 Gone - runner registration disallowed".',
    remedy:
      'Create the runner in GitLab, and give its authentication token (glrt-…): to the chart as runnerToken, to gitlab-runner register as --token. Tags, description and protection are then set in GitLab.',
    sources: [
      'https://docs.gitlab.com/ci/runners/new_creation_workflow/',
      'https://docs.gitlab.com/runner/register/',
    ],
  }),
  fixable: false,

  *site({ site }) {
    if (!site.self) return;
    for (const { flags } of registrations(site)) {
      const found = flags.find(({ name }) => name === '--registration-token' || name === '-r');
      if (found) yield { at: found.flag, message: says(site) };
    }
    const isRunner = site.self.ref.name === 'gitlab-runner';
    const token = site.env.get('REGISTRATION_TOKEN');
    if (!isRunner || token.state === 'absent' || !token.origin?.entry) return;
    yield { at: token.origin.entry, message: says(site) };
  },

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

function says(site: BuildSite): string {
  return `${titleOf(site)} registers its runner with a registration token, which GitLab is to drop in 20.0.`;
}
