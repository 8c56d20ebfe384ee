/** Flags a runner that mounts a docker socket over the one of a dind service. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { socketMount } from '../trace/completion.js';
import { dockerImage } from '../trace/docker-image.js';
import { clientInstead, dindDies } from './bare-dind.js';
import { defineRule, type Report, type RunnerContext } from './define.js';
import { sighting } from './faults.js';

export default defineRule({
  id: 'socket-mount-and-dind',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: "The host's docker socket mounted into a dind service",
    why: 'Volumes of a runner are mounted into services as well as into jobs, and in Compose people do so themselves. dockerd cannot put its own socket where one is mounted and exits: "failed to load listeners: can\'t create unix socket /var/run/docker.sock: device or resource busy".',
    remedy:
      'Use the socket or dind, not both: one runner for each, or no dind where the socket is used. Since 23.0 docker:29 and docker:latest are dind as well: a client is docker:29-cli, or gets a command.',
    sources: ['https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-socket-binding'],
  }),
  fixable: true,
  needs: 'fault',

  *site(context) {
    const seen = sighting(context, 'socket-mount-and-dind');
    if (!seen) return;
    yield {
      at: seen.fault.place,
      message: `${dindDies(context.site)} at start in ${nameOf(context.site)}${seen.onRunner}: a socket of the host is mounted over its own${seen.ifCopy}.`,
      severity: seen.severity,
      confidence: seen.confidence,
      related: seen.related,
      fixes: () => clientInstead(context.site),
    };
  },

  runner: ownServices,
});

/** A runner that mounts the socket and starts a dind service itself contradicts itself, whatever the jobs are. */
function* ownServices({ paired }: RunnerContext): Iterable<Report> {
  const mount = socketMount(paired.runner.mounts);
  if (!mount || settled(paired.runner.executor) !== 'docker') return;
  for (const service of settled(paired.runner.services) ?? []) {
    const image = dockerImage(service.ref);
    if (!image || image.variant === 'cli' || image.variant === 'dind-rootless') continue;
    if (service.variables.get('DOCKER_HOST').state !== 'absent') continue;
    yield {
      at: mount.origin.place,
      message: `dind dies at start in every job of runner "${paired.runner.name}", which adds it: a socket of the host is mounted over its own.`,
      related: [{ message: 'The dind service.', place: service.origin.place }],
    };
  }
}
