/** The fix that points the client in a container of its own at the TLS port of the daemon that it reaches. */

import type { FixPlan, FixView } from '../model/finding.js';
import type { Intent } from '../model/intent.js';
import { settled } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import type { SiteContext } from './define.js';
import type { Sighting } from './faults.js';
import { usersOfVariable, whom } from './reach.js';

/**
 * Where the volumes bring the certificates already and the certificate covers the name. The official image turns TLS on
 * by itself; any other client gets both variables.
 */
export function dialTls({ site }: SiteContext, { trace }: Sighting, view: FixView): readonly FixPlan[] {
  const host = site.env.get('DOCKER_HOST');
  const { reached } = trace;
  const folder = reached?.clientFolder;
  const tls = reached?.listens.some(({ endpoint, tls }) => tls === 'verify' && endpoint.endsWith(':2376'));
  if (!folder || !tls || host.state !== 'known' || !isLiteral(host.value)) return [];
  const name = /^tcp:\/\/(docker|localhost):2375\/?$/.exec(host.value.text)?.[1];
  const wanted = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  const set = Object.keys(wanted).some(one => site.env.get(one).state !== 'absent');
  if (name === undefined || set) return [];
  const { place, entry: near } = host.origin;
  const image = settled(site.image);
  const own =
    image && dockerImage(image.ref) && image.entrypoint.state === 'absent' && folder === '/certs/client';
  const variables = own
    ? []
    : Object.entries(wanted).map(
        ([one, value]): Intent => ({ kind: 'set-variable', site: site.place, near, name: one, value }),
      );
  const reach = whom(host.origin, usersOfVariable(view, 'DOCKER_HOST', place));
  const value = `tcp://${name}:2376`;
  return [
    {
      title: `Dial ${value} with TLS${reach}`,
      safety: reach === '' ? 'safe' : 'unsafe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: place, value }, ...variables],
    },
  ];
}
