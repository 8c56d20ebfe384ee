/** Flags dind services that start something else than their own script does. */

import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dropsHost } from '../trace/daemon-arguments.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule, type SiteContext } from './define.js';
import { type Sighting, worded } from './faults.js';
import { usersOfService, whom } from './reach.js';

const SOURCES = ['https://github.com/docker-library/docker', 'https://docs.gitlab.com/ci/services/'];

export default [
  defineRule({
    id: 'dind-entrypoint-replaced',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'dind started without the flags of its entrypoint script',
      why: 'dockerd-entrypoint.sh makes the certificates and tells dockerd to listen on TCP. Without it, or with a command that starts with dockerd, the daemon listens on the unix socket inside its own container only: "Cannot connect to the Docker daemon at tcp://docker:2376".',
      remedy: 'Leave entrypoint out and give flags only: command: ["--mtu=1450"].',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'dind-entrypoint-replaced',
        seen =>
          `${dindIn(context, seen)} starts dockerd without the flags of its entrypoint script, so it does not listen on TCP${seen.onRunner}${seen.ifCopy}.`,
        (seen, view) => flagsOnly(context, seen, view),
      ),
  }),
  defineRule({
    id: 'dind-command-not-flag',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions'],
    ...prose({
      title: 'Command of dind that starts no daemon',
      why: 'The script of dind takes a command that begins with "-" for flags of dockerd. Anything else is run in its place, and the service ends: "lookup docker: no such host".',
      remedy:
        'Give a list of flags: command: ["--mtu=1450"]. Behind entrypoint: ["env", "-u", "DOCKER_HOST"] it takes command: ["dockerd-entrypoint.sh"].',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'dind-command-not-flag',
        seen =>
          `dind in ${nameOf(context.site)} starts no dockerd${seen.onRunner}: ${reason(seen.fault.because)}${seen.ifCopy}.`,
        (_, view) => behindEnv(context, view),
      ),
  }),
];

/** The daemon, by its own name where it has one. */
function dindIn({ site }: SiteContext, { trace }: Sighting): string {
  const own = trace.reached?.service.container?.name;
  return own === undefined ? `dind in ${nameOf(site)}` : `dind service "${own}"`;
}

/** What the trace says behind its colon, without the full stop. */
function reason(because: string): string {
  return because.replace(/^[^:]*: /, '').replace(/\.$/, '');
}

/** `dockerd --mtu=1450` becomes `--mtu=1450`; an entrypoint that is dockerd itself goes. */
function flagsOnly({ site }: SiteContext, { trace }: Sighting, view: FixView): readonly FixPlan[] {
  const [dind, more] = trace.reached ? [trace.reached.service] : dindServices(site);
  const command = settled(dind?.command ?? { state: 'absent' }) ?? [];
  const entrypoint = settled(dind?.entrypoint ?? { state: 'absent' });
  if (!dind || more || (entrypoint && command.length > 0)) return [];
  const { place } = dind.origin;
  const reach = whom(dind.origin, usersOfService(view, place));
  if (entrypoint) {
    const flags = entrypoint.slice(1);
    if (!/(?:^|\/)dockerd$/.test(entrypoint[0] ?? '') || flags.length > 0) return [];
    const drop = { kind: 'set-service-key' as const, service: place, key: 'entrypoint' as const, value: [] };
    return [{ title: `Leave the entrypoint out${reach}`, safety: 'safe', preferred: true, intents: [drop] }];
  }
  if (command[0] !== 'dockerd') return [];
  const set = {
    kind: 'set-service-key' as const,
    service: place,
    key: 'command' as const,
    value: command.slice(1),
  };
  return [
    { title: `Give flags only, without "dockerd"${reach}`, safety: 'safe', preferred: true, intents: [set] },
  ];
}

/** `env` that is given nothing to run gets the script of the image. */
function behindEnv({ site }: SiteContext, view: FixView): readonly FixPlan[] {
  const [dind, more] = dindServices(site);
  if (!dind || more || !dropsHost(dind) || (settled(dind.command) ?? []).length > 0) return [];
  const value = ['dockerd-entrypoint.sh'];
  const run = { kind: 'set-service-key', service: dind.origin.place, key: 'command', value } as const;
  const title = `Run dockerd-entrypoint.sh behind env${whom(dind.origin, usersOfService(view, dind.origin.place))}`;
  return [{ title, safety: 'safe', preferred: true, intents: [run] }];
}
