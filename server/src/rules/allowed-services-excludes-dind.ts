/** Flags images that the allow-lists of a runner do not let in. */

import { type Place, placeKey, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { show } from '../model/text.js';
import { defineRule, type SiteContext } from './define.js';
import { worded } from './faults.js';

export default defineRule({
  id: 'allowed-services-excludes-dind',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  ...prose({
    title: 'Image that the runner does not allow',
    why: 'allowed_services and allowed_images of a runner are lists of patterns. An image that matches none of them is refused: "The "docker:29.7.2-dind" image is not present on list of allowed services".',
    remedy: 'Add a pattern that covers the image, such as "docker:*-dind", or use an image of the list.',
    sources: [
      'https://docs.gitlab.com/runner/executors/docker/#restrict-docker-images-and-services',
      'https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services',
    ],
  }),
  fixable: false,
  needs: 'fault',

  site: context =>
    worded(context, 'allowed-services-excludes-dind', seen => {
      const { image, list } = refused(context, seen.fault.place);
      return `${image} of ${nameOf(context.site)} is refused${seen.onRunner}: no pattern of ${list} matches it.`;
    }),
});

/** The image that stands at a place, and the list that it would have to be on. */
function refused({ site }: SiteContext, place: Place): { readonly image: string; readonly list: string } {
  const service = (settled(site.services) ?? []).find(
    ({ origin }) => placeKey(origin.place) === placeKey(place),
  );
  const image = service ?? settled(site.image);
  return {
    image: image ? show(image.ref.text) : 'An image',
    list: service ? 'allowed_services' : 'allowed_images',
  };
}
