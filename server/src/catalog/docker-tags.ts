/** What is known about the tags of the official docker image: reading them, which exist, which is the newest. */
import { MOVING_TAGS, TAG_GROUPS, TAGS_COMPLETE_TO } from './data/docker-tags.js';

/** ISO date to which the table is complete; a tag that is newer is unknown, it is not missing. */
export const DOCKER_TAGS_DATE: string = TAGS_COMPLETE_TO;

/** A version as far as a tag states it: `28` has no minor, `29-rc` has the prerelease `rc` and no minor. */
export interface DockerVersion {
  readonly major: number;
  readonly minor?: number;
  readonly patch?: number;
  /** `rc.1`, `rc1`, `beta.2`, `tp3`, or `rc` for the moving tag of a line. */
  readonly prerelease?: string;
}

export type DockerVariant = 'bare' | 'cli' | 'dind' | 'dind-rootless' | 'git' | 'windows' | 'other';

/** A tag taken apart. */
export interface DockerTag {
  readonly version?: DockerVersion;
  readonly variant: DockerVariant;
  /** What follows the variant, with its dash: `-alpine3.20`, `-ltsc2022`; all of it when the variant is `other`. */
  readonly suffix?: string;
  /** True for the names without a version that the image is known to use: latest, dind, cli, stable-dind, rc. */
  readonly floating: boolean;
}

/** A name without version, as it was last listed. */
export interface MovingTag {
  /** The release that it stood for; if it has stopped it stands for that one for ever. */
  readonly release: string;
  /** ISO date on which it was last listed. */
  readonly last: string;
  readonly stopped: boolean;
}

interface Release {
  readonly name: string;
  readonly version: DockerVersion;
  readonly variants: ReadonlySet<DockerVariant>;
}

const VERSION = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-ce)?(?:-((?:rc|beta|tp)[.\d]*))?(?=-|$)/;
const CHANNEL = /^(?:latest|stable|edge|test|rc-experimental|rc|experimental)(?=-|$)/;
const VARIANT = /^(?:-(dind-rootless|dind|cli|git|windowsservercore))?(-.+)?$/;
const PRERELEASE_ORDER = ['tp', 'beta', 'rc'];

/** What can stand behind a name, by that name: `28.5.2` has nothing, `-cli`, `-dind`, `-dind-alpine3.22`. */
let endings: ReadonlyMap<string, readonly string[]> | undefined;
/** Full versions only, no prereleases, newest first. */
let released: readonly Release[] | undefined;
let moving: ReadonlyMap<string, MovingTag> | undefined;

/** Takes a tag apart; `tag` stands without digest, and an image without tag has the tag `latest`. */
export function parseDockerTag(tag: string): DockerTag {
  const match = VERSION.exec(tag);
  if (match !== null) {
    return { version: versionOf(match), ...splitVariant(tag.slice(match[0].length)), floating: false };
  }
  const channel = CHANNEL.exec(tag)?.[0];
  const rest = splitVariant(channel === undefined ? `-${tag}` : tag.slice(channel.length));
  return { ...rest, floating: channel !== undefined || rest.variant !== 'other' };
}

/**
 * The newest released tag that has all numbers that `version` states, and the variant: {major: 28} and dind
 * give `28.5.2-dind`. Without version the newest of all. Undefined when the table has none, for a
 * prerelease, and for the variant `other`. Never a tag that is not in the table.
 */
export function newestPatch(version: DockerVersion | undefined, variant: DockerVariant): string | undefined {
  if (version?.prerelease !== undefined) {
    return undefined;
  }
  const found = releases().find(
    release => release.variants.has(variant) && (version === undefined || agrees(release.version, version)),
  );
  return found === undefined ? undefined : tagOf(found.name, variant);
}

/** True when the tag was ever listed for building, as release, prerelease or moving name. */
export function isKnownTag(tag: string): boolean {
  endings ??= endingsByName();
  for (let at = tag.length; at > 0; at = tag.lastIndexOf('-', at - 1)) {
    if (endings.get(tag.slice(0, at))?.includes(tag.slice(at))) return true;
  }
  return movingTag(tag) !== undefined;
}

/**
 * True when the tag is not in the table and cannot have come later either: its version is older than one that
 * is listed in the same major, or the whole major has ended and a newer one exists. `28.0.3`, `26-git` and
 * `28-rootless` were never listed; `28.6`, `29.7.3` and names without version are merely unknown.
 */
export function neverListed(tag: string): boolean {
  const { version } = parseDockerTag(tag);
  if (version === undefined || isKnownTag(tag)) {
    return false;
  }
  const newest = releases()[0]?.version;
  if (newest === undefined || version.major > newest.major) {
    return false;
  }
  const line = releases().filter(release => release.version.major === version.major);
  const ended = version.major < newest.major;
  return (
    (ended && line.length === 0) ||
    line.some(
      release => comparable(release.version, version) > 0 || (ended && agrees(release.version, version)),
    )
  );
}

/** What is known about a name without version (`stable-dind`, `latest`); undefined for any other tag. */
export function movingTag(tag: string): MovingTag | undefined {
  moving ??= movingTags();
  return moving.get(tag);
}

/**
 * Compares two versions: negative when `a` is older, positive when newer, 0 when equal. A number that is not
 * stated counts as the newest of its line, which is what such a tag stands for: 28 is newer than 28.0.1.
 * A prerelease is older than its release.
 */
export function comparable(a: DockerVersion, b: DockerVersion): number {
  return (
    a.major - b.major ||
    compareStated(a.minor, b.minor) ||
    compareStated(a.patch, b.patch) ||
    comparePrerelease(a.prerelease, b.prerelease)
  );
}

function versionOf([, major, minor, patch, prerelease]: RegExpExecArray): DockerVersion {
  return {
    major: Number(major),
    ...(minor === undefined ? {} : { minor: Number(minor) }),
    ...(patch === undefined ? {} : { patch: Number(patch) }),
    ...(prerelease === undefined ? {} : { prerelease }),
  };
}

/** `rest` is empty or begins with a dash. */
function splitVariant(rest: string): { variant: DockerVariant; suffix?: string } {
  const [, name, suffix] = VARIANT.exec(rest) ?? [];
  if (name === 'windowsservercore') {
    return { variant: 'windows', ...(suffix === undefined ? {} : { suffix }) };
  }
  if (name !== undefined) {
    return { variant: name as DockerVariant, ...(suffix === undefined ? {} : { suffix }) };
  }
  if (rest === '' || /^-alpine[\d.]*$/.test(rest)) {
    return { variant: 'bare', ...(rest === '' ? {} : { suffix: rest }) };
  }
  return { variant: 'other', suffix: rest };
}

function agrees(release: DockerVersion, asked: DockerVersion): boolean {
  return (
    release.major === asked.major &&
    (asked.minor === undefined || release.minor === asked.minor) &&
    (asked.patch === undefined || release.patch === asked.patch)
  );
}

function compareStated(a: number | undefined, b: number | undefined): number {
  if (a === b) {
    return 0;
  }
  return (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY) ? -1 : 1;
}

function comparePrerelease(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  const [kindA, kindB] = [a, b].map(text => PRERELEASE_ORDER.indexOf(text.replace(/[.\d]+$/, '')));
  return (kindA ?? 0) - (kindB ?? 0) || compareStated(trailingNumber(a), trailingNumber(b));
}

function trailingNumber(text: string): number | undefined {
  const digits = /\d+$/.exec(text)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

function tagOf(release: string, variant: DockerVariant): string {
  if (variant === 'bare') {
    return release;
  }
  return `${release}-${variant === 'windows' ? 'windowsservercore' : variant}`;
}

type TagGroup = (typeof TAG_GROUPS)[number];

function releases(): readonly Release[] {
  released ??= TAG_GROUPS.flatMap(group => {
    const [variants, , windows] = group;
    const has = new Set([...words(variants), ...(windows === '' ? [] : ['windows'])] as DockerVariant[]);
    return namesIn(group)
      .filter(name => /^\d+\.\d+\.\d+$/.test(name))
      .map(name => ({ name, version: parseDockerTag(name).version ?? { major: 0 }, variants: has }));
  }).sort((a, b) => comparable(b.version, a.version));
  return released;
}

function endingsByName(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    TAG_GROUPS.flatMap(group => {
      const all = endingsIn(group);
      return namesIn(group).map(name => [name, all] as const);
    }),
  );
}

function endingsIn([variants, alpine, windows]: TagGroup): readonly string[] {
  const plain = words(variants).map(variant => (variant === 'bare' ? '' : `-${variant}`));
  // Neither dind-rootless nor git was ever published with an Alpine version.
  const onAlpine = plain.filter(ending => ending === '' || ending === '-cli' || ending === '-dind');
  return [
    ...plain,
    ...words(alpine).flatMap(version => onAlpine.map(ending => `${ending}-alpine${version}`)),
    ...words(windows).map(version => `-windowsservercore${version === '*' ? '' : `-${version}`}`),
  ];
}

/** The opposite of `packed` in the generator. */
function namesIn([, , , packed]: TagGroup): string[] {
  const names: string[] = [];
  let line = '';
  for (const word of words(packed)) {
    if (word.endsWith(':')) {
      line = word.slice(0, -1);
    } else {
      names.push(word.startsWith('=') ? word.slice(1) : `${line}.${word}`);
    }
  }
  return names;
}

function movingTags(): Map<string, MovingTag> {
  return new Map(
    MOVING_TAGS.flatMap(([release, last, stopped, names]) =>
      words(names).map(name => [name, { release, last, stopped: stopped !== '' }] as const),
    ),
  );
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
