/** Says in the titles of fixes whom else they change. */
import type { BuildSite } from '../model/build-site.js';
import type { FixView, SiteView } from '../model/finding.js';
import { type Origin, type Place, placeKey } from '../model/known.js';
import { nounOf } from '../model/site-words.js';

/**
 * What to add to the title of a fix that changes the value at `origin`: nothing when only one job has it, else
 * ` in .docker, which 3 jobs use`, or ` for all 3 jobs
 * that have it`.
 */
export function whom(origin: Origin, users: readonly SiteView[], how = 'that have it'): string {
  const jobs = new Set(users.filter(({ site }) => !site.hidden).map(({ site }) => placeKey(site.place)));
  const [first] = users;
  if (jobs.size < 2 || !first) return '';
  const nouns = `${nounOf(first.site)}s`;
  const named = origin.from !== undefined && origin.way !== 'global' && origin.way !== 'default';
  if (named) return ` in ${origin.from}, which ${jobs.size} ${nouns} use`;
  return jobs.size === 2 ? ` for both ${nouns} ${how}` : ` for all ${jobs.size} ${nouns} ${how}`;
}

/** The same for what is set up for a container in which several sites run. */
export function whomInside({ self }: BuildSite, view: FixView): string {
  const place = self?.container.place;
  const key = place && placeKey(place);
  if (!place || key === undefined) return '';
  const users = view.all().filter(({ site }) => {
    const own = site.self?.container.place;
    return own && placeKey(own) === key;
  });
  return whom({ place, way: 'own' }, users, 'that run there');
}

/** The sites that take the variable `name` from one place, for themselves or for a service of theirs. */
export function usersOfVariable(view: FixView, name: string, place: Place): readonly SiteView[] {
  const key = placeKey(place);
  return view.all().filter(({ site }) => {
    const services = site.services.state === 'known' ? site.services.value : [];
    return [site, ...services.map(({ variables }) => ({ env: variables }))].some(({ env }) => {
      const value = env.get(name);
      return value.state === 'known' && placeKey(value.origin.place) === key;
    });
  });
}

/** The sites that run the service that is written at one place. */
export function usersOfService(view: FixView, place: Place): readonly SiteView[] {
  const key = placeKey(place);
  return view
    .all()
    .filter(
      ({ site }) =>
        site.services.state === 'known' &&
        site.services.value.some(({ origin }) => placeKey(origin.place) === key),
    );
}
