/** Flags rootless dind with a user or a data folder that it cannot use. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { plainPath } from '../trace/sharing.js';
import { daemonContainer } from './containers.js';
import { defineRule } from './define.js';
import { worded } from './faults.js';

const SOURCES = [
  'https://github.com/docker-library/docs/tree/master/docker#rootless',
  'https://github.com/docker-library/docker',
];

const DATA = '/home/rootless/.local/share/docker';

export default [
  defineRule({
    id: 'rootless-uid-without-subuid',
    severity: 'error',
    profile: 'default',
    dialects: ['compose', 'dockerfile', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Rootless dind under another user',
      why: 'The image has subordinate ids in /etc/subuid and /etc/subgid for its user rootless (1000) alone. As another one the daemon ends with "attempting to run rootless dockerd but missing necessary entries in /etc/subuid and/or /etc/subgid".',
      remedy:
        'Take user away, or build an image of your own that has an entry for the user and a home that is theirs.',
      sources: SOURCES,
    }),
    fixable: false,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'rootless-uid-without-subuid',
        seen =>
          `Rootless dind of ${nameOf(context.site)} dies at start: its image has no subordinate ids for user ${settled(context.site.self?.container.user ?? { state: 'absent' })}${seen.ifCopy}.`,
      ),
  }),
  defineRule({
    id: 'rootless-bad-storage-path',
    severity: 'warning',
    profile: 'default',
    dialects: ['compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'A volume that rootless dind does not use',
      why: `Rootless dind keeps its images and containers in ${DATA}. A volume on /var/lib/docker stays empty, and everything is lost with the container.`,
      remedy: `Mount the volume at ${DATA}.`,
      sources: SOURCES,
    }),
    fixable: false,
    *site(context) {
      const self = daemonContainer(context);
      const image = self && dockerImage(self.ref);
      const user = settled(self?.container.user ?? { state: 'absent' }) ?? '';
      if (!self || image?.variant !== 'dind-rootless' || /^(?:0|root)(?::|$)/.test(user)) return;
      for (const { target, origin } of settled(self.container.mounts) ?? []) {
        if (plainPath(target) !== '/var/lib/docker') continue;
        yield {
          at: origin.place,
          message: `${titleOf(context.site)} is a rootless dind, which keeps nothing in /var/lib/docker: this volume stays empty.`,
        };
      }
    },
  }),
];
