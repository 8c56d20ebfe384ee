/** Flags a runner that puts the docker socket of its host into containers. */

import type { Exposure } from '../model/build-site.js';
import type { Severity } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';

/** The socket, or a folder of the host that holds it. */
const SOCKET = /^(?:(?:\/var)?\/run\/docker\.sock|(?:\/var)?\/run\/?|\/var\/?|\/)$/;

const BY_EXPOSURE: Readonly<Record<Exposure, Severity>> = {
  shared: 'error',
  'single-tenant': 'info',
  ephemeral: 'info',
};

export default defineRule({
  id: 'docker-sock-mount',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner'],
  title: "The host's docker socket mounted into jobs",
  ...prose({
    why: 'Whoever may talk to the docker socket can start a container that mounts the root of the host, so every job on the runner is root there. A read-only mount changes nothing: it protects the file, not what is said through it.',
    remedy:
      'Keep such a runner for one trusted team or one job per machine, and declare that in .drydock.yml; or build with rootless BuildKit, which needs no daemon.',
    sources: [
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
      'https://docs.gitlab.com/runner/security/',
    ],
  }),
  fixable: false,

  *runner({ paired }) {
    const { runner, exposure } = paired;
    for (const mount of settled(runner.mounts) ?? []) {
      if (mount.source === undefined || !SOCKET.test(mount.source)) continue;
      yield {
        at: mount.origin.place,
        message: `Runner "${runner.name}" hands the docker socket of its host to every job: root on the host ${exposure === undefined ? 'if others can run jobs here' : `(declared ${exposure})`}.`,
        severity: exposure === undefined ? 'warning' : BY_EXPOSURE[exposure],
      };
    }
  },
});
