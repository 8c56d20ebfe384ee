/** `drydock trace`: tells which daemon the builds reach, over what, and why. */
import type { TraceRow } from '../analysis/index.js';
import type { TraceOptions } from './arguments.js';
import { suggestion } from './closest.js';
import { fileReports } from './findings.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { isReported } from './jobs.js';
import { load } from './load.js';
import { createPaint } from './paint.js';
import type { LoadedProject } from './project-files.js';
import { type Located, type Sources, sourcesOf } from './sources.js';
import { traceJson } from './trace-json.js';
import { traceText } from './trace-text.js';

/** A row of the core, and what it takes to report it. */
export interface SiteRow {
  readonly row: TraceRow;
  /** Where the site stands. */
  readonly at: Located;
  readonly sources: Sources;
}

/**
 * Returns the exit code.
 * @throws UsageError when no site has the name that was asked for.
 */
export async function trace(options: TraceOptions, io: CliIo): Promise<number> {
  const loaded = await load(options, io);
  for (const problem of loaded.problems) complain(io, problem);
  const files = fileReports(loaded.projects);
  for (const { path, skipped, unread } of files) {
    if (skipped !== undefined) complain(io, `${path}: skipped: ${skipped}`);
    if (unread !== undefined) complain(io, unread);
  }
  const rows = ofJob(loaded.projects.flatMap(rowsOf).sort(inOrder), options.job);
  io.stdout.write(options.format === 'json' ? traceJson(rows) : traceText(rows, createPaint(io)));
  for (const fault of loaded.faults) complain(io, `internal error: ${fault}`);
  if (loaded.faults.size > 0) return exitCode.internal;
  const failed = loaded.problems.length > 0 || files.some(({ unread }) => unread !== undefined);
  return failed ? exitCode.usage : exitCode.clean;
}

function rowsOf(loaded: LoadedProject): readonly SiteRow[] {
  const sources = sourcesOf(loaded);
  return loaded.project
    .trace()
    .filter(row => isReported(loaded, row))
    .map(row => ({ row, at: sources.locate(row.range), sources }));
}

function inOrder(a: SiteRow, b: SiteRow): number {
  if (a.at.path !== b.at.path) return a.at.path < b.at.path ? -1 : 1;
  return a.row.range.start - b.row.range.start || a.row.range.end - b.row.range.end;
}

function ofJob(rows: readonly SiteRow[], job: string | undefined): readonly SiteRow[] {
  if (job === undefined) return rows;
  const found = rows.filter(({ row }) => row.site === job);
  if (found.length > 0) return found;
  const names = [...new Set(rows.map(({ row }) => row.site))];
  throw new UsageError(`no job "${job}" that builds or uses docker${suggestion(job, names)}`);
}
