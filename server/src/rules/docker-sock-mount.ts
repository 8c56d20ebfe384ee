/** Flags runners and containers that hand out the docker socket of their host. */

import type { BuildSite } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { HOLE } from '../model/text.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import { audienceOf } from './audience.js';
import { clientContainer, otherDaemon } from './containers.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { ownContainers } from './own-containers.js';
import { registrations } from './registrations.js';
import { containersOf } from './runner-facts.js';

/** The socket, or a folder of the host that holds it. */
const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;
const FOLDER = /^(?:(?:\/var)?\/run\/?|\/var\/?|\/)$/;

export default defineRule({
  id: 'docker-sock-mount',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: "The host's docker socket mounted into containers",
    why: 'Whoever may talk to the docker socket can start a container that mounts the root of the host, so whoever gets into the container, and every job on a runner, is root there. A read-only mount changes nothing: it protects the file, not what is said through it.',
    remedy:
      'Keep such a runner for one trusted team or one job per machine, and declare that in .drydock.yml. Put a socket proxy in front of what only reads, as dashboards and reverse proxies do; and build with rootless BuildKit, which needs no daemon.',
    sources: [
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
      'https://docs.gitlab.com/runner/security/',
    ],
  }),
  fixable: false,

  *site(context) {
    const { site } = context;
    for (const { value, place } of registrations(site).flatMap(({ flags }) => flags)) {
      if (!SOCKET.test(value.split(':')[0] ?? '')) continue;
      yield {
        at: place,
        message: `${titleOf(site)} registers a runner that hands the docker socket of its host to every job: root on the host, if others can run jobs there.`,
      };
    }
    yield* ofJob(site);
    yield* ofContainer(context);
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

/** The containers of a job whose file says what each mounts. */
function* ofJob(site: BuildSite): Iterable<Report> {
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
}

/** A site that is a container itself. */
function* ofContainer(context: SiteContext): Iterable<Report> {
  const { site } = context;
  // A proxy is there to keep it from others. What a client does not use is told in other words.
  if (!site.self || isSocketProxy(site.self.ref) || (clientContainer(context) && otherDaemon(site))) return;
  for (const { source, origin, taken } of socketMounts(site.self.container)) {
    if (taken) continue;
    // That of a user's own daemon makes nobody root.
    if (/\/run\/user\//.test(source) || /podman/.test(source)) continue;
    const what = FOLDER.test(source) ? `the folder ${source} with the docker socket` : 'the docker socket';
    yield {
      at: origin.place,
      message: `${titleOf(site)} has ${what} of its host: whoever gets into it is root there.`,
      confidence: source.includes(HOLE) ? 'medium' : 'high',
    };
  }
}
