/** The questions whose answers choose a build strategy, with those that the project has answered already. */
import type { PairedRunner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import type { Platform, RunnerKind } from '../strategies/platforms.js';
import type { Answers } from './decide.js';
import { platforms, readNeeds } from './plan.js';
import type { Planning, PlanRequest, Question, QuestionOption } from './plan-api.js';

/** What every question together came to. */
export interface Asked {
  readonly questions: readonly Question[];
  /** Once each question has an answer. */
  readonly answers?: Answers;
  readonly platform?: Platform;
  readonly runner?: RunnerKind;
  /** Answers that are none, or that exclude each other. */
  readonly refused?: string;
}

const PRIVILEGE: readonly QuestionOption[] = [
  { id: 'unprivileged', label: 'No', detail: 'Jobs and services are ordinary containers.' },
  {
    id: 'privileged',
    label: 'Yes',
    detail: 'Whoever controls a privileged container can take over its machine.',
  },
];

const EXPOSURE: readonly QuestionOption[] = [
  {
    id: 'shared',
    label: 'Anyone',
    detail: 'Several teams or strangers, on machines that others use after them.',
  },
  {
    id: 'single-tenant',
    label: 'One trusted team',
    detail: 'Who may start jobs may have the machine as well.',
  },
  {
    id: 'ephemeral',
    label: 'Anyone, each job on a machine of its own',
    detail: 'The machine is thrown away after the job.',
  },
];

const JOBS: readonly QuestionOption[] = [
  { id: 'run', label: 'Start containers', detail: 'docker run, Compose, Testcontainers' },
  {
    id: 'multi-arch',
    label: 'Build for several architectures',
    detail: 'Such as amd64 and arm64, under one name',
  },
];

/** Says that jobs build and push, and need nothing else. */
const NOTHING_ELSE = 'build';

/** The questions in their order, and what the answers in `request` come to. */
export function ask(planning: Planning, request: PlanRequest): Asked {
  const choices = platformChoices();
  const found = evidence(planning, request);
  const told = toldPlatform(found, choices);
  const chosen = choices.filter(({ id }) => request.answers.includes(id));
  const choice = chosen[0] ?? choices.find(({ id }) => told?.answers.includes(id));
  const runners = runnersOf(found, choice?.platform);
  const questions: readonly Question[] = [
    {
      id: 'platform',
      title: 'Where do the jobs run?',
      many: false,
      options: inOrder(choices, found).map(({ id, label, detail }) => ({ id, label, detail })),
      ...(told ? { told } : {}),
    },
    {
      id: 'privilege',
      title: 'May the runner start privileged containers?',
      many: false,
      options: PRIVILEGE,
      ...toldBy(choice?.platform, 'privilege', runners, privilegeOf),
    },
    {
      id: 'exposure',
      title: 'Who may run jobs there?',
      many: false,
      options: EXPOSURE,
      ...toldBy(choice?.platform, 'exposure', runners, ({ exposure }) => exposure),
    },
    {
      id: 'jobs',
      title: 'What do the jobs need besides building and pushing, if anything?',
      many: true,
      options: JOBS,
      none: NOTHING_ELSE,
    },
  ];
  return { questions, ...outcome(questions, chosen, request.answers) };
}

function outcome(
  questions: readonly Question[],
  chosen: readonly PlatformChoice[],
  answers: readonly string[],
): Omit<Asked, 'questions'> {
  const known = questions.flatMap(({ options, none }) => [...options.map(({ id }) => id), none ?? '']);
  const unknown = answers.find(id => !known.includes(id));
  if (unknown !== undefined) return { refused: `There is no answer "${unknown}".` };
  const [choice, other] = chosen;
  if (choice && other) return { refused: `${choice.id} and ${other.id} exclude each other.` };
  const isAnswered = questions.every(({ options, none }) =>
    [...options.map(({ id }) => id), none].some(id => id !== undefined && answers.includes(id)),
  );
  if (!choice || !isAnswered) return {};
  const needs = readNeeds(choice.platform.id, answers);
  if ('conflict' in needs) return { refused: `${needs.conflict.join(' and ')} exclude each other.` };
  return { answers: needs, platform: choice.platform, ...(choice.runner ? { runner: choice.runner } : {}) };
}

interface PlatformChoice extends QuestionOption {
  readonly platform: Platform;
  readonly runner: RunnerKind | undefined;
}

const RUNNER_FILES: Readonly<Record<RunnerKind, string>> = {
  config: 'config.toml',
  helm: 'values of its Helm chart',
};

/** A platform once for each kind of runner file; the usual kind has the bare name of the platform. */
function platformChoices(): readonly PlatformChoice[] {
  return platforms().flatMap((platform): readonly PlatformChoice[] => {
    const { id, title, pipeline, runners } = platform;
    if (runners.length === 0) return [{ id, label: title, detail: pipeline, platform, runner: undefined }];
    return runners.map((runner, i) => ({
      id: i === 0 ? id : `${id}/${runner}`,
      label: title,
      detail: `${pipeline}, and the runner by ${RUNNER_FILES[runner]}`,
      platform,
      runner,
    }));
  });
}

/** What the project says of where its jobs run. */
interface Evidence {
  /** Formats of pipelines, and the file that shows the format. */
  readonly dialects: ReadonlyMap<string, string>;
  readonly paired: readonly PairedRunner[];
  readonly helm: ReadonlySet<string>;
}

/**
 * The document in the editor says more than all others. A Compose file lies beside many a pipeline, to try things out:
 * it says where jobs run if it is that document.
 */
function evidence({ view }: Planning, { document }: PlanRequest): Evidence {
  const all = view.files.map(({ path, dialect }) => [dialect, path] as const);
  const isOfPlatform = ([dialect]: readonly [string, string]): boolean =>
    platforms().some(platform => platform.dialect === dialect);
  const own = all.filter(([, path]) => path === document?.path);
  const pipelines = all.filter(([dialect]) => dialect !== 'compose');
  const offers = view.offers.filter(({ workflows }) => !workflows).map(({ paired }) => paired);
  const ownRunners = offers.filter(({ runner }) => runner.path === document?.path);
  return {
    dialects: new Map((own.some(isOfPlatform) ? own : pipelines).filter(isOfPlatform).reverse()),
    paired: ownRunners.length > 0 ? ownRunners : offers,
    helm: new Set(all.flatMap(([dialect, path]) => (dialect === 'helm-values' ? [path] : []))),
  };
}

function toldPlatform(found: Evidence, choices: readonly PlatformChoice[]): Question['told'] {
  const fitting = fittingChoices(found, choices);
  const ids = new Set(fitting.map(({ platform }) => platform.id));
  if (ids.size !== 1 || fitting.length === choices.length) return undefined;
  const [first] = fitting;
  const runners = runnersOf(found, first?.platform);
  const isHelm = runners.length > 0 && runners.every(({ runner }) => found.helm.has(runner.path));
  const choice = (isHelm && fitting.find(({ runner }) => runner === 'helm')) || first;
  const sources = first?.platform.executor === undefined ? [...found.dialects.values()] : pathsOf(runners);
  return choice && { answers: [choice.id], because: from(sources) };
}

/** Those that nothing in the project speaks against; all where nothing says anything. */
function fittingChoices(
  { dialects, paired }: Evidence,
  choices: readonly PlatformChoice[],
): readonly PlatformChoice[] {
  const executors = new Set<string | undefined>(paired.map(({ runner }) => settled(runner.executor)));
  const byFormat = choices.filter(({ platform }) => dialects.size === 0 || dialects.has(platform.dialect));
  // A runner of GitLab says nothing of a pipeline of others, and all where there is no pipeline yet.
  const byRunner = byFormat.filter(({ platform: { executor } }) =>
    executor === undefined ? dialects.size > 0 : executors.has(executor),
  );
  return executors.size > 0 && byRunner.length > 0 ? byRunner : byFormat;
}

function inOrder(choices: readonly PlatformChoice[], found: Evidence): readonly PlatformChoice[] {
  const fitting = fittingChoices(found, choices);
  return [...fitting, ...choices.filter(choice => !fitting.includes(choice))];
}

/** The runners that a platform is about. */
function runnersOf({ paired }: Evidence, platform: Platform | undefined): readonly PairedRunner[] {
  if (platform?.executor === undefined) return [];
  return paired.filter(({ runner }) => settled(runner.executor) === platform.executor);
}

/** The answer that holds of all runners of the platform, or that all those of the project give. */
function toldBy(
  platform: Platform | undefined,
  question: 'privilege' | 'exposure',
  runners: readonly PairedRunner[],
  answerOf: (paired: PairedRunner) => string | undefined,
): { readonly told: NonNullable<Question['told']> } | object {
  const { runnersAre } = platform ?? {};
  if (runnersAre) return { told: { answers: [runnersAre[question]], because: runnersAre.because } };
  const [answer, ...others] = new Set(runners.map(answerOf));
  if (answer === undefined || others.length > 0) return {};
  return { told: { answers: [answer], because: from(pathsOf(runners)) } };
}

/** What is not set may be so on purpose or not, so it says nothing. */
function privilegeOf({ runner }: PairedRunner): string | undefined {
  const values = [settled(runner.privileged), settled(runner.servicesPrivileged)];
  if (values.includes(true)) return 'privileged';
  return values.includes(false) ? 'unprivileged' : undefined;
}

function pathsOf(runners: readonly PairedRunner[]): readonly string[] {
  return runners.map(({ runner }) => runner.path);
}

function from(paths: readonly string[]): string {
  const [first = '', ...others] = new Set(paths);
  return `from ${first}${others.length === 0 ? '' : ' and others'}`;
}
