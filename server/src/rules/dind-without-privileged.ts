/** Flags a dind service on a runner that does not run it privileged. */

import type { Runner } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dindServices, dockerImage } from '../trace/docker-image.js';
import { textOf } from '../trace/runner-facts.js';
import type { Fault, Trace } from '../trace/types.js';
import { clientInstead, dindDies } from './bare-dind.js';
import { defineRule, type SiteContext } from './define.js';
import { mild, type Sighting, sighting } from './faults.js';

export default defineRule({
  id: 'dind-without-privileged',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'dind service without privileges',
    why: 'dockerd needs mounts, cgroups and netfilter, which an unprivileged container may not touch. The service dies at start ("mount: permission denied (are you root?)"), and its client later says "lookup docker: no such host" or "Cannot connect to the Docker daemon".',
    remedy:
      'Run services privileged on a runner of trusted people (services_privileged = true with allowed_privileged_services; on Kubernetes privileged = true in [runners.kubernetes.service_container_security_context]; in a workflow options: --privileged), in Compose that one service (privileged: true); use a runtime such as Sysbox, or build without a daemon.',
    sources: [
      'https://docs.gitlab.com/runner/executors/docker/#use-docker-in-docker-with-privileged-mode',
      'https://docs.gitlab.com/runner/executors/kubernetes/#using-docker-in-builds',
      'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
    ],
  }),
  fixable: true,
  needs: 'fault',

  *site(context) {
    const seen = sighting(context, 'dind-without-privileged');
    if (!seen) return;
    yield {
      at: seen.fault.place,
      message: `${dindDies(context.site)} at start in ${nameOf(context.site)}${seen.onRunner}: it does not run privileged${seen.ifCopy}.`,
      // Docker that goes to the daemon of a hosted machine does not mind.
      severity: seen.trace.daemon.kind === 'hosted' ? mild(seen).severity : seen.severity,
      confidence: seen.confidence,
      related: seen.related,
      fixes: () => [...clientInstead(context.site), ...allowPrivileged(context, seen)],
    };
  },
});

/**
 * Runs services privileged on the one runner that the job may run on; nothing where the daemon would die of something
 * else all the same. Privilege of a service by itself is for people to give.
 */
export function allowPrivileged(context: SiteContext, { fault, trace }: Sighting): readonly FixPlan[] {
  if (context.site.self) return ownPrivilege(context, fault, trace);
  if (dindServices(context.site).some(({ container }) => container)) return [];
  const [paired] = context.runners;
  if (!paired || context.runners.length !== 1 || paired.how === 'hosted') return [];
  const { runner } = paired;
  const doomed = trace.faults.some(
    one => one.certain && one.id !== fault.id && (one.endsDaemon || one.beforeScript),
  );
  if (doomed || forbidsEscalation(runner)) return [];
  const host = settled(runner.executor) === 'kubernetes' ? 'its node' : 'its host';
  return [
    {
      title: `Run services of runner "${runner.name}" privileged (whoever runs jobs there becomes root on ${host})`,
      safety: 'unsafe',
      intents: [{ kind: 'set-runner-key', runner: runner.place, key: 'services_privileged', value: true }],
    },
  ];
}

/** A container says itself that it is privileged. One that runs as another user than root is not helped by that. */
function ownPrivilege({ site }: SiteContext, fault: Fault, trace: Trace): readonly FixPlan[] {
  const doomed = trace.faults.some(one => one.certain && one.id !== fault.id && one.endsDaemon);
  const container = site.self?.container;
  const rootless = site.self && dockerImage(site.self.ref)?.variant === 'dind-rootless';
  const user = container?.user ?? { state: 'absent' };
  const isRoot = user.state === 'absent' || /^(?:0|root)(?::|$)/.test(settled(user) ?? '');
  if (doomed || !(isRoot || rootless)) return [];
  const what = container && container.name !== site.name ? `"${container.name}"` : nameOf(site);
  return [
    {
      title: `Run ${what} privileged (whoever reaches its daemon becomes root on the host)`,
      safety: 'unsafe',
      intents: [
        { kind: 'set-runner-key', runner: container?.place ?? site.place, key: 'privileged', value: true },
      ],
    },
  ];
}

const ESCALATION = 'allow_privilege_escalation';

/** Kubernetes refuses a pod that has a container with privilege and without this. Source: its ValidateSecurityContext. */
function forbidsEscalation(runner: Runner): boolean {
  const own = `kubernetes.service_container_security_context.${ESCALATION}`;
  const path = runner.setting(own) ? own : `kubernetes.${ESCALATION}`;
  return runner.setting(path) !== undefined && textOf(runner, path) !== 'true';
}
