/** Flags a runner that does not bring the certificates of a TLS dind to the job. */

import type { FixPlan, FixView } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { defineRule, type SiteContext } from './define.js';
import { type Sighting, sighting } from './faults.js';
import { shareCertificates } from './switch-containers.js';

export default defineRule({
  id: 'certs-volume-missing',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'No volume for the client certificates of dind',
    why: 'The dind service writes the certificates that its clients need to /certs/client. Unless a volume that both have covers that folder it stays inside the service, and the client falls back to plain TCP: "Cannot connect to the Docker daemon at tcp://docker:2375", or "open /certs/client/ca.pem: no such file or directory".',
    remedy:
      'Add "/certs/client" to the volumes of the runner: volumes = ["/certs/client", "/cache"]. In Compose mount one named volume at /certs/client in both services.',
    sources: [
      'https://docs.gitlab.com/ci/docker/docker_in_docker/#docker-in-docker-with-tls-enabled-in-the-docker-executor-recommended',
    ],
  }),
  fixable: true,
  needs: 'fault',

  *site(context) {
    const seen = sighting(context, 'certs-volume-missing');
    if (!seen) return;
    yield {
      at: seen.fault.place,
      message: `No volume brings the certificates of dind (${folderOf(seen)}) to ${nameOf(context.site)}${seen.onRunner}${seen.ifCopy}.`,
      severity: seen.severity,
      confidence: seen.confidence,
      related: seen.related,
      fixes: view => bringCertificates(context, seen, view),
    };
  },
});

/** The folder in which this daemon puts the certificates for its clients. */
export function folderOf({ trace }: Pick<Sighting, 'trace'>): string {
  return trace.client?.certPath ?? `${trace.beside[0]?.certDir ?? '/certs'}/client`;
}

function bringCertificates(context: SiteContext, seen: Sighting, view: FixView): readonly FixPlan[] {
  const { certDir, service } = seen.trace.reached ?? {};
  return service && certDir !== undefined
    ? shareCertificates(context.site, folderOf(seen), service, certDir, view)
    : addVolume(context, seen);
}

export function addVolume(context: SiteContext, { trace }: Pick<Sighting, 'trace'>): readonly FixPlan[] {
  const [paired] = context.runners;
  if (!paired || context.runners.length !== 1 || paired.how === 'hosted') return [];
  const folder = folderOf({ trace });
  return [
    {
      title: `Add "${folder}" to the volumes of runner "${paired.runner.name}"`,
      safety: 'safe',
      preferred: true,
      intents: [{ kind: 'add-mount', runner: paired.runner.place, volume: folder }],
    },
  ];
}
