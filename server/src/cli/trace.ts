/** `drydock trace`: tells which daemon the builds reach, over what, and why. */
import type { TraceRow } from '../analysis/index.js';
import type { TraceOptions } from './arguments.js';
import type { CliIo } from './io.js';
import { createPaint } from './paint.js';
import type { LoadedProject } from './project-files.js';
import { isReported, ofJob, show } from './shown.js';
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
export function trace(options: TraceOptions, io: CliIo): Promise<number> {
  return show(options, io, projects => {
    const all = projects.flatMap(rowsOf).sort(inOrder);
    const rows = ofJob(all, options.job, ({ row }) => row.site, ' that builds or uses docker');
    return options.format === 'json' ? traceJson(rows) : traceText(rows, createPaint(io));
  });
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
