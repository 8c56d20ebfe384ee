/** Flags images that are named by a tag alone. */

import { prose } from '../model/prose.js';
import { show } from '../model/text.js';
import { defineRule, type Report } from './define.js';
import { describe, forImages, NAME_IMAGES, type NamedImage } from './images.js';

export default defineRule({
  id: 'image-not-digest-pinned',
  severity: 'info',
  profile: 'pedantic',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Image without a digest',
    why: 'Whoever may push to a repository may put another image behind any of its tags, also behind full versions. A digest names the very image that was looked at.',
    remedy:
      'Write name:tag@sha256:…, with the digest that `docker buildx imagetools inspect name:tag` prints, and let a bot renew both.',
    sources: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://docs.zizmor.sh/audits/#unpinned-images',
    ],
  }),
  fixable: false,

  ...forImages(judge),
});

/** The project builds what lies in its own registry. */
const OWN = /^\$\{?CI_(?:REGISTRY|PROJECT)/;

function* judge(image: NamedImage): Iterable<Report> {
  const { ref, origin } = image;
  // A tag that is not known may bring a digest of its own.
  if (ref.digest !== undefined || ref.tag === undefined || ref.repository === '' || OWN.test(show(ref.text)))
    return;
  yield { at: origin.place, message: `${describe(image)}, is not pinned to a digest.` };
}
