/** Flags clients that start without waiting until their dind answers. */

import type { FixPlan, FixView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { failsTheJob } from '../trace/script-way.js';
import { daemonCommands } from '../trace/tools.js';
import type { ReachedDaemon } from '../trace/types.js';
import { clientContainer } from './containers.js';
import { defineRule, type SiteContext } from './define.js';
import { siteOfService } from './switch-containers.js';

export default defineRule({
  id: 'compose-depends-without-health',
  severity: 'warning',
  profile: 'default',
  dialects: ['compose'],
  ...prose({
    title: 'A client that does not wait for dind',
    why: 'depends_on in its short form, or with service_started, waits until the container runs, not until dockerd listens. Making certificates takes seconds, and a plain daemon sleeps for 16: "Cannot connect to the Docker daemon", or "open /certs/client/ca.pem: no such file or directory".',
    remedy:
      'Give dind a health check (test: ["CMD", "docker", "-H", "unix:///var/run/docker.sock", "info"]) and let the client wait for it: depends_on: { dind: { condition: service_healthy } }.',
    sources: [
      'https://docs.docker.com/compose/how-tos/startup-order/',
      'https://github.com/compose-spec/compose-spec/blob/main/05-services.md',
    ],
  }),
  fixable: true,

  *site(context) {
    const self = clientContainer(context);
    const [reached] = context.blind.flatMap(trace => trace.reached ?? []);
    const name = reached?.service.container?.name;
    const wait = name === undefined ? undefined : self?.container.waits.get(name);
    if (!self || !reached || wait?.value !== 'started') return;
    // Whoever calls docker later finds the daemon up.
    const atOnce = daemonCommands(context.tools).some(failsTheJob);
    const { probe } = reached.service.container ?? {};
    const checked = probe?.state === 'known' && probe.value;
    yield {
      at: wait.origin.place,
      message: `${titleOf(context.site)} waits until "${name}" has started, not until its dockerd answers.`,
      severity: atOnce ? 'warning' : 'info',
      related: [
        {
          place: reached.service.origin.place,
          message: checked ? 'The dind service.' : 'The dind service, without a health check.',
        },
      ],
      fixes: view => waitForHealth(context, reached, wait.origin.place, checked, view),
    };
  },
});

/** Asks the daemon on its own socket, which is there whatever it does about TLS. */
function waitForHealth(
  { site }: SiteContext,
  { service, listens }: ReachedDaemon,
  at: Place,
  checked: boolean,
  view: FixView,
): readonly FixPlan[] {
  const daemon = siteOfService(service, site, view);
  const socket = listens.find(({ endpoint }) => endpoint.startsWith('unix://'))?.endpoint;
  if (!daemon || at.path !== site.path || (!checked && socket === undefined)) return [];
  const condition: Intent = { kind: 'set-key', at, key: 'condition', value: 'service_healthy' };
  const check: Intent = {
    kind: 'set-health-check',
    service: daemon.place,
    command: `docker -H ${socket} info`,
  };
  return [
    {
      title: checked
        ? `Wait until "${daemon.name}" is healthy`
        : `Give "${daemon.name}" a health check, and wait for it`,
      safety: 'unsafe',
      preferred: true,
      intents: checked ? [condition] : [check, condition],
    },
  ];
}
