/** Flags docker images that are pinned to a line, not to a release. */

import { DOCKER_TAGS_DATE, isKnownTag, newestPatch, parseDockerTag } from '../catalog/docker-tags.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { maintainedMajor } from './docker-lines.js';
import {
  describe,
  forImages,
  ifCopy,
  isOfficial,
  NAME_IMAGES,
  type NamedImage,
  onlyFix,
  retag,
} from './images.js';

export default defineRule({
  id: 'image-major-only',
  severity: 'info',
  profile: 'strict',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Docker image pinned to a line, not to a release',
    why: 'docker:29 and docker:29.7 are put on every new release of their line. Minor releases have changed what pipelines see: 29.3 lowered the oldest API that the daemon takes, 29.5 the network of rootless dind.',
    remedy: 'Write the full version, as in docker:29.7.2-dind, and let a bot propose the next one.',
    sources: [
      'https://github.com/docker-library/official-images/blob/master/library/docker',
      'https://docs.gitlab.com/ci/docker/docker_in_docker/',
    ],
  }),
  fixable: true,

  ...forImages(judge),
});

function* judge(image: NamedImage): Iterable<Report> {
  const { ref, docker, origin } = image;
  if (!docker || !ref.tag || ref.digest !== undefined) return;
  const { version, variant } = parseDockerTag(ref.tag);
  if (!version || version.patch !== undefined || version.prerelease !== undefined) return;
  if (!isOfficial(image) && !isKnownTag(ref.tag)) return;
  const { confidence, words } = ifCopy(image);
  yield {
    at: origin.place,
    message: `${describe(image)}, leaves ${version.minor === undefined ? 'minor and patch' : 'the patch'} open${words}.`,
    ...(confidence ? { confidence } : {}),
    fixes: () => {
      const tag = isOfficial(image) && isKnownTag(ref.tag ?? '') ? newestPatch(version, variant) : undefined;
      if (tag === undefined) return [];
      // The names of a dropped line stand still, so its last release is what they mean.
      const still = version.major < maintainedMajor();
      const why = still ? `what ${ref.tag} stands for` : `newest known on ${DOCKER_TAGS_DATE}`;
      return onlyFix(`Pin to docker:${tag} (${why})`, still ? 'safe' : 'unsafe', retag(image, tag));
    },
  };
}
