/** Flags a client that must verify the daemon and has not been told where its certificates lie. */

import type { Intent } from '../model/intent.js';
import type { Known } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import type { Text } from '../model/text.js';
import { certificateVolume } from './certificate-volume.js';
import { defineRule, type SiteContext } from './define.js';
import { inScript, sighting } from './faults.js';

export default defineRule({
  id: 'tls-verify-without-cert-path',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'DOCKER_TLS_VERIFY without DOCKER_CERT_PATH',
    why: 'Setting DOCKER_TLS_VERIFY by hand switches the automatic TLS of the docker image off. The client then looks for its certificates in ~/.docker, where nobody puts any: "unable to resolve docker endpoint: open /root/.docker/ca.pem: no such file or directory".',
    remedy: 'Add DOCKER_CERT_PATH: "/certs/client", or leave both variables out in an official docker image.',
    sources: [
      'https://docs.docker.com/engine/security/protect-access/',
      'https://github.com/docker-library/docker',
    ],
  }),
  fixable: true,
  needs: 'fault',

  *site(context) {
    const seen = sighting(context, 'tls-verify-without-cert-path');
    if (!seen) return;
    const verify = context.site.env.get('DOCKER_TLS_VERIFY');
    // A flag, the script, or DOCKER_TLS may ask for TLS as well.
    const plain = verify.state !== 'absent' && !inScript(seen, context);
    const job = nameOf(context.site);
    const what = plain
      ? `No DOCKER_CERT_PATH beside DOCKER_TLS_VERIFY in ${job}`
      : `TLS is on without DOCKER_CERT_PATH in ${job}`;
    yield {
      at: seen.fault.place,
      message: `${what}${seen.onRunner}: docker looks for ca.pem in ~/.docker${seen.ifCopy}.`,
      severity: seen.severity,
      confidence: seen.confidence,
      fixes: () => addCertPath(context, verify),
    };
  },
});

/** Repairs only a client of a dind that makes certificates: elsewhere nobody knows where they lie. */
function addCertPath(context: SiteContext, verify: Known<Text>) {
  const [trace] = [...context.paired, ...context.blind];
  const listens = trace?.daemon.listens.some(listener => listener.tls === 'verify') ?? false;
  const port = trace?.client?.endpoint?.endsWith(':2376') ?? false;
  const dir = trace?.beside[0]?.certDir;
  const folder = trace?.reached ? trace.reached.clientFolder : dir && `${dir}/client`;
  if (context.site.runsOn || !listens || !port || folder === undefined) return [];
  if (verify.state !== 'known' || !verify.origin.entry) return [];
  const near = verify.origin.entry;
  const value = folder;
  const empty = context.site.env.get('DOCKER_CERT_PATH');
  const set: Intent =
    empty.state === 'known'
      ? { kind: 'replace-value', at: empty.origin.place, value }
      : { kind: 'set-variable', site: context.site.place, near, name: 'DOCKER_CERT_PATH', value };
  const volume = context.site.self
    ? []
    : certificateVolume(context.runners.length === 1 ? context.runners[0] : undefined, value);
  if (volume === 'impossible') return [];
  return [
    {
      title: `Set DOCKER_CERT_PATH to "${value}"`,
      safety: 'safe' as const,
      preferred: true,
      intents: [set, ...(typeof volume === 'string' ? [] : volume)],
    },
  ];
}
