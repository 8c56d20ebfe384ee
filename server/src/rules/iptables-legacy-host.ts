/** Flags a DOCKER_IPTABLES_LEGACY that means the opposite of what it says. */

import { comparable } from '../catalog/docker-tags.js';
import type { Service } from '../model/build-site.js';
import { placeKey, written } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';

export default defineRule({
  id: 'iptables-legacy-host',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile', 'github-actions'],
  ...prose({
    title: 'DOCKER_IPTABLES_LEGACY that means yes',
    why: 'Since December 2023 dind takes any value of DOCKER_IPTABLES_LEGACY for yes, "0" and "false" too. On a host without the old tables dockerd then dies at start ("failed to create NAT chain DOCKER"), and its client says "lookup docker: no such host".',
    remedy:
      'Leave the variable out: since 24.0.8 the image finds out by itself. Set it to "1" for the old tables, to "" for nftables.',
    sources: [
      'https://github.com/docker-library/docker/issues/463',
      'https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh',
    ],
  }),
  fixable: true,

  *site({ site }) {
    const seen = new Set<string>();
    const all = site.self ? [site.self] : (written(site.services) ?? []);
    for (const { variables } of all.filter(isDind)) {
      const found = variables.get('DOCKER_IPTABLES_LEGACY');
      if (found.state !== 'known' || !/^(?:0|false|no|off|n|f)$/i.test(found.value.text)) continue;
      const { place, entry } = found.origin;
      if (seen.has(placeKey(place))) continue;
      seen.add(placeKey(place));
      yield {
        at: place,
        message: `DOCKER_IPTABLES_LEGACY of ${nameOf(site)} is "${found.value.text}", which dind takes for yes: any value does.`,
        fixes: () =>
          entry
            ? onlyFix('Remove DOCKER_IPTABLES_LEGACY, so that dind finds out by itself', 'unsafe', [
                { kind: 'remove-entry', entry },
              ])
            : [],
      };
    }
  },
});

function isDind({ ref }: Service): boolean {
  const image = dockerImage(ref);
  if (!image || image.variant === 'cli') return false;
  // Older images do not read the variable.
  return !image.version || comparable(image.version, { major: 24, minor: 0, patch: 7 }) >= 0;
}
