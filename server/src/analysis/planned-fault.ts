/** Holds a planned change against the product itself: the new job works, and nothing else is worse than before. */
import type { Project, TraceRow } from './api.js';
import { changesOthers, isWorse } from './convert/verify.js';
import { planFiles } from './plan.js';
import type { FileChange } from './plan-api.js';
import type { Plan } from './planned-change.js';

/**
 * What is wrong with the project after the change, without a full stop; `undefined` where nothing is.
 * @param everywhere whether the job has to work on every runner that may take it, or on one of them
 */
export function faultOf(plan: Plan, changes: readonly FileChange[], everywhere: boolean): string | undefined {
  const { planning, request, platform, places } = plan;
  const { job } = places;
  const after = planning.fresh();
  for (const [path, { text }] of planning.files) after.setFile(path, text);
  const [pipeline] = changes;
  for (const { path, after: text } of changes) {
    // A document without a name stands for the usual file, unless there is one.
    const isUnnamed = path === request.document?.path && request.document.unnamed;
    const target = isUnnamed ? platform.pipeline : path;
    if (!isUnnamed || !planning.files.has(target)) after.setFile(target, text);
  }
  const broken = after.check().find(file => file.path === pipeline?.path)?.broken;
  if (broken) return `the text cannot be read: ${broken.message}`;
  const grows =
    platform.appendable &&
    pipeline?.before !== undefined &&
    after.dialectOf(pipeline.path) === platform.dialect;
  return (
    (grows ? goesElsewhere(after.trace(), pipeline.path, job, plan.info.id, everywhere) : undefined) ??
    (grows ? changesOthers(planning.jobs(), after.jobs(), [{ path: pipeline.path, job }]) : undefined) ??
    isWorse(planning.view.files, after.check(), acceptedBy(plan))
  );
}

function goesElsewhere(
  rows: readonly TraceRow[],
  path: string,
  job: string,
  strategy: string,
  everywhere: boolean,
): string | undefined {
  const own = rows.filter(row => row.path === path && row.site === job);
  // Where the runner is not known, some strategies cannot be told.
  const fits = (row: TraceRow): boolean =>
    row.strategy === strategy
      ? row.verdict !== 'fails'
      : row.strategy === null && row.verdict === 'cannot-tell';
  if (own.some(fits) && (!everywhere || own.every(({ verdict }) => verdict !== 'fails'))) return undefined;
  const failing = own.find(({ verdict }) => verdict === 'fails');
  const why = failing?.because.at(-1)?.message.replace(/\.$/, '');
  const other = own.find(row => row.strategy !== null)?.strategy;
  const known = other
    ? `job "${job}" would be taken for ${other}`
    : `it cannot be told what job "${job}" does there`;
  return why ?? known;
}

/** Rules that report the recipe in an empty project as well. */
function acceptedBy({ planning, info, platform, runner, exposure }: Plan): readonly string[] {
  const alone: Project = planning.fresh();
  const files = planFiles(info, platform, { exposure, ...(runner ? { runner } : {}) });
  if (typeof files === 'string') return [];
  for (const { path, text } of files) alone.setFile(path, text);
  return alone.check().flatMap(({ findings }) => findings.map(({ rule }) => rule));
}
