/** Flags jobs on Kubernetes that do not wait for their dind daemon. */

import type { Service } from '../model/build-site.js';
import { type Known, placeKey, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { Text } from '../model/text.js';
import { programOf } from '../syntax/shell.js';
import type { BesideDaemon } from '../trace/types.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { callsDocker, mild, onRunners } from './faults.js';
import { usersOfService, whom } from './reach.js';

/** Names the port on which a runner knocks before it starts the script. */
export const PROBE = 'HEALTHCHECK_TCP_PORT';

export default defineRule({
  id: 'dind-no-readiness-wait-k8s',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  ...prose({
    title: 'Job that does not wait for dind on Kubernetes',
    why: 'On Kubernetes the script starts as soon as its container does, and dind needs some seconds for its keys: now and then "Cannot connect to the Docker daemon". The runner waits only for a service that has HEALTHCHECK_TCP_PORT among its own variables (since 16.9); a variable of the job does not count.',
    remedy:
      'Write the service as a mapping with variables: {HEALTHCHECK_TCP_PORT: "2376"}, or 2375 without TLS.',
    sources: ['https://docs.gitlab.com/runner/executors/kubernetes/#define-a-list-of-services'],
  }),
  fixable: true,
  needs: 'trace',
  site: noWait,
});

/** The daemons beside the job, on a runner where one is known. */
export function daemonsBeside(context: SiteContext): readonly BesideDaemon[] {
  return [...context.paired, ...context.blind].find(({ beside }) => beside.length > 0)?.beside ?? [];
}

/** The TCP ports that a daemon opens. */
export function portsOf({ listens }: BesideDaemon): readonly string[] {
  return listens.flatMap(({ endpoint }) => /^tcp:.*:(\d+)$/.exec(endpoint)?.[1] ?? []);
}

function* noWait(context: SiteContext): Iterable<Report> {
  const weight = onRunners(context, runner => settled(runner.executor) === 'kubernetes');
  const [daemon, more] = daemonsBeside(context);
  if (!weight || !daemon || more || !callsDocker(context) || waitsItself(context)) return;
  const { service } = daemon;
  const [port] = portsOf(daemon);
  // Who talks to the daemon over a socket has no port to wait for.
  const host = settled(context.site.env.get('DOCKER_HOST'))?.text ?? '';
  if (port === undefined || ownProbe(context, service).state !== 'absent' || /^unix:/.test(host)) return;
  const { origin } = service;
  yield {
    at: origin.place,
    message: `${titleOf(context.site)} does not wait until dind is up${weight.onRunner}: the service has no ${PROBE}.`,
    severity: mild(weight).severity,
    confidence: weight.confidence,
    fixes: view => [
      {
        title: `Wait for port ${port}${whom(origin, usersOfService(view, origin.place))}`,
        safety: 'safe',
        preferred: true,
        intents: [{ kind: 'set-service-variable', service: origin.place, name: PROBE, value: port }],
      },
    ],
  };
}

/** The probe among the service's own variables; one that it only takes over from the job is none. */
export function ownProbe({ site }: SiteContext, { variables }: Service): Known<Text> {
  const probe = variables.get(PROBE);
  const outer = site.env.get(PROBE);
  const taken =
    probe.state === 'known' &&
    outer.state === 'known' &&
    placeKey(probe.origin.place) === placeKey(outer.origin.place);
  return taken ? { state: 'absent' } : probe;
}

const WAITS = /^(?:sleep|wait-for|wait-for-it|wait-for-it\.sh|wait-for\.sh|dockerize|until|nc|netcat)$/;

/** A script that sleeps, loops, or knocks at a port waits in its own way. */
export function waitsItself({ site }: SiteContext): boolean {
  return site.commands.some(({ shell }) => {
    const name = programOf(shell)?.name ?? '';
    return shell.context.includes('loop') || WAITS.test(name);
  });
}
