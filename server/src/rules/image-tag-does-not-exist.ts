/** Flags tags of the official docker image that were never published. */

import {
  DOCKER_TAGS_DATE,
  isKnownTag,
  neverListed,
  newestPatch,
  parseDockerTag,
} from '../catalog/docker-tags.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { variantToday } from './docker-lines.js';
import { describe, forImages, isOfficial, NAME_IMAGES, type NamedImage, onlyFix, retag } from './images.js';

export default defineRule({
  id: 'image-tag-does-not-exist',
  severity: 'error',
  profile: 'default',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Docker tag that was never published',
    why: 'The pull fails: "manifest for docker:28-rootless not found: manifest unknown". The rootless daemon is called dind-rootless, git variants ended with 25.0, cli variants begin with 20.10.17, and some versions were skipped.',
    remedy: 'Take a tag from the list of the official image, as in docker:29.7.2-dind-rootless.',
    sources: [
      'https://github.com/docker-library/official-images/blob/master/library/docker',
      'https://hub.docker.com/_/docker/tags',
    ],
  }),
  fixable: true,

  ...forImages(judge),
});

function* judge(image: NamedImage): Iterable<Report> {
  const { ref, origin } = image;
  // With a digest nobody asks for the tag.
  if (!ref.tag || ref.digest !== undefined || !isOfficial(image) || !neverListed(ref.tag)) return;
  const nearest = nearestTag(image);
  yield {
    at: origin.place,
    message: `${describe(image)}, does not exist: no such tag was listed up to ${DOCKER_TAGS_DATE}.`,
    fixes: () => (nearest === undefined ? [] : use(image, nearest)),
  };
}

function use(image: NamedImage, tag: string): readonly FixPlan[] {
  const [before, after] = [image.ref.tag ?? '', tag].map(text => parseDockerTag(text).version);
  const same = before !== undefined && after !== undefined && before.major === after.major;
  return onlyFix(
    `Use docker:${tag}${same ? '' : ', a new major'}`,
    same ? 'safe' : 'unsafe',
    retag(image, tag),
  );
}

/** The tag that comes closest: of the same numbers, else the newest of the same line, else the newest of all. */
function nearestTag(image: NamedImage): string | undefined {
  const tag = image.ref.tag ?? '';
  const { version, variant: asked } = parseDockerTag(tag);
  const variant = asked === 'git' ? 'git' : variantToday(image);
  if (!version || variant === undefined) return undefined;
  const numbers = /^[\d.]+/.exec(tag)?.[0] ?? '';
  const plain = variant === 'bare' || asked === 'bare';
  const exact = plain ? numbers : `${numbers}-${variant}`;
  if (isKnownTag(exact)) return exact;
  const { major, minor } = version;
  const lines = [...(minor === undefined ? [] : [{ major, minor }]), { major }];
  const found = lines.map(line => newestPatch(line, plain ? 'bare' : variant)).find(one => one !== undefined);
  return found ?? newestPatch(undefined, variant === 'git' ? 'cli' : variant);
}
