/** Flags a runner's token that stands in its file as plain text. The token itself is never shown. */

import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { scalarOf } from './runner-facts.js';

/**
 * Tokens of runners: since 16.0 with a prefix, before that 20 letters and digits alone.
 * Source: GitLab docs, security/tokens.
 */
const PREFIXED = /^glrtr?-([\w.-]{20,})$/;
const BARE = /^([\w-]{20})$/;

/** What people write where a token goes. */
const PLACEHOLDER = /(.)\1{3}|token|secret|example|replace|change|your|redact|dummy|fake|abcd|1234/i;

export default defineRule({
  id: 'token-in-config-committed',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'Token of a runner as plain text',
    why: 'Whoever has the token of a runner can be that runner: they get its jobs, with the variables and secrets of those jobs. In a repository it stays in the history, also after it was taken out.',
    remedy:
      'Reset the token in GitLab, and let the file refer to a variable of the runner\'s environment: token = "${RUNNER_TOKEN}".',
    sources: [
      'https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section',
      'https://docs.gitlab.com/security/tokens/#runner-authentication-tokens',
    ],
  }),
  fixable: false,

  *runner({ paired: { runner } }) {
    const token = scalarOf(runner, 'token');
    if (!token || !isReal(token.text)) return;
    yield {
      at: token.setting.place,
      message: `The token of runner "${runner.name}" is written out: whoever reads this file can take its jobs and their secrets.`,
      confidence: 'medium',
    };
  },
});

function isReal(token: string): boolean {
  const random = (PREFIXED.exec(token) ?? BARE.exec(token))?.[1];
  // What somebody made up is seldom mixed.
  return (
    random !== undefined &&
    !PLACEHOLDER.test(random) &&
    /\d/.test(random) &&
    /[a-z]/.test(random) &&
    /[A-Z]/.test(random)
  );
}
