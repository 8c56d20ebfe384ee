/** Which lines of docker's official image are maintained, and how a job moves to the one that is. */

import {
  comparable,
  type DockerVariant,
  movingTag,
  newestPatch,
  parseDockerTag,
} from '../catalog/docker-tags.js';
import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { ImageRef } from '../model/image-ref.js';
import type { Intent } from '../model/intent.js';
import { placeKey, settled } from '../model/known.js';
import { dockerImage, runsDockerd } from '../trace/docker-image.js';
import { isOfficial, type NamedImage, onlyFix, retag } from './images.js';

/** The newest release that is known: the only line that gets new builds. */
export function newestRelease(): string {
  return newestPatch(undefined, 'bare') ?? 'latest';
}

/** The major of the only line that gets new builds. */
export function maintainedMajor(): number {
  major ??= parseDockerTag(newestRelease()).version?.major ?? 0;
  return major;
}

let major: number | undefined;

/** The line by the name it goes by: 20.10 and 19.03, 28. */
export function lineName(major: number): string {
  return NAMES[major] ?? String(major);
}

const NAMES: Readonly<Record<number, string>> = { 1: '1.x', 19: '19.03', 20: '20.10' };

/** The tag names a line that gets no new builds, or a name that has stopped moving. */
export function isDropped({ ref, docker }: NamedImage): boolean {
  if (!docker || ref.tag === undefined) return false;
  const { version } = parseDockerTag(ref.tag || 'latest');
  if (version) return version.major < maintainedMajor();
  return movingTag(ref.tag || 'latest')?.stopped ?? false;
}

/** Moves all dropped docker images of a job at once: an old client and a new daemon may not understand each other. */
export function moveToMaintained(all: readonly NamedImage[]): readonly FixPlan[] {
  const dropped = all.filter(isDropped);
  if (dropped.some(losesItsCache) || dropped.some(leavesItsPartner)) return [];
  if (!dropped.every(image => isOfficial(image) && keepsItsTls(image) && !namesLostDriver(image))) return [];
  const moved = dropped.map(image => {
    const variant = variantToday(image);
    const tag = variant && newestPatch(undefined, variant);
    return tag === undefined ? [] : retag(image, tag);
  });
  if (moved.some(intents => intents.length === 0)) return [];
  const title = `Move to docker ${newestRelease()}, a new major (newest known patch of the maintained line)`;
  return onlyFix(title, 'unsafe', distinct(moved.flat()));
}

/** dind of 19.03 and later turns TLS on where older ones listened on 2375; which is another change than a version. */
function keepsItsTls({ ref, role, site }: NamedImage): boolean {
  const tag = ref.tag || 'latest';
  const version = parseDockerTag(tag).version ?? parseDockerTag(movingTag(tag)?.release ?? '').version;
  return (
    (role === 'image' && !(site?.self && runsDockerd(site.self))) ||
    (version !== undefined && comparable(version, { major: 19, minor: 3, patch: 0 }) >= 0)
  );
}

/** An old container beside it is left behind, and an old one and a new one may not understand each other. */
function leavesItsPartner({ ref, site }: NamedImage): boolean {
  const partners = (site?.neighbours ?? []).filter(one => dockerImage(one.ref) !== undefined);
  return isOld(ref) && partners.some(one => isOld(one.ref));
}

function isOld({ tag }: ImageRef): boolean {
  const { version } = parseDockerTag(tag || 'latest');
  return version !== undefined && comparable(version, { major: 20, minor: 10, patch: 0 }) < 0;
}

/** The variant of today that does the work of a tag of docker; `undefined` where that is not clear. */
export function variantToday({ ref, role }: Pick<NamedImage, 'ref' | 'role'>): DockerVariant | undefined {
  const { version, variant, suffix = '' } = parseDockerTag(ref.tag || 'latest');
  if (variant === 'git') return 'cli';
  // Before 23.0 a tag without variant was the client; what it was to do as a service is not clear.
  const old = version ? version.major < 23 : /^(?:stable|edge|test)/.test(ref.tag ?? '');
  if (variant === 'bare' && old) return role === 'service' ? undefined : 'cli';
  if (variant !== 'other') return variant;
  if (/rootless/.test(suffix)) return 'dind-rootless';
  if (/dind/.test(suffix)) return 'dind';
  return /client|cli/.test(suffix) ? 'cli' : undefined;
}

/** BuildKit, the builder since 23.0, takes no cache from images that were not built for it. */
function losesItsCache({ ref, role, site }: NamedImage): boolean {
  const { version } = parseDockerTag(ref.tag || 'latest');
  return role === 'image' && (version?.major ?? 0) < 23 && site !== undefined && takesCache(site);
}

/** A build of the job names an image to take its cache from. */
export function takesCache(site: BuildSite): boolean {
  return site.commands.some(({ shell }) => shell.words.some(({ text }) => /^--cache-from(?:=|$)/.test(text)));
}

/** A new daemon lacks the driver that the job asks for. */
function namesLostDriver({ role, site }: NamedImage): boolean {
  const driver = site && settled(site.env.get('DOCKER_DRIVER'))?.text;
  return role === 'service' && /^(?:aufs|overlay|devicemapper)$/.test(driver ?? '');
}

/** Image and service may come from one variable. */
function distinct(intents: readonly Intent[]): readonly Intent[] {
  const seen = new Set<string>();
  return intents.filter(intent => {
    const key = intent.kind === 'replace-value' ? placeKey(intent.at) : '';
    return !seen.has(key) && seen.add(key);
  });
}
