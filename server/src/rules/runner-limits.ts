/** Flags limits of a runner that do not hold for the dind service beside the job. */

import type { Runner } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { containersOf, type Scalar, scalarOf } from './runner-facts.js';
import { servesDind } from './serves-dind.js';

export default defineRule({
  id: 'cgroup-limits-not-applied',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'Limits that do not hold for dind',
    why: 'memory and cpus limit the container of the job. What docker builds and runs there are children of the dind service, which has keys of its own.',
    remedy: 'Set service_memory and service_cpus as well.',
    sources: [
      'https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section',
    ],
  }),
  fixable: true,
  *runnerFile({ file }) {
    for (const runner of file.doubtful ? [] : file.runners) {
      if (containersOf(runner) !== 'docker' || !servesDind(runner)) continue;
      for (const { text, setting } of unmatchedLimits(runner)) {
        const key = `service_${setting.key}`;
        yield {
          at: setting.place,
          message: `${setting.key} = "${text}" of runner "${runner.name}" does not limit dind, nor what is built in it: ${key} does.`,
          fixes: () => [
            {
              title: `Set ${key} = "${text}" (builds that need more stop working)`,
              safety: 'unsafe',
              intents: [{ kind: 'set-runner-key', runner: runner.place, key, value: text }],
            },
          ],
        };
      }
    }
  },
});

function unmatchedLimits(runner: Runner): readonly Scalar[] {
  return ['memory', 'cpus'].flatMap(key => {
    const limit = scalarOf(runner, `docker.${key}`);
    return limit?.kind === 'string' && limit.text && !runner.setting(`docker.service_${key}`) ? [limit] : [];
  });
}
