/** Flags ports of daemons and of proxies in front of them that are open to other machines. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { listensToOthers } from '../trace/proxy-switches.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import { daemonContainer, type Self } from './containers.js';
import { defineRule, type Report } from './define.js';
import { onlyFix } from './images.js';

const WHY_OPEN =
  'Whoever reaches the port is root on the host: the API starts privileged containers with any folder of the host in them. Published ports listen on all addresses, and Docker opens them past the rules of ufw and firewalld.';

export default [
  defineRule({
    id: 'socket-proxy-published',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A socket proxy open to other machines',
      why: `A proxy asks nobody who they are. ${WHY_OPEN} What the proxy filters narrows that down, and leaves names, variables and files of all containers readable.`,
      remedy: 'Leave ports out: containers in the same network need none. Else write "127.0.0.1:2375:2375".',
      sources: [
        'https://github.com/Tecnativa/docker-socket-proxy#security-recommendations',
        'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
      ],
    }),
    fixable: true,
    *site({ site }) {
      if (!site.self || !isSocketProxy(site.self.ref) || !listensToOthers(site.self)) return;
      const says = 'opens its socket proxy to every machine that reaches the host';
      yield* openPorts(site.self, [2375], `${titleOf(site)} ${says}`);
    },
  }),
  defineRule({
    id: 'daemon-port-published',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'A dind without TLS open to other machines',
      why: `The daemon asks nobody who they are. ${WHY_OPEN}`,
      remedy:
        'Leave ports out (in a pod: hostPort); containers in the same network need none. Else write "127.0.0.1:2375:2375", or let dind use TLS, which asks for a certificate.',
      sources: [
        'https://docs.docker.com/engine/security/protect-access/',
        'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
        'https://kubernetes.io/docs/concepts/configuration/overview/#services',
      ],
    }),
    fixable: true,
    *site(context) {
      const self = daemonContainer(context);
      if (!self) return;
      const listens = context.blind.flatMap(({ beside }) => beside).flatMap(daemon => daemon.listens);
      const open = listens.filter(({ tls }) => tls !== 'verify');
      const ports = open.flatMap(({ endpoint }) => Number(/^tcp:.*:(\d+)$/.exec(endpoint)?.[1] ?? NaN));
      const says = 'opens a daemon that asks for no certificate to every machine that reaches the host';
      yield* openPorts(self, ports, `${titleOf(context.site)} ${says}`);
    },
  }),
];

/** An address of the host itself, which others do not reach. */
const LOCAL = /^(?:127\.|localhost$|\[?::1\]?$)/;

function* openPorts({ container }: Self, ports: readonly number[], says: string): Iterable<Report> {
  for (const { target, address, origin } of container.ports) {
    if (target === undefined || !ports.includes(target) || address.state === 'unknown') continue;
    if (LOCAL.test(settled(address) ?? '')) continue;
    const { entry } = origin;
    yield {
      at: origin.place,
      message: `${says}, on port ${target}.`,
      fixes: () => (entry ? onlyFix('Publish no port', 'unsafe', [{ kind: 'remove-entry', entry }]) : []),
    };
  }
}
