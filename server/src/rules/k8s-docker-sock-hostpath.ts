/** Flags pods that mount the docker socket of their node. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { clientContainer } from './containers.js';
import { defineRule } from './define.js';
import { containersOf } from './runner-facts.js';

const SOCKET = /^(?:\/var)?\/run\/docker\.sock$/;

const SINCE =
  'which nodes have only where Docker is installed: they run containerd or CRI-O since Kubernetes 1.24.';

export default defineRule({
  id: 'k8s-docker-sock-hostpath',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'kubernetes'],
  ...prose({
    title: 'The docker socket of a Kubernetes node',
    why: 'Since Kubernetes 1.24 nodes run containerd or CRI-O, which have no docker socket. The job then finds an empty folder in its place: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock".',
    remedy:
      'Build with rootless BuildKit, or with a dind service and an empty_dir volume for its certificates.',
    sources: [
      'https://kubernetes.io/blog/2022/02/17/dockershim-faq/',
      'https://docs.gitlab.com/runner/executors/kubernetes/#exposed-varrundockersock',
    ],
  }),
  fixable: false,
  *site(context) {
    const self = clientContainer(context);
    for (const { source, origin } of self ? socketMounts(self.container) : []) {
      if (!SOCKET.test(source)) continue;
      yield {
        at: origin.place,
        message: `${titleOf(context.site)} mounts ${source}, ${SINCE}`,
        confidence: 'medium',
      };
    }
  },
  *runner({ paired: { runner } }) {
    if (containersOf(runner) !== 'kubernetes') return;
    for (const { source, origin } of settled(runner.mounts) ?? []) {
      if (!SOCKET.test(source ?? '')) continue;
      yield {
        at: origin.place,
        message: `Runner "${runner.name}" mounts ${source}, ${SINCE}`,
        confidence: 'medium',
      };
    }
  },
});
