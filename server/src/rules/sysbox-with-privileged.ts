/** Flags a runner that asks Sysbox for privileged containers. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { containersOf } from './runner-facts.js';

export default defineRule({
  id: 'sysbox-with-privileged',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'compose', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Privileged containers on Sysbox',
    why: 'Sysbox is there to run dind without privilege, and does not support privileged containers: they do not start ("OCI runtime create failed"), or what runs in them fails.',
    remedy: 'Set privileged = false; dind runs in a Sysbox container as it is.',
    sources: ['https://github.com/nestybox/sysbox/blob/master/docs/user-guide/limitations.md'],
  }),
  fixable: true,

  *site({ site }) {
    const { self } = site;
    const runtime = self && settled(self.container.runtime);
    const privileged = self?.container.privileged;
    if (runtime !== 'sysbox-runc' || privileged?.state !== 'known' || !privileged.value) return;
    const { origin } = privileged;
    yield {
      at: origin.place,
      message: `${titleOf(site)} is privileged, and its runtime ${runtime} does not support privileged containers.`,
      fixes: () =>
        origin.entry
          ? [
              {
                title: 'Take privileged away',
                safety: 'safe',
                preferred: true,
                intents: [{ kind: 'remove-entry', entry: origin.entry }],
              },
            ]
          : [],
    };
  },

  *runner({ paired: { runner } }) {
    const runtime = settled(runner.runtime);
    if (containersOf(runner) !== 'docker' || runtime !== 'sysbox-runc') return;
    const privileged = [
      { key: 'privileged', value: runner.privileged },
      { key: 'services_privileged', value: runner.servicesPrivileged },
    ];
    for (const { key, value } of privileged) {
      if (value.state !== 'known' || !value.value) continue;
      yield {
        at: value.origin.place,
        message: `${key} = true on runner "${runner.name}", whose runtime ${runtime} does not support privileged containers.`,
        fixes: () => [
          {
            title: `Set ${key} = false`,
            safety: 'safe',
            preferred: true,
            intents: [{ kind: 'set-value', at: value.origin.place, value: false }],
          },
        ],
      };
    }
  },
});
