/** The mounts that bring the certificates of a daemon to its clients, where each is a container of its own. */
import type { BuildSite } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';
import { type Place, settled } from '../model/known.js';
import { mountAt, plainPath } from '../trace/sharing.js';
import type { Self } from './containers.js';

/** A site that is a container of its own, beside others. */
export type OwnSite = BuildSite & { readonly self: Self };

export function isOwn(site: BuildSite): site is OwnSite {
  return site.self !== undefined && site.neighbours !== undefined;
}

/** Where the container of a site is set up. */
export function setUpAt({ self, place }: OwnSite): Place {
  return self.container.place ?? place;
}

/** A client, and the folder in which it looks for the certificates. */
export interface Reader {
  readonly site: OwnSite;
  readonly folder: string;
}

const VOLUME = 'docker-certs';

/** The mounts that bring the folder `theirs` of a daemon to its readers; `undefined` where others stand in the way. */
export function sharing(
  daemon: OwnSite,
  theirs: string,
  readers: readonly Reader[],
): readonly Intent[] | undefined {
  const kept = volumeAt(daemon, theirs);
  const found = readers.map(({ site, folder }) => volumeAt(site, folder));
  if (kept === 'taken') return undefined;
  const name = kept?.name ?? found.flatMap(one => (isWhole(one) ? [one.name] : []))[0] ?? VOLUME;
  // The name may be that of something else.
  if (name === VOLUME && !kept && !found.some(isWhole) && mounts(daemon, `volume:${VOLUME}`))
    return undefined;
  const used = found.map(one => (one !== undefined && one !== 'taken' && one.name === name ? 'shared' : one));
  // A part of another volume would be covered.
  if (used.some(one => one === 'taken' || (one && one !== 'shared' && !one.whole))) return undefined;
  const mount = (site: OwnSite, volume: string): Intent => ({
    kind: 'add-mount',
    runner: setUpAt(site),
    volume,
  });
  return [
    ...(kept ? [] : [mount(daemon, `${name}:${theirs}`)]),
    ...readers.flatMap(({ site, folder }, i) =>
      used[i] === 'shared' ? [] : [mount(site, `${name}:${folder}:ro`)],
    ),
  ];
}

/** What of a named volume lies at a folder: its name, with the path in it where more of it is mounted. */
interface Volume {
  readonly name: string;
  /** The folder is where the volume is mounted, so that another one may take its place. */
  readonly whole: boolean;
}

/** `taken` where the folder is part of something that is no volume; nothing where no volume is in the way. */
function volumeAt({ self: { container } }: OwnSite, folder: string): Volume | 'taken' | undefined {
  if (container.mounts.state === 'unknown') return 'taken';
  const there = mountAt(container, folder);
  // What no other container sees may be replaced or covered.
  if (there?.source === undefined || there.source.startsWith('anonymous:')) return undefined;
  const named = /^volume:(.+)$/.exec(there.source)?.[1];
  if (named === undefined) return 'taken';
  const target = plainPath(there.target);
  const rest = plainPath(folder).slice(target === '/' ? 0 : target.length);
  return { name: named + rest, whole: rest === '' && !there.taken };
}

function isWhole(volume: Volume | 'taken' | undefined): volume is Volume {
  return volume !== undefined && volume !== 'taken' && volume.whole;
}

/** Whether any container of the project mounts a source. */
function mounts({ self, neighbours = [] }: OwnSite, source: string): boolean {
  return [self, ...neighbours].some(({ container }) =>
    settled(container.mounts)?.some(mount => mount.source === source),
  );
}
