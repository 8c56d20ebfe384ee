/** Flags a runner that puts the docker socket of its host into containers. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { audienceOf } from './audience.js';
import { defineRule } from './define.js';
import { ownContainers } from './own-containers.js';
import { containersOf } from './runner-facts.js';

/** The socket, or a folder of the host that holds it. */
const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;
const FOLDER = /^(?:(?:\/var)?\/run\/?|\/var\/?|\/)$/;

export default defineRule({
  id: 'docker-sock-mount',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'github-actions'],
  ...prose({
    title: "The host's docker socket mounted into jobs",
    why: 'Whoever may talk to the docker socket can start a container that mounts the root of the host, so every job on the runner is root there. A read-only mount changes nothing: it protects the file, not what is said through it.',
    remedy:
      'Keep such a runner for one trusted team or one job per machine, and declare that in .drydock.yml; or build with rootless BuildKit, which needs no daemon.',
    sources: [
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
      'https://docs.gitlab.com/runner/security/',
    ],
  }),
  fixable: false,

  *site({ site }) {
    const hosted = site.runsOn?.paired.how === 'hosted';
    const words = hosted ? 'the machine, which goes with the job' : 'its host, if others can run jobs here';
    for (const { name, mounts } of ownContainers(site)) {
      for (const { source, target, origin } of mounts) {
        if (source === undefined || !(SOCKET.test(source) || (FOLDER.test(source) && FOLDER.test(target))))
          continue;
        const trusted = hosted || site.runsOn?.paired.exposure !== undefined;
        yield {
          at: origin.place,
          message: `The docker socket is mounted into ${name}: root on ${words}.`,
          severity: trusted ? 'info' : 'warning',
        };
      }
    }
  },

  *runner({ paired }) {
    const { runner } = paired;
    const containers = containersOf(runner);
    if (!containers) return;
    const host = containers === 'docker' ? 'host' : 'node';
    const { severity, words } = audienceOf(paired);
    for (const { source, origin } of settled(runner.mounts) ?? []) {
      if (source === undefined || !(SOCKET.test(source) || FOLDER.test(source))) continue;
      // A node runs pods without docker, but whatever it runs them with listens below /run as well.
      const what =
        containers === 'docker' || SOCKET.test(source) ? 'the docker socket' : `the folder ${source}`;
      yield {
        at: origin.place,
        message: `Runner "${runner.name}" hands ${what} of its ${host} to every job: root on the ${host} ${words}.`,
        severity,
      };
    }
  },
});
