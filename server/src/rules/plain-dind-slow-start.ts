/** Flags a plain dind daemon that sleeps for 16 seconds before it starts. */

import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { ABSENT, type Place, placeKey, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { daemonArguments } from '../trace/daemon-arguments.js';
import { dockerImage } from '../trace/docker-image.js';
import type { Listener } from '../trace/entrypoints.js';
import { defineRule } from './define.js';
import { usersOfService, whom } from './reach.js';

export default defineRule({
  id: 'plain-dind-slow-start',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'dind that waits 16 seconds before it starts',
    why: 'Since 20.10 dockerd sleeps for 1 and then 15 seconds before it opens a TCP port without TLS, unless a flag says that this is meant: "Binding to an IP address without --tlsverify is deprecated. Startup is intentionally being slowed down to show this message". With TLS it makes keys instead, which takes a few seconds.',
    remedy: 'Turn TLS on, or write command: ["--tls=false"] for the service.',
    sources: [
      'https://github.com/moby/moby/blob/master/daemon/command/daemon.go',
      'https://docs.docker.com/engine/deprecated/#unauthenticated-tcp-connections',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const trace = [...context.paired, ...context.blind].find(({ beside }) => beside.length > 0);
    for (const { service, listens } of trace?.beside ?? []) {
      const version = dockerImage(service.ref)?.version;
      const old = version !== undefined && version.major < 20;
      const words = daemonArguments(service);
      if (old || !words || !listens.some(isOpen) || words.some(word => /^--tls(?:verify)?(?:=|$)/.test(word)))
        continue;
      yield {
        at: service.origin.place,
        message: `dind sleeps for 16 seconds when ${nameOf(context.site)} starts, to say that it listens without TLS.`,
        fixes: view => meantSo(service, view),
      };
    }
  },
});

/** Where the service also runs with TLS, in another job, the flag would say something wrong. */
function meantSo({ origin, command }: Service, view: FixView): readonly FixPlan[] {
  const users = usersOfService(view, origin.place);
  if (!users.every(({ site }) => isPlain(site, origin.place))) return [];
  return [
    {
      title: `Start it with --tls=false${whom(origin, users)} (it stays without TLS)`,
      safety: 'unsafe',
      intents: [
        {
          kind: 'set-service-key',
          service: origin.place,
          key: 'command',
          value: [...(settled(command) ?? []), '--tls=false'],
        },
      ],
    },
  ];
}

function isPlain({ services }: BuildSite, place: Place): boolean {
  const service = settled(services)?.find(({ origin }) => placeKey(origin.place) === placeKey(place));
  return settled(service?.variables.get('DOCKER_TLS_CERTDIR') ?? ABSENT)?.text === '';
}

function isOpen({ endpoint, tls }: Listener): boolean {
  return tls === 'none' && /^tcp:\/\/(?!127\.|localhost|\[::1\])/.test(endpoint);
}
