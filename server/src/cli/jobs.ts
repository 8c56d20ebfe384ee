/** `drydock jobs`: shows the effective jobs of GitLab pipelines, with where each value comes from. */
import type { JobRow, TraceRow } from '../analysis/index.js';
import type { TraceOptions } from './arguments.js';
import { suggestion } from './closest.js';
import { fileReports } from './findings.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { jobsJson } from './jobs-json.js';
import { jobsText } from './jobs-text.js';
import { load } from './load.js';
import { createPaint } from './paint.js';
import type { LoadedProject } from './project-files.js';
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
export async function jobs(options: TraceOptions, io: CliIo): Promise<number> {
  const loaded = await load(options, io);
  for (const problem of loaded.problems) complain(io, problem);
  const files = fileReports(loaded.projects);
  for (const { path, skipped, unread } of files) {
    if (skipped !== undefined) complain(io, `${path}: skipped: ${skipped}`);
    if (unread !== undefined) complain(io, unread);
  }
  const reports = named(onceEach(loaded.projects.flatMap(reportsOf)), options.job);
  io.stdout.write(options.format === 'json' ? jobsJson(reports) : jobsText(reports, createPaint(io)));
  for (const fault of loaded.faults) complain(io, `internal error: ${fault}`);
  if (loaded.faults.size > 0) return exitCode.internal;
  const failed = loaded.problems.length > 0 || files.some(({ unread }) => unread !== undefined);
  return failed ? exitCode.usage : exitCode.clean;
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

/** What a pipeline includes is shown with it. */
export function isReported({ files }: LoadedProject, row: Pick<TraceRow, 'path' | 'roots'>): boolean {
  return [row.path, ...row.roots].some(path => files.get(path)?.reported === true);
}

function inOrder(a: JobReport, b: JobReport): number {
  if (a.at.path !== b.at.path) return a.at.path < b.at.path ? -1 : 1;
  return a.row.range.start - b.row.range.start;
}

function named(reports: readonly JobReport[], job: string | undefined): readonly JobReport[] {
  if (job === undefined) return reports;
  const found = reports.filter(({ row }) => row.job.name === job);
  if (found.length > 0) return found;
  throw new UsageError(
    `no job "${job}"${suggestion(job, [...new Set(reports.map(({ row }) => row.job.name))])}`,
  );
}
