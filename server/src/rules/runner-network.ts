/** Flags network keys of a runner that have no effect, or take the effect from another. */

import type { FixPlan } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { jobsOwnNetwork } from './network-flag-of-job.js';
import { containersOf, flagOf, isTrue, scalarOf } from './runner-facts.js';

const FLAG = 'FF_NETWORK_PER_BUILD';
const DOCS = 'https://docs.gitlab.com/runner/executors/docker/';

export default [
  defineRule({
    id: 'network-mode-with-ff',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-ci', 'gitlab-runner'],
    ...prose({
      title: `${FLAG} that network_mode overrides`,
      why: 'Where network_mode is set, the runner puts job and services into that network and makes none for the job, whatever FF_NETWORK_PER_BUILD says.',
      remedy: 'Take network_mode away, or the flag.',
      sources: [
        `${DOCS}#create-a-network-for-each-job`,
        'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/executors/docker/internal/networks/manager.go',
      ],
    }),
    fixable: true,
    site: jobsOwnNetwork,
    *runner({ paired: { runner } }) {
      const mode = scalarOf(runner, 'docker.network_mode');
      const flag = flagOf(runner, FLAG);
      if (containersOf(runner) !== 'docker' || !mode?.text || flag.state !== 'on') return;
      yield {
        at: mode.setting.place,
        message: `network_mode = "${mode.text}" overrides ${FLAG} on runner "${runner.name}": jobs get no network of their own.`,
        related: flag.place ? [{ place: flag.place, message: 'The flag is set here.' }] : [],
        fixes: () => [
          {
            title: `Take network_mode away (jobs leave the network "${mode.text}")`,
            safety: 'unsafe',
            intents: [{ kind: 'remove-entry', entry: mode.setting.entry }],
          },
        ],
      };
    },
  }),
  defineRule({
    id: 'network-mtu-without-ff',
    severity: 'warning',
    profile: 'default',
    dialects: ['gitlab-runner'],
    ...prose({
      title: `network_mtu or enable_ipv6 without ${FLAG}`,
      why: 'network_mtu and enable_ipv6 are settings of the network that the runner makes for each job, and it makes one only with FF_NETWORK_PER_BUILD. Neither reaches the network inside of dind.',
      remedy:
        'Set FF_NETWORK_PER_BUILD = true in [runners.feature_flags]. For containers inside of dind, give the service command: ["--mtu=1450"].',
      sources: [`${DOCS}#overriding-the-mtu-of-the-created-network`],
    }),
    fixable: true,
    *runnerFile({ file }) {
      for (const runner of file.doubtful ? [] : file.runners) {
        const { state, place } = flagOf(runner, FLAG);
        if (containersOf(runner) !== 'docker' || (state !== 'off' && state !== 'unset')) continue;
        const mtu = scalarOf(runner, 'docker.network_mtu');
        const ipv6 = isTrue(runner, 'docker.enable_ipv6')
          ? scalarOf(runner, 'docker.enable_ipv6')
          : undefined;
        for (const { text, setting } of [mtu && Number(mtu.text) > 0 ? mtu : undefined, ipv6].flatMap(
          one => one ?? [],
        )) {
          yield {
            at: setting.place,
            message: `${setting.key} = ${text} does nothing on runner "${runner.name}" without ${FLAG}.`,
            // A job may set the flag for itself.
            confidence: state === 'off' ? 'high' : 'medium',
            fixes: () => (state === 'off' && place ? [turnOn(place)] : []),
          };
        }
      }
    },
  }),
];

function turnOn(at: Place): FixPlan {
  return {
    title: `Turn ${FLAG} on (each job gets a network of its own)`,
    safety: 'unsafe',
    intents: [{ kind: 'set-value', at, value: true }],
  };
}
