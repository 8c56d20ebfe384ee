/** An image reference taken apart, also when parts of it are unknown. */
import { HOLE, type Text } from './text.js';

/** `registry.example.com:5000/group/docker:29.7.2-dind@sha256:…` in its parts. */
export interface ImageRef {
  readonly text: Text;
  /** Registry and path in front of the last segment, `''` for an image of Docker Hub's library. */
  readonly prefix: string;
  /** Last segment of the path, without tag: `docker`. `undefined` when it is (partly) unknown. */
  readonly name: string | undefined;
  /** Whole repository without tag, as written. */
  readonly repository: string;
  /** The tag; `''` when none is written, `undefined` when it is (partly) unknown. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Takes a reference apart by the grammar of distribution/reference: `[host[:port]/]path[:tag][@digest]`. */
export function parseImage(text: Text): ImageRef {
  const [named = '', digest] = text.text.split('@', 2);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const repository = colon < 0 ? named : named.slice(0, colon);
  const last = repository.slice(slash + 1);
  const tag = colon < 0 ? '' : named.slice(colon + 1);
  // A hole at the end may hold a tag or a digest of its own.
  const open = colon < 0 && repository.endsWith(HOLE);
  return {
    text,
    prefix: slash < 0 ? '' : named.slice(0, slash),
    name: last.includes(HOLE) ? undefined : last,
    repository,
    tag: open || tag.includes(HOLE) ? undefined : tag,
    digest,
  };
}

const HUB_LIBRARY = /^(?:(?:(?:index|registry-1|registry)\.)?docker\.io(?:\/library)?|library)$/;

/** True for an image of Docker Hub's own library, however it is spelled; mirrors are not included. */
export function isHubLibrary(ref: ImageRef): boolean {
  return ref.prefix === '' || HUB_LIBRARY.test(ref.prefix);
}

/** What an image is to us, by its repository and tag. */
export type DockerVariant = 'cli' | 'dind' | 'dind-rootless' | 'unknown';

/**
 * The docker image family by the name of the repository: `docker`, under Docker Hub's library or under a
 * mirror's path that ends in `/docker` or `/library/docker`. Since 23.0 a tag without variant is the dind image.
 */
export function isDockerImage(ref: ImageRef): boolean {
  return ref.name === 'docker' || (ref.name === undefined && ref.repository === 'docker');
}
