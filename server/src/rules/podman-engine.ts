/** Flags what goes wrong with Podman in the place of docker on a runner. */

import type { FixPlan } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { audienceOf } from './audience.js';
import { defineRule, type SiteContext } from './define.js';
import { onRunners } from './faults.js';
import { containersOf, flagOf, podmanEngine, scalarOf } from './runner-facts.js';

const PODMAN = /^(?:\/var)?\/run\/(?:user\/\d+\/)?podman(?:\/podman\.sock|\/?)$/;
const PODMAN_DOCS = 'https://docs.gitlab.com/runner/executors/docker/#use-podman-to-run-docker-commands';
const FLAG = 'FF_NETWORK_PER_BUILD';

export default [
  defineRule({
    id: 'podman-socket-mount',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-runner'],
    ...prose({
      title: "The host's Podman socket mounted into jobs",
      why: 'Through the socket of Podman a job starts containers as the user who runs it, mounts what that user may read, among it the files of the runner, and reaches the containers of other jobs. GitLab warns against it.',
      remedy:
        'Give the socket to the runner only: host = "unix:///run/user/<uid>/podman/podman.sock" in [runners.docker], and no entry in volumes. Jobs build with podman or buildah in their own containers.',
      sources: [PODMAN_DOCS],
    }),
    fixable: false,
    *runner({ paired }) {
      const { runner } = paired;
      if (containersOf(runner) !== 'docker') return;
      const { severity, words } = audienceOf(paired);
      for (const { source, origin } of settled(runner.mounts) ?? []) {
        if (!PODMAN.test(source ?? '')) continue;
        const account = /\/user\/\d+\//.test(source ?? '') ? 'the account of its user' : 'root';
        yield {
          at: origin.place,
          message: `Runner "${runner.name}" hands the Podman socket of its host to every job: ${account} on the host ${words}.`,
          severity,
        };
      }
    },
  }),
  defineRule({
    id: 'podman-without-network-per-build',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner'],
    ...prose({
      title: 'Services on Podman without a network for each job',
      why: 'Without FF_NETWORK_PER_BUILD the runner makes services known to the job by links, or by their addresses on the default bridge. Podman has neither links nor, without root, such addresses: "could not resolve host" or "lookup docker: no such host".',
      remedy: 'Set FF_NETWORK_PER_BUILD = true in [runners.feature_flags].',
      sources: [PODMAN_DOCS],
    }),
    fixable: true,
    *site(context) {
      const { site } = context;
      const [service] = settled(site.services) ?? [];
      if (!service || site.env.get(FLAG).state !== 'absent') return;
      const weight = onRunners(
        context,
        runner =>
          containersOf(runner) === 'docker' && podmanEngine(runner) && isOff(flagOf(runner, FLAG).state),
      );
      if (!weight) return;
      const host = context.runners.flatMap(({ runner }) => scalarOf(runner, 'docker.host') ?? [])[0];
      yield {
        at: service.origin.place,
        message: `${titleOf(site)} does not find its services by name${weight.onRunner}: with Podman that takes ${FLAG}.`,
        // Since 18.7 the runner names services in another way, which has not been seen to work with Podman.
        confidence: 'medium',
        fixes: () => turnOn(context),
        related: host ? [{ place: host.setting.place, message: 'The engine is Podman.' }] : [],
      };
    },
  }),
];

function isOff(state: ReturnType<typeof flagOf>['state']): boolean {
  return state === 'off' || state === 'unset';
}

/** Only where the runner's file says no; to say yes it would need a table of its own. */
function turnOn({ runners }: SiteContext): readonly FixPlan[] {
  const [paired, more] = runners;
  const flag = paired && !more ? flagOf(paired.runner, FLAG) : undefined;
  if (flag?.state !== 'off' || !flag.place) return [];
  return [
    {
      title: `Turn ${FLAG} on (each job gets a network of its own)`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'set-value', at: flag.place, value: true }],
    },
  ];
}
