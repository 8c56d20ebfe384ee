/** `drydock log`: finds the known errors of a job log, and says what they come from. */
import { explainLog, type LogCause, type LogMatchRow, type ProjectOptions } from '../analysis/index.js';
import type { LogOptions } from './arguments.js';
import { type CliIo, complain, exitCode, UsageError } from './io.js';
import { load } from './load.js';
import { logJson } from './log-json.js';
import { logText } from './log-text.js';
import { createPaint } from './paint.js';
import type { LoadedProject } from './project-files.js';
import { isFolder, readLog } from './read.js';
import { type Located, type Sources, sourcesOf } from './sources.js';

/** A cause, and where it stands in terms of the current folder. */
export interface CauseReport {
  readonly cause: LogCause;
  readonly at: Located | undefined;
}

export interface MatchReport {
  readonly match: LogMatchRow;
  readonly causes: readonly CauseReport[];
}

/**
 * Returns the exit code.
 * @throws UsageError when there is no such log or no such folder.
 */
export async function log(options: LogOptions, io: CliIo): Promise<number> {
  const text = await readLog(options.file, io);
  const loaded = options.workspace === undefined ? undefined : await workspace(options.workspace, io);
  const projects = loaded?.projects ?? [];
  const { matches, unreadLines } = explainLog(
    text,
    io.data as NonNullable<ProjectOptions['data']>,
    projects.map(({ project }) => project),
  );
  if (unreadLines > 0) complain(io, `the log is very long: its first ${unreadLines} lines were not read`);
  const reports = located(matches, projects);
  io.stdout.write(
    options.format === 'json' ? logJson(reports) : logText(reports, options.file, createPaint(io)),
  );
  for (const problem of loaded?.problems ?? []) complain(io, problem);
  for (const fault of loaded?.faults ?? []) complain(io, `internal error: ${fault}`);
  if ((loaded?.faults.size ?? 0) > 0) return exitCode.internal;
  return (loaded?.problems.length ?? 0) > 0 ? exitCode.usage : exitCode.clean;
}

async function workspace(folder: string, io: CliIo): ReturnType<typeof load> {
  if (!(await isFolder(folder, io.cwd))) throw new UsageError(`--workspace: ${folder} is no folder`);
  return await load({ paths: [folder], as: undefined }, io);
}

function located(
  matches: readonly LogMatchRow[],
  projects: readonly LoadedProject[],
): readonly MatchReport[] {
  const sources: readonly Sources[] = projects.map(sourcesOf);
  return matches.map(match => ({
    match,
    causes: match.causes.map(cause => ({
      cause,
      at: cause.range && sources[cause.project ?? 0]?.locate(cause.range),
    })),
  }));
}
