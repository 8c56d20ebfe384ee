/** Flags containers of a pod that run docker and are not pointed to the dind beside them. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { worded } from './faults.js';
import { pointAtDaemon } from './switch-containers.js';

export default defineRule({
  id: 'jenkins-k8s-pod-dind',
  severity: 'error',
  profile: 'default',
  dialects: ['kubernetes'],
  ...prose({
    title: 'docker in a pod that is not pointed to its dind',
    why: 'The containers of a pod share their network, not their files. Without DOCKER_HOST docker looks for /var/run/docker.sock in its own container, where nobody puts one: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock". What is run in a container later, as Jenkins does, finds nothing of what the entrypoint of its image sets.',
    remedy:
      'Set DOCKER_HOST to tcp://localhost:2376 with the certificates on a shared volume, or to tcp://localhost:2375 where TLS is off; or put the socket on a volume that both mount.',
    sources: [
      'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
      'https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh',
    ],
  }),
  fixable: true,
  needs: 'fault',

  site: context =>
    worded(
      context,
      'jenkins-k8s-pod-dind',
      seen =>
        `${titleOf(context.site)} runs docker without DOCKER_HOST, and nothing puts the socket of the dind beside it into it${seen.ifCopy}.`,
      (_, view) => pointAtDaemon(context.site, view),
    ),
});
