/** Flags builds of other people's code with the rights of the repository. */
import type { BuildSite } from '../model/build-site.js';
import type { Place } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { WorkflowStep } from '../model/workflow.js';
import { buildsOf } from './builds.js';
import { defineRule, type SiteContext } from './define.js';
import { dockerCommands } from './docker-commands.js';
import { stepOf, stepsOf } from './workflow-steps.js';

export default defineRule({
  id: 'gh-pull-request-target-build',
  severity: 'warning',
  profile: 'default',
  dialects: ['github-actions'],
  ...prose({
    title: 'Build of a fork with the rights of the repository',
    why: 'On pull_request_target and workflow_run a job has the secrets of the repository and a token that may write. If it checks out the head of a pull request and builds it, whoever opens one runs commands of theirs there: a Dockerfile is a script.',
    remedy:
      'Build on pull_request, which has neither, and publish in another workflow that builds nothing of the fork.',
    sources: [
      'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
      'https://docs.zizmor.sh/audits/#dangerous-triggers',
    ],
  }),
  fixable: false,
  *site(context) {
    const { site } = context;
    const event = riskyEvent(site);
    const checkout = event && stepsOf(site).find(checksOutHead);
    if (!event || !checkout || isGuarded(site, checkout)) return;
    const build = firstBuild(context, checkout);
    if (!build) return;
    yield {
      at: build,
      message: `${titleOf(site)} builds the code of a pull request on ${event.name}, with the secrets of the repository.`,
      related: [
        { place: checkout.place, message: 'It checks the code of the pull request out.' },
        { place: event.place, message: 'This gives it the rights of the repository.' },
      ],
    };
  },
});

function riskyEvent({ workflow }: BuildSite): { readonly name: string; readonly place: Place } | undefined {
  if (workflow?.events.state !== 'known') return undefined;
  for (const name of ['pull_request_target', 'workflow_run']) {
    const event = workflow.events.value.get(name);
    if (event) return { name, place: event.place };
  }
  return undefined;
}

const HEAD =
  /github\.event\.pull_request\.head\.|github\.head_ref|github\.event\.workflow_run\.head_|refs\/pull\/|github\.event\.(?:pull_request\.)?number/;

function checksOutHead({ uses, inputs }: WorkflowStep): boolean {
  if (uses?.action !== 'actions/checkout') return false;
  return ['ref', 'repository'].some(name => HEAD.test(inputs.get(name)?.text ?? ''));
}

/** Somebody has to agree first, or forks are left out. */
function isGuarded({ workflow }: BuildSite, checkout: WorkflowStep): boolean {
  const conditions = [...(workflow?.conditions ?? []), checkout.condition ?? ''];
  return (
    workflow?.guarded === true ||
    conditions.some(text =>
      /label|author_association|actor|full_name|\.fork\b|user\.login|workflow_run\.event/.test(text),
    )
  );
}

/** The first build behind the checkout. */
function firstBuild({ site, tools }: SiteContext, checkout: WorkflowStep): Place | undefined {
  const order = new Map(stepsOf(site).map((step, i) => [step, i]));
  const from = order.get(checkout) ?? 0;
  const commands = [
    ...buildsOf(tools).map(({ command }) => command),
    ...dockerCommands(tools).flatMap(({ name, command }) => (name === 'buildx bake' ? [command] : [])),
  ];
  const behind = commands.find(command => {
    const step = stepOf(site, command);
    return step !== undefined && (order.get(step) ?? -1) > from;
  });
  const word = behind?.shell.words[0];
  return behind && word ? behind.script.place(word.start, word.end) : undefined;
}
