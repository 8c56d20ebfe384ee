/** Tells whether a folder that one container writes is the one that another reads, by the volumes of both. */
import type { Container, Mount } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { HOLE } from '../model/text.js';

/** The volume that a path of a container lies on: the deepest that covers it. */
export function mountAt({ mounts }: Container, path: string): Mount | undefined {
  const covering = (settled(mounts) ?? []).filter(mount => covers(mount, path));
  return covering.reduce<Mount | undefined>(
    (deepest, mount) =>
      !deepest || trimmed(mount.target).length >= trimmed(deepest.target).length ? mount : deepest,
    undefined,
  );
}

/** Whether a mount puts `path` into a container; a parent folder does too. */
export function covers(mount: Pick<Mount, 'target'>, path: string): boolean {
  const target = plainPath(mount.target);
  const wanted = plainPath(path);
  return wanted === target || wanted.startsWith(target === '/' ? '/' : `${target}/`);
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

/** `/var/run` leads to `/run` on every distribution whose images matter here. */
export function plainPath(path: string): string {
  return (
    path
      .replace(/\/{2,}/g, '/')
      .replace(/\/+$/, '')
      .replace(/^\/var\/run(?=\/|$)/, '/run') || '/'
  );
}

/** Where what lies at a path of a container is kept: below a volume, or a folder of the host. */
export function spotAt(container: Container, path: string): string | undefined {
  const mount = mountAt(container, path);
  if (mount?.source === undefined || mount.source === 'tmpfs:') return undefined;
  const target = plainPath(mount.target);
  const rest = plainPath(path).slice(target === '/' ? 0 : target.length);
  return trimmed(trimmed(mount.source) + rest);
}

/**
 * Whether `reader` finds in `ours` what `writer` keeps in `theirs`; `undefined` when that cannot be told. `others` are
 * all other containers that might have put something there.
 */
export function finds(
  reader: Container,
  ours: string,
  writer: Container,
  theirs: string,
  others: readonly Container[],
): boolean | undefined {
  if (reader.mounts.state === 'unknown' || writer.mounts.state === 'unknown') return undefined;
  const here = spotAt(reader, ours);
  // Nothing but the image has put anything there.
  if (here === undefined) return false;
  const there = spotAt(writer, theirs);
  if (here === there) return true;
  // It never leaves the writer, or the reader has a fresh volume of its own.
  if (there === undefined || here.startsWith('anonymous:')) return false;
  if (here.includes(HOLE) || there.includes(HOLE)) return undefined;
  const { source } = mountAt(reader, ours) ?? {};
  if (!source?.startsWith('volume:')) return undefined;
  // The writer's own volume, at another level: what lies there is known.
  if (has(writer, source)) return false;
  const shared = others.some(
    other => other !== reader && (other.mounts.state === 'unknown' || has(other, source)),
  );
  return shared ? undefined : false;
}

function has({ mounts }: Container, source: string): boolean {
  return (settled(mounts) ?? []).some(mount => mount.source === source);
}

/** The path under which `reader` sees what `writer` keeps in `theirs`. */
export function pathTo(reader: Container, writer: Container, theirs: string): string | undefined {
  const spot = spotAt(writer, theirs);
  if (spot === undefined) return undefined;
  const mount = (settled(reader.mounts) ?? []).find(
    ({ source }) =>
      source !== undefined && (spot === trimmed(source) || spot.startsWith(`${trimmed(source)}/`)),
  );
  return mount?.source === undefined
    ? undefined
    : trimmed(mount.target) + spot.slice(trimmed(mount.source).length);
}
