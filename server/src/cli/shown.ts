/** What `drydock trace` and `drydock jobs` have in common: they print what they find, and tell what was not read. */
import type { TraceRow } from '../analysis/index.js';
import type { TraceOptions } from './arguments.js';
import { suggestion } from './closest.js';
import { fileReports } from './findings.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { load } from './load.js';
import type { LoadedProject } from './project-files.js';

/**
 * Prints what `print` makes of the projects that the options name. Returns the exit code.
 * @throws what `print` throws
 */
export async function show(
  options: TraceOptions,
  io: CliIo,
  print: (projects: readonly LoadedProject[]) => string,
): Promise<number> {
  const loaded = await load(options, io);
  for (const problem of loaded.problems) complain(io, problem);
  const files = fileReports(loaded.projects);
  for (const { path, skipped, unread } of files) {
    if (skipped !== undefined) complain(io, `${path}: skipped: ${skipped}`);
    if (unread !== undefined) complain(io, unread);
  }
  io.stdout.write(print(loaded.projects));
  for (const fault of loaded.faults) complain(io, `internal error: ${fault}`);
  if (loaded.faults.size > 0) return exitCode.internal;
  const failed = loaded.problems.length > 0 || files.some(({ unread }) => unread !== undefined);
  return failed ? exitCode.usage : exitCode.clean;
}

/** What a pipeline includes is shown with it. */
export function isReported({ files }: LoadedProject, row: Pick<TraceRow, 'path' | 'roots'>): boolean {
  return [row.path, ...row.roots].some(path => files.get(path)?.reported === true);
}

/**
 * The rows of the job that was asked for; all when none was.
 * @throws UsageError when no row has that name; `that` says behind the name what is wanted of a job.
 */
export function ofJob<Row>(
  rows: readonly Row[],
  job: string | undefined,
  nameOf: (row: Row) => string,
  that = '',
): readonly Row[] {
  if (job === undefined) return rows;
  const found = rows.filter(row => nameOf(row) === job);
  if (found.length > 0) return found;
  throw new UsageError(`no job "${job}"${that}${suggestion(job, [...new Set(rows.map(nameOf))])}`);
}
