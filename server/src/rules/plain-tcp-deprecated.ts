/** Flags a dind daemon that listens on TCP without TLS. */

import type { FixPlan } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import type { Listener } from '../trace/entrypoints.js';
import { defineRule, type SiteContext } from './define.js';
import { switchContainers } from './switch-containers.js';
import { switchToTls } from './switch-to-tls.js';

export default defineRule({
  id: 'plain-tcp-deprecated',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
  ...prose({
    title: 'dind daemon on TCP without TLS',
    why: 'Whoever reaches the port of a plain daemon is root in its privileged container; of a rootless one they have all that its user may do. Docker has deprecated unauthenticated TCP since 26.0, waits 16 seconds at every start to say so, and announces that a future version will not start at all.',
    remedy:
      'Give DOCKER_TLS_CERTDIR a folder, so that the daemon listens on 2376 with TLS, and share /certs/client with the client; or use a unix socket on a shared volume.',
    sources: [
      'https://docs.docker.com/engine/deprecated/#unauthenticated-tcp-connections',
      'https://docs.gitlab.com/ci/docker/docker_in_docker/',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const trace = [...context.paired, ...context.blind].find(({ beside }) => beside.length > 0);
    const daemon = trace?.beside.find(({ listens }) => listens.some(isPlain));
    if (!trace || !daemon) return;
    // A client on a unix socket, or one of a daemon elsewhere, does not need the open port.
    const host = settled(context.site.env.get('DOCKER_HOST'))?.text ?? '';
    if (/^(?:unix|ssh|npipe):/.test(host) || trace.daemon.kind === 'remote') return;
    // A client that dials 2376 is meant to use TLS; that the daemon does not is said by another rule.
    if (trace.faults.some(({ id }) => id === 'tls-port-mismatch-2376')) return;
    const { service } = daemon;
    const rootless = dockerImage(service.ref)?.variant === 'dind-rootless';
    const who = rootless ? 'whoever connects may do all that its user may' : 'root for whoever connects';
    const certDir = context.site.env.get('DOCKER_TLS_CERTDIR');
    const own = service.variables.get('DOCKER_TLS_CERTDIR');
    const said = own.state === 'known' ? own : certDir;
    // A folder that is given and not used is not what leaves TLS off.
    const at = said.state === 'known' && said.value.text === '' ? said.origin.place : service.origin.place;
    yield {
      at,
      message: `dind listens on plain TCP in ${nameOf(context.site)}: no TLS, and ${who}.`,
      ...(service.origin.place !== at
        ? { related: [{ message: 'The daemon starts here.', place: service.origin.place }] }
        : {}),
      fixes: view =>
        service.container
          ? switchContainers(service, context.site, view)
          : switchToTls(context, view).map(plan => onGuess(plan, context)),
    };
  },
});

/** What works today is not changed by itself for a runner that is only taken for the one of the job. */
function onGuess(plan: FixPlan, { runners: [first] }: SiteContext): FixPlan {
  if (first?.how !== 'only-one' || plan.safety === 'unsafe') return plan;
  return {
    ...plan,
    title: `${plan.title} (if runner "${first.runner.name}" takes the job)`,
    safety: 'unsafe',
  };
}

function isPlain({ endpoint, tls }: Listener): boolean {
  return endpoint.startsWith('tcp:') && tls === 'none';
}
