/** Flags names that the certificate of a dind daemon does not cover, and names that keep it from being made. */

import type { FixPlan, FixView } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { serviceNames } from '../trace/names.js';
import { defineRule, type SiteContext } from './define.js';
import { inScript, type Sighting, worded } from './faults.js';
import { usersOfService, usersOfVariable, whom } from './reach.js';

const SOURCES = ['https://github.com/docker-library/docker'];

const fault = { severity: 'error', profile: 'default', fixable: true, needs: 'fault' } as const;

export default [
  defineRule({
    id: 'tls-san-mismatch',
    ...fault,
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'Name that the certificate of dind does not cover',
      why: 'dind makes its certificate for docker, localhost and its own host name; an alias of the service is not among them: "tls: failed to verify certificate: x509: certificate is valid for docker, localhost, not dind".',
      remedy: 'Dial docker (give the service that alias), or set DOCKER_TLS_SAN: "DNS:dind" for the service.',
      sources: SOURCES,
    }),
    site: context =>
      worded(
        context,
        'tls-san-mismatch',
        seen =>
          `${titleOf(context.site)} dials ${hostOf(seen)}${seen.onRunner}, a name that the certificate of dind does not cover${seen.ifCopy}.`,
        (seen, view) => dialOrCover(context, seen, view),
      ),
  }),
  defineRule({
    id: 'tls-san-no-prefix',
    ...fault,
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile'],
    ...prose({
      title: 'DOCKER_TLS_SAN without DNS: or IP:',
      why: 'The value goes into the configuration of openssl as it is, which wants a type in front of every name. The daemon exits: "Error checking extension section x509_exts". Images from before February 2023 go on without TLS instead.',
      remedy:
        'Write DOCKER_TLS_SAN: "DNS:name", and IP: in front of an address; several are separated by commas.',
      sources: SOURCES,
    }),
    site: context =>
      worded(
        context,
        'tls-san-no-prefix',
        seen =>
          `DOCKER_TLS_SAN of ${nameOf(context.site)} has a name without DNS: or IP:, so dind exits${seen.onRunner}: it cannot make its certificate${seen.ifCopy}.`,
        (_, view) => addPrefixes(context, view),
      ),
  }),
];

function hostOf({ trace }: Sighting): string {
  return /^tcp:\/\/([^:/]+)/.exec(trace.client?.endpoint ?? '')?.[1] ?? 'another name';
}

function dialOrCover({ site }: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  const { reached } = seen.trace;
  const [dind, more] = reached ? [reached.service] : dindServices(site);
  const name = hostOf(seen);
  if (!dind || more || host.state !== 'known' || inScript(seen, { site })) return [];
  if (serviceNames(dind).names.includes('docker') && isLiteral(host.value)) {
    const value = host.value.text.replace(`//${name}`, '//docker');
    return [
      {
        title: `Dial ${value}${whom(host.origin, usersOfVariable(view, 'DOCKER_HOST', host.origin.place))}`,
        safety: 'safe',
        preferred: true,
        intents: [{ kind: 'replace-value', at: host.origin.place, value }],
      },
    ];
  }
  if (dind.variables.get('DOCKER_TLS_SAN').state !== 'absent') return [];
  const { origin } = dind;
  return [
    {
      title: `Set DOCKER_TLS_SAN to "DNS:${name}" for the service${whom(origin, usersOfService(view, origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [
        {
          kind: 'set-service-variable',
          service: origin.place,
          name: 'DOCKER_TLS_SAN',
          value: `DNS:${name}`,
        },
      ],
    },
  ];
}

function addPrefixes({ site }: SiteContext, view: FixView): readonly FixPlan[] {
  const bad = dindServices(site)
    .map(({ variables }) => variables.get('DOCKER_TLS_SAN'))
    .find(san => san.state === 'known' && isLiteral(san.value) && san.value.text !== '');
  if (bad?.state !== 'known') return [];
  const value = bad.value.text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(one => (/^(?:DNS|IP):/.test(one) ? one : `${/^[\d.]+$|:/.test(one) ? 'IP' : 'DNS'}:${one}`))
    .join(',');
  return [
    {
      title: `Set DOCKER_TLS_SAN to "${value}"${whom(bad.origin, usersOfVariable(view, 'DOCKER_TLS_SAN', bad.origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: bad.origin.place, value }],
    },
  ];
}
