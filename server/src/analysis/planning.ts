/** Planning for somebody who is asked: the questions, the ranking of strategies, and what choosing one changes. */
import { choose } from './plan.js';
import type { PlanAnswer, Planning, PlanRequest } from './plan-api.js';
import { changeFor, filesFor, freePlaces, type Plan, platformIn } from './planned-change.js';
import { ask } from './questions.js';

/** What is to be asked, what the answers come to, and what the strategy of the request changes. Nothing is changed. */
export function answerPlan(planning: Planning, request: PlanRequest): PlanAnswer {
  const asked = ask(planning, request);
  const { questions, answers, refused } = asked;
  if (!answers) return { questions, ...(refused === undefined ? {} : { refused }) };
  const ranking = choose(answers, planning.strategies);
  const choice = ranking.find(({ id }) => id === request.strategy);
  if (request.strategy === undefined) return { questions, ranking };
  if (!choice || choice.excluded !== undefined)
    return { questions, ranking, refused: choice?.excluded ?? `There is no strategy "${request.strategy}".` };
  const plan = planOf(planning, request, asked);
  const change = plan ? changeFor(plan) : 'There is no recipe.';
  return { questions, ranking, ...(typeof change === 'string' ? { refused: change } : { change }) };
}

/** The files that a change may touch, whether they are there or not. */
export function plannedPaths(planning: Planning, request: PlanRequest): readonly string[] {
  const plan = planOf(planning, request, ask(planning, request));
  return plan ? filesFor(plan).map(({ path }) => path) : [];
}

function planOf(planning: Planning, request: PlanRequest, asked: ReturnType<typeof ask>): Plan | undefined {
  const info = planning.strategies.find(({ id }) => id === request.strategy);
  const { answers, platform, runner } = asked;
  const recipe = platform && info?.cells[platform.id];
  if (!answers || !recipe || typeof recipe === 'string') return undefined;
  const places = freePlaces(planning);
  const here = platformIn(planning, platform);
  return { planning, request, platform: here, info, recipe, runner, exposure: answers.exposure, places };
}
