/** Flags services of a job that its runner will not start, or not beside each other. */

import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { worded } from './faults.js';

export default [
  defineRule({
    id: 'service-port-conflict-k8s',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner', 'kubernetes'],
    ...prose({
      title: 'Two daemons on one port of a pod',
      why: 'On Kubernetes the services of a job share one network with it, so only one of them can have a port: the second dind says "bind: address already in use" and exits.',
      remedy: 'One dind service in a job.',
      sources: ['https://docs.gitlab.com/runner/executors/kubernetes/#using-dockerdind'],
    }),
    fixable: false,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'service-port-conflict-k8s',
        seen =>
          `A second dind service cannot start in ${nameOf(context.site)}${seen.onRunner}: the first one has its port in the pod.`,
      ),
  }),
  defineRule({
    id: 'services-limit',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner'],
    ...prose({
      title: 'More services than the runner allows',
      why: 'services_limit counts the services of the job and those that the runner adds. With more of them the job fails at once: "too many services requested: 3, only 2 allowed".',
      remedy: 'Raise services_limit, or leave services out.',
      sources: [
        'https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section',
      ],
    }),
    fixable: false,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'services-limit',
        seen =>
          `${titleOf(context.site)} has ${seen.related.length} services${seen.onRunner}, more than services_limit allows, so it is refused.`,
      ),
  }),
];
