/** The images, beside docker itself, that build or run containers: what they are and which tag to pin. */
import { BUILDER_IMAGES, BUILDER_IMAGES_CHECKED } from './data/builder-images.js';

/** One row of data/builder-images.json. */
export interface BuilderImage {
  readonly tool: 'docker' | 'buildkit' | 'buildah' | 'podman' | 'kaniko' | 'skopeo';
  /** `builder` builds by itself, `client` needs a daemon, `proxy` guards one, `copier` neither builds nor runs. */
  readonly role: 'builder' | 'client' | 'proxy' | 'copier';
  readonly state: 'maintained' | 'archived' | 'not-public';
  /** Without `docker.io/`. */
  readonly repositories: readonly string[];
  /** Variant (`''` is the plain image) to the newest tag that is known to be published. */
  readonly pins: Readonly<Record<string, string>>;
  /** Newest release of the software, where no image of it is known. */
  readonly newestRelease?: string;
  /** Tags that move. */
  readonly floating: readonly string[];
  readonly date: string;
  readonly source: string;
}

/** ISO date on which the table was last looked over. */
export const BUILDER_IMAGES_DATE: string = BUILDER_IMAGES_CHECKED;

/** All rows, in the order of the data. */
export const builderImages: readonly BuilderImage[] = BUILDER_IMAGES;

/**
 * The row of an image. `repository` is the name without tag and digest; a copy in another registry counts when
 * its path ends in the path of the original (`mirror.example/moby/buildkit`).
 */
export function findBuilderImage(repository: string): BuilderImage | undefined {
  const name = repository.replace(/^(?:index\.|registry-1\.)?docker\.io\//, '');
  const exact = originals().get(name);
  return exact ?? (name.includes('/') ? copies().find(([path]) => name.endsWith(path))?.[1] : undefined);
}

/** True when the image builds or runs containers, be it by itself or through a daemon. */
export function buildsOrRuns(repository: string): boolean {
  const role = findBuilderImage(repository)?.role;
  return role === 'builder' || role === 'client';
}

/** True when the tag of a known image moves; `undefined` as tag means that none is given. */
export function isFloatingBuilderTag(repository: string, tag: string | undefined): boolean {
  return findBuilderImage(repository)?.floating.includes(tag ?? 'latest') ?? false;
}

/**
 * The tag to pin a known image to, in the variant of `tag` (`debug`, `v1.24.0-debug`, `master-rootless`), or in
 * the plain one when the tag names no variant. Undefined when none is known to be published.
 */
export function pinFor(repository: string, tag: string | undefined): string | undefined {
  const pins = findBuilderImage(repository)?.pins;
  if (pins === undefined) {
    return undefined;
  }
  const variant = Object.keys(pins).find(
    name => name !== '' && new RegExp(`(?:^|-)${name}$`).test(tag ?? ''),
  );
  return pins[variant ?? ''];
}

/**
 * The full reference that our recipes use for a tool: `pinnedImage('kaniko', 'debug')`.
 *
 * @throws Error when the table has no such pin, which is a mistake in the caller.
 */
export function pinnedImage(tool: BuilderImage['tool'], variant = ''): string {
  const image = BUILDER_IMAGES.find(
    row => row.tool === tool && row.state === 'maintained' && variant in row.pins,
  );
  const tag = image?.pins[variant];
  if (image === undefined || tag === undefined) {
    throw new Error(`no pinned image for ${tool} ${variant}`);
  }
  return `${image.repositories[0]}:${tag}`;
}

let byName: ReadonlyMap<string, BuilderImage> | undefined;

function originals(): NonNullable<typeof byName> {
  // The first row that has a name counts.
  byName ??= new Map(
    BUILDER_IMAGES.toReversed().flatMap(image => image.repositories.map(name => [name, image] as const)),
  );
  return byName;
}

let endings: readonly (readonly [string, BuilderImage])[] | undefined;

/** How the names of copies end, in the order of the data. */
function copies(): NonNullable<typeof endings> {
  endings ??= BUILDER_IMAGES.flatMap(image =>
    image.repositories.flatMap(known => {
      const path = /^[^/]*[.:][^/]*\//.test(known) ? known.slice(known.indexOf('/') + 1) : known;
      return path.includes('/') ? [[`/${path}`, image] as const] : [];
    }),
  );
  return endings;
}
