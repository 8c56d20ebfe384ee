/** Says where a dind daemon's TLS rests on what nobody wrote down, and what that means for the job. */

import type { BuildSite, Service } from '../model/build-site.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { dindServices, dockerImage } from '../trace/docker-image.js';
import { imageCertDir } from '../trace/entrypoints.js';
import { defineRule, type SiteContext } from './define.js';
import { callsDocker } from './faults.js';
import { usersOfService, whom } from './reach.js';

const NAME = 'DOCKER_TLS_CERTDIR';

export default defineRule({
  id: 'tls-not-stated',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'dind whose TLS is left to its image',
    why: 'Since 19.03 the image of dind sets DOCKER_TLS_CERTDIR=/certs itself: the daemon makes certificates and listens on 2376 with TLS. The official client image finds them if the runner shares /certs/client with the job, as the hosted runners of GitLab.com do. On any other runner it falls back to 2375, where nobody answers: "Cannot connect to the Docker daemon at tcp://docker:2375". Other images, and jobs on Kubernetes, need DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.',
    remedy:
      'Write DOCKER_TLS_CERTDIR: "/certs" into the variables of the job, and see that its runner has "/certs/client" among its volumes.',
    sources: [
      'https://docs.gitlab.com/ci/docker/docker_in_docker/#docker-in-docker-with-tls-enabled-in-the-docker-executor-recommended',
      'https://github.com/docker-library/docker',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const { site, profile } = context;
    if (!callsDocker(context) || isSettled(context)) return;
    for (const service of dindServices(site)) {
      const image = dockerImage(service.ref);
      if (!image?.versionKnown || !imageCertDir(image.version)) continue;
      if (service.variables.get(NAME).state !== 'absent') continue;
      if (service.entrypoint.state !== 'absent') continue;
      yield {
        at: service.origin.place,
        message: `The TLS of dind in ${nameOf(site)} is not stated: ${consequence(context)}.`,
        severity: profile === 'default' ? 'info' : 'warning',
        fixes: view => state(context, service, view),
      };
    }
  },
});

/** Another finding says it, the job is known to reach its daemon, or it goes another way. */
function isSettled({ site, blind, paired, runners, profile }: SiteContext): boolean {
  const traces = [...blind, ...paired];
  if (traces.some(({ decided }) => !decided)) return true;
  if (traces.some(({ faults }) => faults.some(({ certain, fatal }) => certain && fatal))) return true;
  if (runners.length > 0 && paired.length > 0 && paired.every(({ verdict }) => verdict === 'reaches'))
    return true;
  const host = settled(site.env.get('DOCKER_HOST'))?.text ?? '';
  // Another address, or the plain port, is not where this daemon listens.
  return (
    (host !== '' && !/^tcp:\/\/[^/:]*(?::2376)?\/?$/.test(host)) || (profile === 'default' && saysTls(site))
  );
}

/** The client's side of it is all written. */
function saysTls({ env }: BuildSite): boolean {
  return ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'].every(
    name => (settled(env.get(name))?.text ?? '') !== '',
  );
}

/** What holds for this job, in words that complete "is not stated: …". */
function consequence({ site }: SiteContext): string {
  if (saysTls(site)) return 'docker reaches it only on runners that share /certs/client';
  const image = settled(site.image);
  if (!image) return 'docker reaches it if the image says how, on a runner that shares /certs/client';
  if (dockerImage(image.ref) && image.entrypoint.state === 'absent')
    return 'docker finds it only on Docker runners that share /certs/client';
  const name = show(image.ref.text);
  return settled(site.env.get('DOCKER_HOST'))
    ? `docker in ${name} turns TLS on only if more variables, or the image, say so`
    : `docker in ${name} dials it only if DOCKER_HOST, or the image, says so`;
}

/** Beside the job's own service in the variables of the job, else at the service, so that all who share it have it. */
function state({ site }: SiteContext, { origin }: Service, view: FixView): readonly FixPlan[] {
  const users = usersOfService(view, origin.place);
  // Variables of a service win over those of the job, so nobody may have one.
  if (users.some(user => user.site.env.get(NAME).state !== 'absent')) return [];
  const host = site.env.get('DOCKER_HOST');
  const alone = origin.way === 'own' && users.length < 2;
  const near = host.state === 'known' && host.origin.way === 'own' ? host.origin.entry : undefined;
  return [
    {
      title: `Set DOCKER_TLS_CERTDIR to "/certs", as the image does${whom(origin, users)}`,
      safety: 'safe',
      preferred: true,
      intents: [
        alone
          ? { kind: 'set-variable', site: site.place, near, name: NAME, value: '/certs' }
          : { kind: 'set-service-variable', service: origin.place, name: NAME, value: '/certs' },
      ],
    },
  ];
}
