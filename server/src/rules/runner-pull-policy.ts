/** Flags a runner that gives images to whoever asks, once they are there. */

import type { FixPlan } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { audienceOf } from './audience.js';
import { defineRule } from './define.js';
import { containersOf, wordsOf } from './runner-facts.js';

export default defineRule({
  id: 'pull-policy-if-not-present-shared',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'Private images for whoever knows their names',
    why: 'With if-not-present an image that one project pulled with its credentials stays on the host, and every other job gets it by its name: nobody asks the registry again whether it may. As second policy it does the same when the pull with credentials fails.',
    remedy:
      'Use pull_policy = "always" where several projects share a runner; layers that are there are not pulled again.',
    sources: [
      'https://docs.gitlab.com/runner/security/#usage-of-private-docker-images-with-if-not-present-pull-policy',
    ],
  }),
  fixable: true,

  *runner({ paired, profile }) {
    const { runner, exposure } = paired;
    const containers = containersOf(runner);
    const { trusted, words } = audienceOf(paired);
    // Many keep it for speed, on runners of their own.
    if (!containers || trusted || (exposure === undefined && profile === 'default')) return;
    const policies = wordsOf(runner, `${containers}.pull_policy`);
    const lax = policies.find(({ text }) => text === 'if-not-present');
    if (!lax) return;
    yield {
      at: lax.place,
      message: `Runner "${runner.name}" gives private images that it has pulled once to any job that names them ${words}.`,
      fixes: () => (policies.length === 1 ? [always(lax.place)] : []),
    };
  },
});

function always(at: Place): FixPlan {
  return {
    title: 'Pull always (jobs ask the registry each time)',
    safety: 'unsafe',
    intents: [{ kind: 'replace-value', at, value: 'always' }],
  };
}
