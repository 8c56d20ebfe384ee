/** Flags runners that are privileged for people who should not be root on their host. */

import type { FixPlan } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { audienceOf } from './audience.js';
import { defineRule } from './define.js';
import { privilegeOf } from './privilege.js';
import { registrations } from './registrations.js';

export default [
  defineRule({
    id: 'privileged-shared-runner',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-runner', 'shell'],
    ...prose({
      title: 'Runner whose jobs can be root on its host',
      why: 'A privileged container has all capabilities of the host and sees its devices: a job mounts the disk of the host and reads or changes whatever lies there, among it the secrets of other jobs. With services_privileged alone, a job names any image as a service and does the same from there.',
      remedy:
        'Give each job a machine of its own, or keep the runner for protected branches of one team, and declare that in .drydock.yml (exposure). allowed_privileged_services narrows down what may be privileged; rootless BuildKit builds without privilege.',
      sources: [
        'https://docs.gitlab.com/runner/security/#reduce-the-security-risk-of-using-privileged-containers',
        'https://docs.gitlab.com/runner/executors/docker/#privileged-mode',
      ],
    }),
    fixable: false,
    *site({ site }) {
      for (const { name, value, flag } of registrations(site).flatMap(({ flags }) => flags)) {
        if (!/^--(?:docker|kubernetes)-privileged$/.test(name) || value === 'false') continue;
        yield {
          at: flag,
          message: `${titleOf(site)} registers a runner that runs jobs privileged: root on its host, if others can run jobs there.`,
        };
      }
    },
    *runner(context) {
      const at = privilegeOf(context, 'shared');
      if (!at) return;
      const { name } = context.paired.runner;
      const { severity, words } = audienceOf(context.paired);
      yield {
        at: at.place,
        message: `Runner "${name}" runs ${at.what} privileged: root on ${at.host} ${words}.`,
        severity,
      };
    },
  }),
  defineRule({
    id: 'privileged-too-wide',
    severity: 'warning',
    profile: 'strict',
    dialects: ['gitlab-runner'],
    ...prose({
      title: 'Privileged jobs where only dind needs privilege',
      why: 'privileged = true holds for the job as well as for its services. dind needs it for the service only; the job that talks to it does not.',
      remedy:
        'Set privileged = false and services_privileged = true, and name what may be privileged in allowed_privileged_services, as in ["docker.io/library/docker:*-dind*", "docker:*-dind*"].',
      sources: [
        'https://docs.gitlab.com/runner/executors/docker/#use-rootless-docker-in-docker-with-restricted-privileged-mode',
      ],
    }),
    fixable: true,
    *runner(context) {
      const at = privilegeOf(context, 'too-wide');
      if (!at) return;
      const { runner } = context.paired;
      const { severity, words } = audienceOf(context.paired);
      yield {
        at: at.place,
        message: `Runner "${runner.name}" runs its jobs privileged, where only dind needs it: root on the host ${words}.`,
        severity,
        fixes: () =>
          unprivileged(at.place, 'Run only services privileged', [
            { kind: 'set-runner-key', runner: runner.place, key: 'services_privileged', value: true },
          ]),
      };
    },
  }),
];

const STOPS = '(jobs that mount or use devices themselves stop working)';

/** The fix that takes privilege from a runner. */
export function unprivileged(at: Place, title: string, more: readonly Intent[] = []): readonly FixPlan[] {
  return [
    {
      title: `${title} ${STOPS}`,
      safety: 'unsafe',
      intents: [{ kind: 'set-value', at, value: false }, ...more],
    },
  ];
}
