/** Flags clients that are given a daemon by its address, and the socket of the host besides. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { clientContainer, otherDaemon } from './containers.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';

export default defineRule({
  id: 'compose-client-and-socket',
  severity: 'warning',
  profile: 'default',
  dialects: ['compose'],
  ...prose({
    title: 'A socket beside DOCKER_HOST',
    why: 'Where DOCKER_HOST is set, docker does not look at the socket. What is left of the mount is that whoever gets into the container is root on the host.',
    remedy: 'Take the mount away, or DOCKER_HOST, whichever was not meant.',
    sources: [
      'https://docs.docker.com/reference/cli/docker/#environment-variables',
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    ],
  }),
  fixable: true,

  *site(context) {
    const { site } = context;
    const host = otherDaemon(site);
    const self = clientContainer(context);
    if (!self || !host) return;
    for (const { origin, taken } of socketMounts(self.container)) {
      const { entry } = origin;
      if (taken) continue;
      yield {
        at: origin.place,
        message: `${titleOf(site)} dials ${show(host)}, so this socket only makes it root on the host.`,
        fixes: () => (entry ? onlyFix('Remove the mount', 'unsafe', [{ kind: 'remove-entry', entry }]) : []),
      };
    }
  },
});
