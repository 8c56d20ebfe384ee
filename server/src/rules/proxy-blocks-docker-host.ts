/** Flags jobs whose proxy also gets what is meant for the dind service. */

import type { FixPlan, FixView } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { defineRule, type SiteContext } from './define.js';
import { dialled, inScript, type Sighting, worded } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

export default defineRule({
  id: 'proxy-blocks-docker-host',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'jenkinsfile', 'shell', 'compose', 'github-actions'],
  ...prose({
    title: 'Proxy in front of the dind service',
    why: 'docker sends requests to a tcp:// address through HTTP_PROXY, with TLS through HTTPS_PROXY, unless NO_PROXY names the host. The proxy does not know the service and refuses: "request returned 503 Service Unavailable for API route and version http://docker:2375/…", with TLS "error during connect: … Service Unavailable".',
    remedy: 'Add docker to NO_PROXY.',
    sources: [
      'https://docs.gitlab.com/runner/configuration/proxy/#proxy-settings-when-using-dind-service',
      'https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment',
    ],
  }),
  fixable: true,
  needs: 'fault',
  site: context =>
    worded(
      context,
      'proxy-blocks-docker-host',
      seen =>
        `${titleOf(context.site)} dials ${dialled(seen, context)} through its HTTP proxy${seen.onRunner}: NO_PROXY does not name ${hostOf(seen)}.`,
      (seen, view) => exempt(context, seen, view),
    ),
});

function hostOf({ trace }: Sighting): string {
  return /^tcp:\/\/([^:/]+)/.exec(trace.client?.endpoint ?? '')?.[1] ?? 'its daemon';
}

function exempt({ site }: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const name = ['NO_PROXY', 'no_proxy'].find(one => site.env.get(one).state !== 'absent');
  const list = name === undefined ? undefined : site.env.get(name);
  const host = hostOf(seen);
  if (name === undefined || list?.state !== 'known' || !isLiteral(list.value) || inScript(seen, { site }))
    return [];
  const value = [list.value.text, host].filter(Boolean).join(',');
  return [
    {
      title: `Add ${host} to ${name}${whom(list.origin, usersOfVariable(view, name, list.origin.place))}`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: list.origin.place, value }],
    },
  ];
}
