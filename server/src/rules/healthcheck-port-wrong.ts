/** Flags a readiness probe on a port that dind does not open. */

import type { FixPlan, FixView } from '../model/finding.js';
import { type Known, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { isLiteral, type Text } from '../model/text.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { daemonsBeside, ownProbe, PROBE, portsOf } from './dind-readiness.js';
import { sightings } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

export default defineRule({
  id: 'healthcheck-port-wrong',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'HEALTHCHECK_TCP_PORT that dind does not open',
    why: 'The runner waits on this port before it starts the script. Where nobody answers, a Docker runner waits for 30 seconds and warns that the service "probably didn\'t start properly"; on Kubernetes it goes on waiting until the job times out. On a Docker runner what is no number fails the job at once: "invalid health check tcp port".',
    remedy: 'Write the port of the daemon: 2376 with TLS, 2375 without.',
    sources: [
      'https://docs.gitlab.com/runner/executors/docker/#how-gitlab-runner-performs-the-services-health-check',
    ],
  }),
  fixable: true,
  needs: 'trace',
  site: wrongPort,
});

/** Where the trace does not see the job fail of it, it waits in vain for 30 seconds. */
function* wrongPort(context: SiteContext): Iterable<Report> {
  const [fails] = sightings(context, 'healthcheck-port-wrong');
  const inPod = context.runners.some(({ runner }) => settled(runner.executor) === 'kubernetes');
  for (const daemon of daemonsBeside(context)) {
    const probe = inPod ? ownProbe(context, daemon.service) : daemon.service.variables.get(PROBE);
    if (probe.state !== 'known' || !isLiteral(probe.value) || probe.value.text === '') continue;
    const { text } = probe.value;
    const ports = portsOf(daemon);
    if (ports.length === 0 || ports.includes(text)) continue;
    const says = /^\d+$/.test(text)
      ? `${text}${fails?.onRunner ?? ''}, but dind listens on ${ports.join(' and ')}`
      : `"${text}": a Docker runner takes a number only, and fails the job`;
    yield {
      at: probe.origin.place,
      message: `${PROBE} of ${nameOf(context.site)} is ${says}.`,
      severity: fails?.severity ?? 'warning',
      confidence: fails?.confidence ?? 'medium',
      fixes: view => setPort(probe, ports, view),
    };
  }
}

function setPort(
  probe: Known<Text> & { readonly state: 'known' },
  [port]: readonly string[],
  view: FixView,
): readonly FixPlan[] {
  if (port === undefined) return [];
  const { place } = probe.origin;
  return [
    {
      title: `Set ${PROBE} to "${port}"${whom(probe.origin, usersOfVariable(view, PROBE, place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: place, value: port }],
    },
  ];
}
