/** Points out jobs about containers that none of the declared runners takes. */
import type { Unserved } from '../model/build-site.js';
import { closest } from '../model/closest.js';
import type { FixPlan, FixView } from '../model/finding.js';
import { placeKey, type Sourced, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { whom } from './reach.js';

export default defineRule({
  id: 'no-runner-for-tags',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Job that no declared runner takes',
    why: 'GitLab gives a job to a runner only if that has all of its tags, letter by letter, and a job without tags only to one that runs untagged jobs. A job that nobody takes waits: "This job is stuck because of one of the following problems. There are no active runners online, no runners for the protected branch, or no runners that match all of the job\'s tags". Runners that .drydock.yml does not declare may still take it; then what it says here is unknown.',
    remedy:
      'Correct the tags of the job, or those of the runner in .drydock.yml (tags, untagged: true). Where other runners take such jobs, of which nothing is known here, set no-runner-for-tags to off there.',
    sources: [
      'https://docs.gitlab.com/ci/runners/configure_runners/#control-jobs-that-a-runner-can-run',
      'https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/ci/pending_build.rb',
    ],
  }),
  fixable: true,

  *site({ site, blind, unserved }) {
    // Jobs that have nothing to do with containers are not what runners are declared for.
    if (!unserved || blind.length === 0 || site.hidden) return;
    const tag = onlyForeign(unserved);
    const meant = tag && closest(tag.value, unserved.known);
    const list = site.tags.state === 'known' ? site.tags.origin.place : site.place;
    yield {
      at: tag?.origin.place ?? list,
      message: `No declared runner takes ${nameOf(site)}: none ${lack(unserved)}${meant ? `; did you mean ${meant}?` : '.'}`,
      confidence: 'medium',
      fixes: view => (tag && meant ? useTag(tag, meant, view) : []),
    };
  },
});

/** Why no runner in view takes the job, for a list of what is not known. */
export function whyUnserved(unserved: Unserved): string {
  return `no declared runner ${lack(unserved)}`;
}

function lack(unserved: Unserved): string {
  const { tags } = unserved;
  if (tags.length === 0) return 'takes jobs without tags';
  const tag = onlyForeign(unserved);
  return tag
    ? `has the tag ${tag.value}`
    : `has all of the tags ${tags.map(({ value }) => value).join(', ')}`;
}

/** The tag that is known of no runner, where there is one such. */
function onlyForeign({ tags, known }: Unserved): Sourced<string> | undefined {
  const foreign = tags.filter(({ value }) => !known.includes(value));
  return foreign.length === 1 ? foreign[0] : undefined;
}

function useTag({ origin }: Sourced<string>, name: string, view: FixView): readonly FixPlan[] {
  const key = placeKey(origin.place);
  const users = view
    .all()
    .filter(({ site }) => settled(site.tags)?.some(tag => placeKey(tag.origin.place) === key));
  return [
    {
      title: `Ask for the tag ${name}${whom(origin, users)} (another runner takes the job then)`,
      safety: 'unsafe',
      intents: [{ kind: 'replace-value', at: origin.place, value: name }],
    },
  ];
}
