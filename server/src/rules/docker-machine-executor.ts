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
    why: 'Docker stopped work on docker-machine in 2021; GitLab keeps a fork for fixes only, and will remove the executor.',
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
