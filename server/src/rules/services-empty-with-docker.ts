/** Flags jobs that take their services away and dial one of them. */

import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { dialled, worded } from './faults.js';

export default defineRule({
  id: 'services-empty-with-docker',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Services taken away from a job that dials one',
    why: 'services: [] takes away the services that a job would get from default or from what it extends, the dind service among them, while DOCKER_HOST still names it: "dial tcp: lookup docker: no such host".',
    remedy:
      'Leave services out of the job, or let it use the socket of the host: DOCKER_HOST: unix:///var/run/docker.sock on a runner that mounts it.',
    sources: ['https://docs.gitlab.com/ci/yaml/#services'],
  }),
  fixable: false,
  needs: 'fault',
  site: context =>
    worded(
      context,
      'services-empty-with-docker',
      seen =>
        `${titleOf(context.site)} dials ${dialled(seen, context)}${seen.onRunner}, but its list of services is empty.`,
    ),
});
