/** Flags workflows that push a released image for pull requests. */
import type { BuildSite, Command } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { type Place, settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule, type SiteContext } from './define.js';
import { settledText } from './docker-commands.js';
import { onlyFix } from './images.js';
import { severityOf } from './surety.js';
import { type Push, pushesOf, stepOf } from './workflow-steps.js';

export default defineRule({
  id: 'gh-push-on-pr',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Pull request that pushes a released image',
    why: 'The workflow also runs for pull requests. Those of forks have no secrets and a token that may only read, so the push fails; all others put code that nobody has merged under the name that others pull.',
    remedy: "Push otherwise only: push: ${{ github.event_name != 'pull_request' }}.",
    sources: [
      'https://docs.docker.com/build/ci/github-actions/push-multi-registries/',
      'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request',
    ],
  }),
  fixable: true,
  *site(context) {
    const { site, tools } = context;
    const event = opensForPullRequests(site);
    if (!event || (site.workflow?.conditions.length ?? 0) > 0) return;
    const push = pushesOf(site, tools).find(one => one.always && isFixed(context, one));
    if (!push) return;
    yield {
      at: pushPlace(site, push.command) ?? push.command.script.place(push.value.start, push.value.end),
      message: `${titleOf(site)} pushes ${settledText(site, push.value.text)} for pull requests too.`,
      related: [{ place: event, message: 'It runs for pull requests.' }],
      fixes: () => otherwiseOnly(site, push.command),
    };
  },
});

function opensForPullRequests({ workflow }: BuildSite): Place | undefined {
  const event = workflow && settled(workflow.events)?.get('pull_request');
  // Closed ones may be merged.
  return event && event.types?.every(type => type === 'closed') !== true ? event.place : undefined;
}

/** A name that is the same for every run, in a registry that outlives the job; no condition stands in front. */
function isFixed({ site }: SiteContext, { command, value }: Push): boolean {
  const image = settledText(site, value.text);
  const step = stepOf(site, command);
  if (image === undefined || step?.condition !== undefined || severityOf(command) !== 'error') return false;
  return (
    image.includes('/') &&
    !/^(?:localhost|127\.|\[|ttl\.sh|registry:)/.test(image) &&
    !/-(?:pr|test|dev|ci)\b/.test(image)
  );
}

function pushPlace(site: BuildSite, command: Command): Place | undefined {
  return stepOf(site, command)?.inputs.get('push')?.place;
}

function otherwiseOnly(site: BuildSite, command: Command): readonly FixPlan[] {
  const at = pushPlace(site, command);
  const value = "${{ github.event_name != 'pull_request' }}";
  return at
    ? onlyFix('Push only if it is no pull request', 'unsafe', [{ kind: 'replace-value', at, value }])
    : [];
}
