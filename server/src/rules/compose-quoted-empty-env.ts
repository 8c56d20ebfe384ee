/** Flags variables that are meant to be empty and hold two quote characters. */

import type { FixPlan, FixView } from '../model/finding.js';
import { type Place, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { clientContainer, ownContainer } from './containers.js';
import { defineRule, type SiteContext } from './define.js';
import { onlyFix } from './images.js';
import { switchContainers } from './switch-containers.js';

/** Variables by which docker's client goes. */
const TLS = /^DOCKER_(?:TLS_VERIFY|CERT_PATH|HOST|TLS)$/;

export default defineRule({
  id: 'compose-quoted-empty-env',
  severity: 'error',
  profile: 'default',
  dialects: ['compose'],
  ...prose({
    title: 'Quotes in place of an empty value',
    why: 'In the list form of environment nothing takes quotes off: - DOCKER_TLS_CERTDIR="" gives the variable two quote characters. dind then makes certificates in a folder of that name and listens on 2376, where plain 2375 was meant: "Cannot connect to the Docker daemon".',
    remedy: 'Write - NAME= with nothing behind the sign, or NAME: "" in the form of a map.',
    sources: [
      'https://docs.docker.com/reference/compose-file/services/#environment',
      'https://github.com/compose-spec/compose-spec/blob/main/05-services.md',
    ],
  }),
  fixable: true,

  *site(context) {
    const { site } = context;
    if (!ownContainer(context)) return;
    for (const name of site.env.names()) {
      const value = site.env.get(name);
      if (value.state !== 'known' || !/^(?:""|'')$/.test(settled(value)?.text ?? '')) continue;
      const { place } = value.origin;
      const turnsTlsOn = name === 'DOCKER_TLS_CERTDIR' && makesFolder(context);
      const dials = TLS.test(name) && clientContainer(context) !== undefined;
      yield {
        at: place,
        message: `${name} of ${nameOf(site)} is not empty: it holds the two quotes.`,
        severity: turnsTlsOn || dials ? 'error' : 'warning',
        // Without the quotes dind would speak no TLS, which is nothing to be had by a fix.
        fixes: view =>
          turnsTlsOn
            ? makeCertificates(context, place, view)
            : onlyFix(`Leave ${name} empty`, 'safe', [{ kind: 'replace-value', at: place, value: '' }]),
      };
    }
  },
});

/** With its clients where that can be told, else by itself: a folder that has a name of its own is no worse. */
function makeCertificates({ site }: SiteContext, at: Place, view: FixView): readonly FixPlan[] {
  const switched = switchContainers(site.self, site, view);
  if (switched.length > 0) return switched;
  return onlyFix('Let dind make certificates in /certs (clients then dial 2376 with TLS)', 'unsafe', [
    { kind: 'replace-value', at, value: '/certs' },
  ]);
}

/** The daemon makes its certificates in a folder of that name; one whose command goes without certificates does not. */
function makesFolder({ blind }: SiteContext): boolean {
  return blind.some(({ serves, beside }) => serves && beside.some(({ certDir }) => certDir !== undefined));
}
