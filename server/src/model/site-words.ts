/** What people call a site, in the words of its format. */
import type { BuildSite, DialectId } from './build-site.js';

const NOUNS: Partial<Readonly<Record<DialectId, string>>> = {
  compose: 'service',
  kubernetes: 'container',
  jenkinsfile: 'stage',
  shell: 'script',
  dockerfile: 'stage',
};

/** `job`, or what the format calls a place where builds run. */
export function nounOf({ dialect }: Pick<BuildSite, 'dialect'>): string {
  return NOUNS[dialect] ?? 'job';
}

/** `job "build"`, for the middle of a sentence. */
export function nameOf(site: Pick<BuildSite, 'dialect' | 'name' | 'called'>): string {
  return site.called ?? `${nounOf(site)} "${site.name}"`;
}

/** `Job "build"`, for the start of a sentence. */
export function titleOf(site: Pick<BuildSite, 'dialect' | 'name' | 'called'>): string {
  const name = nameOf(site);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
