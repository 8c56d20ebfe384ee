/** Flags the executor that docker-machine serves. */
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';

export default defineRule({
  id: 'docker-machine-executor',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'Deprecated executor docker+machine',
    why: 'Docker has given docker-machine up. GitLab keeps a fork with critical fixes only; the executor is deprecated since 17.5 and is to go in GitLab 20.0 (May 2027).',
    remedy: 'Move to docker-autoscaler, which starts machines through a plugin of the cloud.',
    sources: [
      'https://docs.gitlab.com/runner/executors/docker_autoscaler/',
      'https://docs.gitlab.com/runner/executors/docker_machine/',
    ],
  }),
  fixable: false,

  *runnerFile({ file }) {
    for (const runner of file.runners) {
      const executor = runner.setting('executor');
      if (executor?.value.kind !== 'string' || executor.value.text !== 'docker+machine') continue;
      yield {
        at: executor.place,
        message: `Runner "${runner.name}" uses docker+machine, which is deprecated; docker-autoscaler takes its place.`,
      };
    }
  },
});
