/** Flags jobs that call docker where neither they nor their runner bring a daemon. */
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { worded } from './faults.js';

export default defineRule({
  id: 'no-daemon-at-all',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'docker without a daemon',
    why: 'The docker image holds the client. A job needs a daemon besides: a dind service, or a socket that the runner mounts. Without either the client looks for a host called docker: "lookup docker on …: no such host", or "Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?".',
    remedy:
      'Add the dind service to the job (services: [docker:29.7.2-dind]), or let a runner take it that mounts the socket of its host, with DOCKER_HOST: unix:///var/run/docker.sock.',
    sources: [
      'https://docs.gitlab.com/ci/docker/using_docker_build/',
      'https://docs.gitlab.com/ci/docker/docker_in_docker/',
    ],
  }),
  fixable: false,
  needs: 'trace',
  *site(context) {
    // A job that only tries whether there is a daemon may do well without one.
    if (!context.paired.some(({ verdict }) => verdict === 'fails')) return;
    yield* worded(
      context,
      'no-daemon-at-all',
      seen =>
        `${titleOf(context.site)} calls docker and has no daemon${seen.onRunner}: no dind service, and no socket.`,
    );
  },
});
