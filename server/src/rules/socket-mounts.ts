/** Flags mounts of sockets that do not do what they were written for. */

import type { Mount } from '../model/build-site.js';
import { type Known, type Place, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import { defineRule } from './define.js';
import { ownContainers } from './own-containers.js';
import { containersOf } from './runner-facts.js';

const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;

export default [
  defineRule({
    id: 'docker-sock-read-only-myth',
    severity: 'info',
    profile: 'default',
    dialects: ['gitlab-runner', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'A docker socket mounted read-only',
      why: 'A read-only mount keeps the socket from being deleted or replaced. Requests still go through it: connecting to a socket and writing to it is no write to the file system.',
      remedy:
        'Do not rely on it. Where a client only reads from the daemon, put a socket proxy in between that lets nothing else through.',
      sources: ['https://docs.docker.com/engine/security/#docker-daemon-attack-surface'],
    }),
    fixable: false,
    *site({ site }) {
      const self = site.self && !isSocketProxy(site.self.ref) ? socketMounts(site.self.container) : [];
      const jobs = ownContainers(site).flatMap(({ name, mounts }) =>
        mounts.flatMap(mount => (SOCKET.test(mount.source ?? '') ? { ...mount, name } : [])),
      );
      const own = self.map(mount => ({ ...mount, name: nameOf(site) }));
      for (const { mode, origin, taken, name } of [...jobs, ...own]) {
        if (taken || !mode.split(',').includes('ro')) continue;
        yield {
          at: lastOf(origin.place, ':ro'),
          message: `Read-only changes nothing for a socket: ${name} still tells the daemon to do anything.`,
        };
      }
    },
    *runner({ paired: { runner } }) {
      if (!containersOf(runner)) return;
      for (const { source, mode, origin } of mountsOf(runner.mounts)) {
        if (!SOCKET.test(source ?? '') || !mode.split(',').includes('ro')) continue;
        yield {
          at: lastOf(origin.place, ':ro'),
          message: `Read-only changes nothing for a socket: jobs of runner "${runner.name}" still tell the daemon to do anything.`,
        };
      }
    },
  }),
  defineRule({
    id: 'docker-sock-one-sided-volume',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-runner'],
    ...prose({
      title: 'A volume in the place of the docker socket',
      why: 'An entry of volumes without a colon is no mount of that path of the host, but a new volume of that name. Jobs find an empty folder where the socket should be: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock", and a dind service cannot put its own socket there.',
      remedy:
        'Write both sides to hand the socket of the host to jobs, "/var/run/docker.sock:/var/run/docker.sock", which makes them root there; or leave the entry out.',
      sources: [
        'https://docs.gitlab.com/runner/configuration/advanced-configuration/#volumes-in-the-runnersdocker-section',
      ],
    }),
    fixable: false,
    *runner({ paired: { runner } }) {
      if (containersOf(runner) !== 'docker') return;
      for (const { source, target, origin } of mountsOf(runner.mounts)) {
        if (source !== undefined || !SOCKET.test(target)) continue;
        yield {
          at: origin.place,
          message: `"${target}" without a colon is an empty folder in the jobs of runner "${runner.name}", not the socket of the host.`,
        };
      }
    },
  }),
];

function mountsOf(mounts: Known<readonly Mount[]>): readonly Mount[] {
  return settled(mounts) ?? [];
}

/** The last `text` within a place, or the whole place where it does not stand there so. */
function lastOf(place: Place, text: string): Place {
  const found = place.block.text.slice(place.start, place.end).lastIndexOf(text);
  if (found < 0) return place;
  const start = place.start + found + 1;
  return { ...place, start, end: start + text.length - 1 };
}
