/** Tells what an image of the docker family is: client or daemon, and of which version. */
import { type DockerVersion, movingTag, parseDockerTag } from '../catalog/docker-tags.js';
import { type ImageRef, isDockerImage, isHubLibrary } from '../model/image-ref.js';
import { HOLE } from '../model/text.js';

export interface DockerImage {
  readonly variant: 'cli' | 'dind' | 'dind-rootless' | 'unknown';
  /** `undefined` for a current one. */
  readonly version: DockerVersion | undefined;
  /** False when the version hides behind a variable or a digest. */
  readonly versionKnown: boolean;
  /** It comes from another registry and is taken for a copy of the official one. */
  readonly mirrored: boolean;
}

/** `undefined` when the image is no docker image. Since 23.0 a tag without variant is the dind image. */
export function dockerImage(ref: ImageRef): DockerImage | undefined {
  if (!isDockerImage(ref)) return undefined;
  const mirrored = !isHubLibrary(ref);
  const written = ref.tag ?? ref.text.text.slice(ref.repository.length + 1).replace(/@.*$/, '');
  const tag = parseDockerTag(written.replaceAll(HOLE, '0') || 'latest');
  const versionKnown =
    ref.tag !== undefined && (ref.digest === undefined || ref.tag !== '') && tag.variant !== 'other';
  const moving = movingTag(ref.tag || 'latest');
  const version = !versionKnown
    ? undefined
    : (tag.version ?? (moving?.stopped ? parseDockerTag(moving.release).version : undefined));
  return { variant: variantOf(tag.variant, versionKnown, version), version, versionKnown, mirrored };
}

function variantOf(
  variant: ReturnType<typeof parseDockerTag>['variant'],
  versionKnown: boolean,
  version: DockerVersion | undefined,
): DockerImage['variant'] {
  if (variant === 'dind' || variant === 'dind-rootless' || variant === 'cli') return variant;
  if (variant === 'git') return 'cli';
  if (variant !== 'bare' || !versionKnown) return 'unknown';
  return version === undefined || version.major >= 23 ? 'dind' : 'cli';
}
