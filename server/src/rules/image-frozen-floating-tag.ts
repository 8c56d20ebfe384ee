/** Flags names of docker images that once moved, and stopped years ago. */

import { movingTag } from '../catalog/docker-tags.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { moveToMaintained } from './docker-lines.js';
import { describe, forImages, ifCopy, NAME_IMAGES, type NamedImage } from './images.js';

export default defineRule({
  id: 'image-frozen-floating-tag',
  severity: 'warning',
  profile: 'default',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Docker tag that stopped moving',
    why: 'stable and test were last built in 2020, edge in 2019, git in 2024. They look current and are as old as that; a daemon of today may refuse the client: "client version 1.40 is too old. Minimum supported API version is 1.44".',
    remedy:
      'Name a version of the maintained line: docker:29.7.2-cli for the client (it has git), docker:29.7.2-dind for the daemon.',
    sources: [
      'https://github.com/docker-library/official-images/blob/master/library/docker',
      'https://hub.docker.com/_/docker',
    ],
  }),
  fixable: true,

  ...forImages(judge),
});

function* judge(image: NamedImage, all: readonly NamedImage[]): Iterable<Report> {
  const { ref, docker, origin } = image;
  const moving = docker && ref.tag ? movingTag(ref.tag) : undefined;
  if (!moving?.stopped) return;
  const { confidence, words } = ifCopy(image);
  yield {
    at: origin.place,
    message: `${describe(image)}, has stood still since ${monthOf(moving.last)}: it is docker ${moving.release}${words}.`,
    ...(confidence ? { confidence } : {}),
    fixes: () => moveToMaintained(all),
  };
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `2020-12-02` as `December 2020`. */
function monthOf(date: string): string {
  const [year = '', month = ''] = date.split('-');
  return `${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}
