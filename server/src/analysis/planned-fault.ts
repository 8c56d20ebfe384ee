/** Holds a planned change against the product itself: the new job works, and nothing else is worse than before. */
import type { Project, TraceRow } from './api.js';
import { changesOthers, isWorse } from './convert/verify.js';
import { planFiles } from './plan.js';
import type { FileChange } from './plan-api.js';
import type { Plan } from './planned-change.js';

/** What is wrong with the project after the change, without a full stop; `undefined` where nothing is. */
export function faultOf(plan: Plan, changes: readonly FileChange[]): string | undefined {
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
  const grows = pipeline?.before !== undefined && after.dialectOf(pipeline.path) === platform.dialect;
  return (
    (grows ? goesElsewhere(after.trace(), pipeline.path, job, plan.info.id) : undefined) ??
    (grows ? changesOthers(planning.jobs(), after.jobs(), { path: pipeline.path, job }) : undefined) ??
    isWorse(planning.view.files, after.check(), acceptedBy(plan))
  );
}

function goesElsewhere(
  rows: readonly TraceRow[],
  path: string,
  job: string,
  strategy: string,
): string | undefined {
  const own = rows.filter(row => row.path === path && row.site === job);
  if (own.some(row => row.strategy === strategy && row.verdict !== 'fails')) return undefined;
  const failing = own.find(({ verdict }) => verdict === 'fails');
  const why = failing?.because.at(-1)?.message;
  return (
    why?.replace(/\.$/, '') ?? `job "${job}" would be taken for ${own[0]?.strategy ?? 'nothing that builds'}`
  );
}

/** Rules that report the recipe in an empty project as well. */
function acceptedBy({ planning, info, platform, runner, exposure }: Plan): readonly string[] {
  const alone: Project = planning.fresh();
  const files = planFiles(info, platform, { exposure, ...(runner ? { runner } : {}) });
  if (typeof files === 'string') return [];
  for (const { path, text } of files) alone.setFile(path, text);
  return alone.check().flatMap(({ findings }) => findings.map(({ rule }) => rule));
}
