/** Flags docker clients and dind daemons whose versions refuse each other, or merely differ. */

import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf, titleOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { dindServices } from '../trace/docker-image.js';
import { defineRule, type SiteContext } from './define.js';
import { sightings, worded } from './faults.js';
import { align, differ, pairOf } from './version-pair.js';

const SOURCES = [
  'https://docs.docker.com/engine/release-notes/29/',
  'https://docs.docker.com/reference/api/engine/#api-version-matrix',
];

export default [
  defineRule({
    id: 'client-daemon-skew-too-old',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'docker client too old for its daemon',
      why: 'A daemon refuses clients below a certain version of its API: 29.0 to 29.2 those older than 25.0, 29.3 and later those older than 19.03. "Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44".',
      remedy: 'Use one version for both images.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'client-daemon-skew-too-old',
        seen =>
          `${imageOf(context)} of ${nameOf(context.site)} is too old for its daemon, ${dindOf(context)}${seen.onRunner}${seen.ifCopy}.`,
        () => align(context, 'client'),
      ),
  }),
  defineRule({
    id: 'client-daemon-skew-too-new',
    severity: 'error',
    profile: 'default',
    dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
    ...prose({
      title: 'docker client too new for its daemon',
      why: 'A client refuses daemons below a certain version of their API: 29.1 and 29.2 those older than 25.0, 29.3 and later those older than 19.03. "API version 1.39 is not supported by this client: the minimum supported API version is 1.40".',
      remedy: 'Use one version for both images.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'fault',
    site: context =>
      worded(
        context,
        'client-daemon-skew-too-new',
        seen =>
          `${imageOf(context)} of ${nameOf(context.site)} is too new for its daemon, ${dindOf(context)}${seen.onRunner}${seen.ifCopy}.`,
        () => align(context, 'daemon'),
      ),
  }),
  defineRule({
    id: 'client-daemon-skew-minor',
    severity: 'info',
    profile: 'strict',
    dialects: ['gitlab-ci', 'compose', 'kubernetes', 'jenkinsfile', 'shell', 'github-actions'],
    ...prose({
      title: 'docker client and daemon of different versions',
      why: 'Client and daemon agree on the older API, so this works; but what one of them can do the other may not, and each is moved on its own.',
      remedy: 'Use one variable for the version of both images.',
      sources: SOURCES,
    }),
    fixable: true,
    needs: 'trace',
    *site(context) {
      const pair = pairOf(context);
      if (!pair || !differ(pair)) return;
      if (REFUSED.some(id => sightings(context, id).length > 0)) return;
      yield {
        at: pair.client.origin.place,
        message: `${titleOf(context.site)} uses ${show(pair.client.ref.text)} with ${show(pair.daemon.ref.text)}: two versions of docker.`,
        related: [{ place: pair.daemon.origin.place, message: 'The daemon.' }],
        fixes: () => align(context, 'client'),
      };
    },
  }),
];

const REFUSED = ['client-daemon-skew-too-old', 'client-daemon-skew-too-new'];

function imageOf({ site }: SiteContext): string {
  const image = settled(site.image);
  return image ? show(image.ref.text) : 'The image';
}

function dindOf({ site, blind }: SiteContext): string {
  const [dind] = [...blind.flatMap(({ reached }) => reached?.service ?? []), ...dindServices(site)];
  return dind ? show(dind.ref.text) : 'the dind service';
}
