/** Finds the files that links between files lead to, across checkouts of other projects. */
import type { Link } from '../dialects/dialect.js';

/** Folders with checkouts of other projects, from the root of this one, by the name of the project. */
export type Checkouts = ReadonlyMap<string, string>;

/**
 * The path or pattern of a link, from the root of this project; `undefined` for another project of which there is no
 * checkout. Local links of a file in a checkout stay in that checkout. The path of a link from the root counts letter
 * by letter: GitLab knows no `./` and no `../`.
 */
export function targetOf(link: Link, from: string, checkouts: Checkouts): string | undefined {
  if (link.relative) {
    if (link.target.startsWith('/')) return undefined;
    return plainFolder(`${from.replace(/[^/]*$/, '')}${link.target}`);
  }
  const given = link.project === undefined ? undefined : checkouts.get(link.project);
  if (link.project !== undefined && given === undefined) return undefined;
  const base = given === undefined ? baseOf(from, checkouts) : plainFolder(given);
  return base === '' ? link.target : `${base}/${link.target}`;
}

function baseOf(from: string, checkouts: Checkouts): string {
  const folders = [...checkouts.values()].map(plainFolder);
  const around = folders.filter(folder => folder !== '' && from.startsWith(`${folder}/`));
  return around.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Without `./`, empty parts, and detours through `..`. */
function plainFolder(folder: string): string {
  const parts: string[] = [];
  for (const part of folder.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Whether a target may be looked for: it lies in the project, or in the checkout of another one. */
export function mayLookFor(target: string, checkouts: Checkouts): boolean {
  const inside = [...checkouts.values()].map(plainFolder).find(folder => target.startsWith(`${folder}/`));
  return !target
    .slice(inside?.length ?? 0)
    .split('/')
    .includes('..');
}

/** GitLab knows `*` and `**` only; other marks stand for themselves. */
export function isPattern(target: string): boolean {
  return target.includes('*');
}

/** The paths among `paths` that a target stands for, in the order in which git lists them. */
export function pathsFor(
  target: string,
  paths: Iterable<string>,
  has: (path: string) => boolean,
): readonly string[] {
  if (!isPattern(target)) return has(target) ? [target] : [];
  const matches = includeMatcher(target);
  return [...paths].filter(matches).sort((a, b) => (a < b ? -1 : 1));
}

/** A pattern with more marks is none that people write, and takes too long. */
const MAX_MARKS = 20;

/**
 * `*` within a folder, `**` across folders, none included.
 * Source: gitlabhq lib/gitlab/ci/config/external/mapper/location_expander.rb.
 */
export function includeMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern.split(/(\*\*\/|\*\*|\*)/).filter(part => part !== '');
  if (parts.length > 2 * MAX_MARKS) return () => false;
  return path => matchesParts(parts, path);
}

/** Keeps all offsets that the parts so far can end at, so that the work is bounded. */
function matchesParts(parts: readonly string[], path: string): boolean {
  let ends: ReadonlySet<number> = new Set([0]);
  for (const part of parts) {
    ends = new Set([...ends].flatMap(end => endsAfter(part, path, end)));
    if (ends.size === 0) return false;
  }
  return ends.has(path.length);
}

function endsAfter(part: string, path: string, from: number): readonly number[] {
  if (!part.startsWith('*')) return path.startsWith(part, from) ? [from + part.length] : [];
  const ends = part === '**/' ? [from] : [];
  const slash = path.indexOf('/', from);
  const last = part === '*' && slash >= 0 ? slash : path.length;
  for (let end = from; end <= last; end++) {
    if (part !== '**/' || path[end - 1] === '/') ends.push(end);
  }
  return ends;
}
