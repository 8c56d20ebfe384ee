/** Flags names that a job dials and none of its services has. */

import type { Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { dindServices, runsDockerd } from '../trace/docker-image.js';
import { serviceNames } from '../trace/names.js';
import { defineRule, type SiteContext } from './define.js';
import { dialled, inScript, type Sighting, worded } from './faults.js';
import { usersOfService, usersOfVariable, whom } from './reach.js';

const SOURCES = [
  'https://docs.gitlab.com/ci/services/#accessing-the-services',
  'https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/',
];

const fault = { severity: 'error', profile: 'default', fixable: true, needs: 'fault' } as const;

export default [
  defineRule({
    id: 'service-alias-missing-registry-prefix',
    ...fault,
    dialects: ['gitlab-ci'],
    ...prose({
      title: 'dind from another registry without the alias docker',
      why: 'GitLab makes the host name of a service from the whole path of its image: registry.example.com/library/docker is called registry.example.com-library-docker, never docker. The client says "dial tcp: lookup docker: no such host".',
      remedy: 'Write the service as a mapping and give it alias: docker.',
      sources: SOURCES,
    }),
    site: context =>
      worded(
        context,
        'service-alias-missing-registry-prefix',
        seen =>
          `${titleOf(context.site)} dials docker${seen.onRunner}, and its dind service is not called that: GitLab names it after the whole path of its image.`,
        (_, view) => addAlias(context, view),
      ),
  }),
  defineRule({
    id: 'docker-host-name-not-a-service',
    ...fault,
    dialects: ['gitlab-ci', 'github-actions', 'compose'],
    ...prose({
      title: 'DOCKER_HOST that names no service in reach',
      why: 'A GitLab job finds its services under the names made from their images and under their aliases, a Compose service the others in its networks under their names and aliases there, and under nothing else: "dial tcp: lookup dind: no such host".',
      remedy: 'Dial one of the names of the service, or give it the one that you dial as alias.',
      sources: SOURCES,
    }),
    site: context =>
      worded(
        context,
        'docker-host-name-not-a-service',
        seen =>
          `${titleOf(context.site)} dials ${dialled(seen, context)}${seen.onRunner}, ${whyNobody(context)}.`,
        (seen, view) => (onShell(context) ? [] : dialService(context, seen, view)),
      ),
  }),
];

/** A shell starts no services, so that their names count for nothing there. */
function onShell({ runners }: SiteContext): boolean {
  return runners.length > 0 && runners.every(({ runner }) => settled(runner.executor) === 'shell');
}

function whyNobody(context: SiteContext): string {
  if (context.site.self) return 'a name that no service in its networks has';
  return onShell(context)
    ? 'whose shell executor starts no services'
    : 'and none of its services has that name';
}

function addAlias({ site }: SiteContext, view: FixView): readonly FixPlan[] {
  const [dind, more] = dindServices(site);
  if (!dind || more || dind.aliases.state === 'unknown') return [];
  const value = [...(settled(dind.aliases) ?? []), 'docker'].join(',');
  return [
    {
      title: `Give the service the alias docker${whom(dind.origin, usersOfService(view, dind.origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'set-service-key', service: dind.origin.place, key: 'alias', value }],
    },
  ];
}

/** A certificate covers the name docker alone, so with TLS only that one will do. */
function dialService({ site }: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  const near = (site.neighbours ?? []).filter(one => runsDockerd(one) && one.container.names.length > 0);
  const [dind, more] = [...dindServices(site), ...near];
  if (!dind || more || host.state !== 'known' || !isLiteral(host.value) || inScript(seen, { site }))
    return [];
  const name = nameOf(dind);
  if (name === undefined || (name !== 'docker' && seen.trace.client?.tls !== 'none')) return [];
  const value = host.value.text.replace(/^tcp:\/\/[^:/]+/, `tcp://${name}`);
  // Nobody at that port would only be the next mistake.
  if (dind.container && /:2375\/?$/.test(value) !== isPlain(dind)) return [];
  return [
    {
      title: `Dial ${value}${whom(host.origin, usersOfVariable(view, 'DOCKER_HOST', host.origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: host.origin.place, value }],
    },
  ];
}

function nameOf(service: Service): string | undefined {
  const { names } = serviceNames(service);
  return names.includes('docker') ? 'docker' : names[0];
}

function isPlain({ variables }: Service): boolean {
  return settled(variables.get('DOCKER_TLS_CERTDIR'))?.text === '';
}
