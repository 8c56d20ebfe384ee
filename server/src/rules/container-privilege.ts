/** Flags containers that are privileged, and those that have no use for it. */

import type { FixPlan } from '../model/finding.js';
import { type Origin, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import { daemonContainer, ownContainer, type Self } from './containers.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { needsNoPrivilege } from './privilege-need.js';

const SOURCES = [
  'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
  'https://docs.docker.com/reference/compose-file/services/#privileged',
];

export default [
  defineRule({
    id: 'socket-proxy-privileged',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A privileged socket proxy',
      why: 'A proxy reads a socket and listens on a port; that takes no privilege, except for the label of the socket on hosts with SELinux. Privileged, whoever breaks into the proxy has the host, past everything that it filters.',
      remedy:
        'Take privileged away. On a host with SELinux use security_opt: ["label=disable"] in its place.',
      sources: ['https://github.com/Tecnativa/docker-socket-proxy', ...SOURCES],
    }),
    fixable: true,
    *site({ site }) {
      const origin = site.self && isSocketProxy(site.self.ref) ? grantedAt(site.self) : undefined;
      if (!origin) return;
      yield {
        at: origin.place,
        message: `${titleOf(site)} is privileged, which a socket proxy has no use for.`,
        fixes: () => withoutPrivilege(origin),
      };
    },
  }),
  defineRule({
    id: 'compose-privileged-service',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose'],
    ...prose({
      title: 'A privileged container',
      why: 'A privileged container can take over its host: it may mount the disks, load modules and reach every device. A dind needs it; then only that service should have it, and nobody else should reach it.',
      remedy:
        'Leave it to the one dind service, publish none of its ports, and give it a network of its own; or build without a daemon: rootless BuildKit, Buildah.',
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const { site } = context;
      const self = ownContainer(context);
      const origin =
        self && !isSocketProxy(self.ref) && !needsNoPrivilege(context) ? grantedAt(self) : undefined;
      // What an image of the daemon runs in a script of its own is most likely the daemon.
      const image = self && dockerImage(self.ref);
      const serves = daemonContainer(context) !== undefined || /^dind/.test(image?.variant ?? '');
      // What dind needs is told only to those who ask for more.
      if (!self || !origin || (serves && context.profile === 'default')) return;
      // A socket makes root already, and is told at its mount.
      if (socketMounts(self.container).length > 0) return;
      yield {
        at: origin.place,
        message: serves
          ? `${titleOf(site)} runs privileged, as dind must: whoever reaches its daemon is root on the host.`
          : `${titleOf(site)} runs privileged: whoever gets into it is root on the host.`,
        severity: serves ? 'info' : 'warning',
      };
    },
  }),
];

/** Where the container is made privileged; nowhere for one whose runtime keeps it apart. */
export function grantedAt({ container }: Self): Origin | undefined {
  const { privileged } = container;
  return privileged.state === 'known' && settled(privileged) ? privileged.origin : undefined;
}

export function withoutPrivilege({ entry }: Origin): readonly FixPlan[] {
  return entry ? onlyFix('Take privileged away', 'unsafe', [{ kind: 'remove-entry', entry }]) : [];
}
