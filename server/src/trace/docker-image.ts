/** Tells what an image of the docker family is: client or daemon, and of which version. */
import { type DockerVersion, movingTag, parseDockerTag } from '../catalog/docker-tags.js';
import type { BuildSite, Service } from '../model/build-site.js';
import { type ImageRef, isDockerImage, isHubLibrary } from '../model/image-ref.js';
import { kept } from '../model/kept.js';
import { settled } from '../model/known.js';
import { HOLE, show } from '../model/text.js';
import { daemonArguments, isClient } from './daemon-arguments.js';

export interface DockerImage {
  readonly variant: 'cli' | 'dind' | 'dind-rootless' | 'unknown';
  /** `undefined` for a current one. */
  readonly version: DockerVersion | undefined;
  /** False when the version hides behind a variable or a digest. */
  readonly versionKnown: boolean;
  /** It comes from another registry and is taken for a copy of the official one. */
  readonly mirrored: boolean;
}

/** The project's own registry holds the project's own images, whatever they are called. */
const PROJECTS_OWN = /^\$CI_REGISTRY|\$\{\{\s*github\.repository(?:_owner)?\s*\}\}/;

/** Mirrors of Docker Hub by the way they spell its library, and GitLab's dependency proxy. */
const MIRROR =
  /(?:^|\/)library\/docker(?:[:@]|$)|\/docker\.io\/docker(?:[:@]|$)|^\$CI_DEPENDENCY_PROXY_\w+\/docker(?:[:@]|$)/;

/** `undefined` when the image is no docker image. Since 23.0 a tag without variant is the dind image. */
export const dockerImage = kept((ref: ImageRef): DockerImage | undefined => {
  if (!isDockerImage(ref) || PROJECTS_OWN.test(show(ref.text))) return undefined;
  const mirrored = !isHubLibrary(ref) && !MIRROR.test(show(ref.text));
  const written = ref.tag ?? ref.text.text.slice(ref.repository.length + 1).replace(/@.*$/, '');
  const tag = parseDockerTag(written.replaceAll(HOLE, '0') || 'latest');
  const versionKnown =
    ref.tag !== undefined && (ref.digest === undefined || ref.tag !== '') && tag.variant !== 'other';
  const version = versionKnown ? (tag.version ?? stoppedAt(ref.tag || 'latest')) : undefined;
  return { variant: variantOf(tag.variant, versionKnown, version), version, versionKnown, mirrored };
});

/** The version of a tag without one that has stopped moving. */
function stoppedAt(tag: string): DockerVersion | undefined {
  const moving = movingTag(tag);
  return moving?.stopped ? parseDockerTag(moving.release).version : undefined;
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

/**
 * The services of a site that run a daemon of the docker family, itself counted where it is a container that does;
 * empty when its services are not known.
 */
export function dindServices(site: BuildSite): readonly Service[] {
  const services = settled(site.services) ?? [];
  return (site.self ? [site.self, ...services] : services).filter(runsDockerd);
}

/** A container with an image of the docker family that starts the daemon, as far as can be told. */
export function runsDockerd(service: Service): boolean {
  const image = dockerImage(service.ref);
  return image !== undefined && image.variant !== 'cli' && !isClient(service) && !isOpen(service, image);
}

/** An image that may be either, in a container that may be either: only flags tell that a daemon gets them. */
export function isOpen(service: Service, { variant }: DockerImage): boolean {
  return (
    service.container !== undefined && variant === 'unknown' && (daemonArguments(service) ?? []).length === 0
  );
}
