/** Flags a dind service that does not take over the DNS servers which its runner names. */

import type { Runner, Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { onRunners } from './faults.js';
import { usersOfService, whom } from './reach.js';
import { containersOf, flagOf, wordsOf } from './runner-facts.js';

export default defineRule({
  id: 'dind-dns-per-build-network',
  severity: 'info',
  profile: 'strict',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  ...prose({
    title: 'dind without the DNS servers of its runner',
    why: 'In a network of its own a container gets docker\'s resolver, 127.0.0.11, which holds only inside of it. dockerd leaves such addresses out when it starts containers, so builds in dind do not ask the servers that the runner names: "Could not resolve host".',
    remedy:
      'Name the servers to the service, as in command: ["--dns=127.0.0.11", "--dns=10.0.0.53"] for dns = ["10.0.0.53"].',
    sources: ['https://docs.gitlab.com/runner/executors/docker/#create-a-network-for-each-job'],
  }),
  fixable: true,
  needs: 'trace',
  *site(context) {
    const dind = dindServices(context.site).find(service => !namesDns(service));
    if (!dind) return;
    const weight = onRunners(context, runner => dnsOf(runner) !== undefined);
    const [dns] = context.runners.flatMap(({ runner }) => dnsOf(runner) ?? []);
    if (!weight || !dns) return;
    yield {
      at: dind.origin.place,
      message: `Builds in the dind of ${nameOf(context.site)} do not ask ${dns.text}${weight.onRunner}: dind has no --dns.`,
      confidence: weight.confidence,
      fixes: view => [nameDns(dind, dns.text, view)],
      related: [{ place: dns.place, message: 'The DNS server of the runner.' }],
    };
  },
});

function namesDns(service: Service): boolean {
  if (service.command.state === 'unknown' || service.entrypoint.state !== 'absent') return true;
  return (settled(service.command) ?? []).some(word => word.startsWith('--dns'));
}

function nameDns(dind: Service, server: string, view: FixView): FixPlan {
  const { origin, command } = dind;
  const flags = ['--dns=127.0.0.11', `--dns=${server}`];
  return {
    title: `Start dind with ${flags.join(' ')}${whom(origin, usersOfService(view, origin.place))}`,
    safety: 'unsafe',
    intents: [
      {
        kind: 'set-service-key',
        service: origin.place,
        key: 'command',
        value: [...(settled(command) ?? []), ...flags],
      },
    ],
  };
}

/** The first DNS server of a runner that makes a network for each job. */
function dnsOf(runner: Runner) {
  const perJob =
    flagOf(runner, 'FF_NETWORK_PER_BUILD').state === 'on' && !runner.setting('docker.network_mode');
  return containersOf(runner) === 'docker' && perJob ? wordsOf(runner, 'docker.dns')[0] : undefined;
}
