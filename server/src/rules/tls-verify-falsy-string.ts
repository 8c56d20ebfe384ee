/** Flags a DOCKER_TLS_VERIFY that is meant as "no" and read as "yes". */

import type { FixPlan, FixView } from '../model/finding.js';
import type { Origin } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { isForeign } from './containers.js';
import { defineRule, type SiteContext } from './define.js';
import { callsDocker, sightings } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

const NAME = 'DOCKER_TLS_VERIFY';

export default defineRule({
  id: 'tls-verify-falsy-string',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
  ...prose({
    title: 'DOCKER_TLS_VERIFY that says no and means yes',
    why: 'Docker asks only whether DOCKER_TLS_VERIFY is empty. "0", "false" and "no" are not, so the client speaks TLS and verifies the daemon.',
    remedy: 'Take the variable away, or set it to ""; write "1" where TLS is wanted.',
    sources: ['https://docs.docker.com/reference/cli/docker/#environment-variables'],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const { site } = context;
    const verify = site.env.get(NAME);
    if (verify.state !== 'known' || !isLiteral(verify.value) || !callsDocker(context)) return;
    if (isForeign(context)) return;
    const { text } = verify.value;
    if (!/^(?:0|false|no|off|f|n|disabled?)$/i.test(text)) return;
    yield {
      at: verify.origin.place,
      message: `${NAME} of ${nameOf(site)} is "${text}", which docker takes for yes: only an empty value turns TLS off.`,
      fixes: view => sayYesOrNothing(context, verify.origin, view),
    };
  },
});

/** "1" where the daemon speaks TLS, as nothing else then changes; an empty value where it does not. */
function sayYesOrNothing(context: SiteContext, origin: Origin, view: FixView): readonly FixPlan[] {
  const traces = [...context.paired, ...context.blind];
  const reach = whom(origin, usersOfVariable(view, NAME, origin.place));
  const listens = traces
    .flatMap(({ daemon }) => daemon.listens)
    .filter(({ endpoint }) => /^tcp:/.test(endpoint));
  if (listens.length === 0) return [];
  const plain = listens.every(({ tls }) => tls === 'none');
  const fails = sightings(context, 'tls-against-plain-daemon').length > 0;
  const value = plain ? '' : '1';
  return [
    {
      title: `Set ${NAME} to "${value}"${reach}${plain ? ' (no TLS)' : ', as docker takes it'}`,
      safety: plain && !fails ? 'unsafe' : 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value }],
    },
  ];
}
