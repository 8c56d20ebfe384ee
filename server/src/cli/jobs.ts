/** `drydock jobs`: shows the effective jobs of GitLab pipelines, with where each value comes from. */
import type { JobRow } from '../analysis/index.js';
import type { TraceOptions } from './arguments.js';
import type { CliIo } from './io.js';
import { jobsJson } from './jobs-json.js';
import { jobsText } from './jobs-text.js';
import { createPaint } from './paint.js';
import type { LoadedProject } from './project-files.js';
import { isReported, ofJob, show } from './shown.js';
import { type Located, type Sources, sourcesOf } from './sources.js';

/** A job of the core, and what it takes to report it. */
export interface JobReport {
  readonly row: JobRow;
  readonly at: Located;
  readonly sources: Sources;
}

/**
 * Returns the exit code.
 * @throws UsageError when no job has the name that was asked for.
 */
export function jobs(options: TraceOptions, io: CliIo): Promise<number> {
  return show(options, io, projects => {
    const all = onceEach(projects.flatMap(reportsOf));
    const reports = ofJob(all, options.job, ({ row }) => row.job.name);
    return options.format === 'json' ? jobsJson(reports) : jobsText(reports, createPaint(io));
  });
}

function reportsOf(loaded: LoadedProject): readonly JobReport[] {
  const sources = sourcesOf(loaded);
  return loaded.project
    .jobs()
    .filter(({ path, root }) => isReported(loaded, { path, roots: [root] }))
    .map(row => ({ row, at: sources.locate(row.range), sources }))
    .sort(inOrder);
}

/** A file that several pipelines include often gives them the same jobs. */
function onceEach(reports: readonly JobReport[]): readonly JobReport[] {
  return [...new Map(reports.map(report => [jobsJson([report]), report])).values()];
}

function inOrder(a: JobReport, b: JobReport): number {
  if (a.at.path !== b.at.path) return a.at.path < b.at.path ? -1 : 1;
  return a.row.range.start - b.row.range.start;
}
