/** Flags a runner whose executor has no section, while another executor's section is there. */
import type { RunnerFile } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { executorOf } from './toml-places.js';
import { CONFIG_DOCS } from './toml-words.js';

const DOCKER = ['docker', 'docker-windows', 'docker-autoscaler', 'docker+machine'];

export default defineRule({
  id: 'toml-executor-section-mismatch',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Section for an executor that the runner does not use',
    why: 'Each executor reads its own section. The docker executors fail every job without [runners.docker]: "missing docker configuration"; whatever stands in the section of another executor is ignored.',
    remedy: 'Write the settings into the section of the executor, or change the executor.',
    sources: [CONFIG_DOCS, 'https://docs.gitlab.com/runner/executors/'],
  }),
  fixable: false,

  *runnerFile({ file }) {
    // A line of a template may be the missing header.
    if (file.dialect !== 'gitlab-runner' || file.doubtful) return;
    for (const index of file.runners.keys()) yield* mismatch(file, index);
  },
});

function* mismatch(file: RunnerFile, index: number): Iterable<Report> {
  const executor = executorOf(file, index);
  const runner = file.runners[index];
  const own = executor === undefined ? undefined : sectionOf(executor);
  const other = own === 'docker' ? 'kubernetes' : 'docker';
  const foreign = runner?.setting(other);
  if (!runner || !own || !foreign || runner.setting(own)) return;
  const written = runner.setting('executor');
  const inChart = file.host === 'helm-values';
  yield {
    at: foreign.keyPlace,
    severity: own === 'docker' ? 'error' : 'warning',
    message: `Runner "${runner.name}" has the executor ${executor}${inChart && !written ? ', as the chart sets it,' : ''} and no [runners.${own}]: [runners.${other}] is ignored${own === 'docker' ? ', and every job fails' : ''}.`,
    related: written ? [{ place: written.place, message: 'The executor.' }] : [],
  };
}

function sectionOf(executor: string): 'docker' | 'kubernetes' | undefined {
  if (DOCKER.includes(executor)) return 'docker';
  return executor === 'kubernetes' ? 'kubernetes' : undefined;
}
