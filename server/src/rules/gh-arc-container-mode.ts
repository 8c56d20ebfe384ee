/** Flags values of GitHub's runner scale sets whose mode and docker do not go together. */

import type { RunnerFile, Setting } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';

export default defineRule({
  id: 'gh-arc-container-mode',
  severity: 'error',
  profile: 'default',
  dialects: ['helm-values'],
  ...prose({
    title: 'Docker that the mode of a runner scale set does not have',
    why: 'In the mode dind the chart adds a dockerd that listens on a unix socket only, so nothing answers to a DOCKER_HOST with tcp://; a container "dind" of the template is left out, with its image, flags and variables. In the mode kubernetes the steps of a job run in a pod of their own, and a daemon beside the runner is not in it: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock".',
    remedy:
      'Leave DOCKER_HOST to the mode dind; for a dind of your own leave containerMode out, and write the whole pod. In the mode kubernetes build with rootless BuildKit or Buildah in the container of the job, or take the mode dind.',
    sources: [
      'https://github.com/actions/actions-runner-controller/blob/master/charts/gha-runner-scale-set/templates/_helpers.tpl',
      'https://docs.github.com/en/actions/hosting-your-own-runners/managing-self-hosted-runners-with-actions-runner-controller/deploying-runner-scale-sets-with-actions-runner-controller',
    ],
  }),
  fixable: false,

  *runnerFile({ file }) {
    if (file.dialect !== 'helm-values') return;
    for (const mode of settingsOf(file, 'containerMode.type')) {
      if (mode.value.kind !== 'string' || mode.value.templated) continue;
      const own = file.settings.filter(one => one.section === 'arc' && one.runner === mode.runner);
      if (mode.value.text === 'dind') yield* inDind(mode, own);
      else if (/^kubernetes(?:-novolume)?$/.test(mode.value.text)) yield* inKubernetes(mode, own);
    }
  },
});

function settingsOf(file: RunnerFile, key: string): readonly Setting[] {
  return file.settings.filter(one => one.section === 'arc' && one.key === key);
}

/** A daemon of one's own may listen there, unless the chart leaves it out. */
function* inDind(mode: Setting, own: readonly Setting[]): Iterable<Report> {
  const related = [{ place: mode.place, message: 'The mode.' }];
  const replaced = own.find(({ key }) => key === 'dind.replaced');
  if (replaced)
    yield {
      at: replaced.place,
      message: 'The mode dind leaves the container "dind" of the template out, and runs one of its own.',
      severity: 'warning',
      related,
    };
  const host = own.find(({ key }) => key === 'env.DOCKER_HOST');
  if (host?.value.kind !== 'string' || host.value.templated || own.some(({ key }) => key === 'dind')) return;
  if (!/^tcp:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?\/?$/.test(host.value.text)) return;
  yield {
    at: host.place,
    message: `The runner dials ${host.value.text}, and the dind of this mode listens on unix:///var/run/docker.sock only.`,
    related,
  };
}

/** Where a job needs no container, its steps run beside the daemon. */
function* inKubernetes(mode: Setting, own: readonly Setting[]): Iterable<Report> {
  if (own.some(({ key }) => key === 'env.ACTIONS_RUNNER_REQUIRE_JOB_CONTAINER')) return;
  const dind = own.find(({ key }) => key === 'dind' || key === 'dind.replaced');
  const host = own.find(({ key }) => key === 'env.DOCKER_HOST');
  const found = dind ?? host;
  if (!found) return;
  const what = dind ? 'a dind beside the runner' : 'DOCKER_HOST of the runner';
  yield {
    at: found.place,
    message: `In the mode kubernetes the steps of a job run in a pod of their own, where ${what} is not.`,
    severity: 'warning',
    related: [{ place: mode.place, message: 'The mode.' }],
  };
}
