/** Puts traces into the shape in which the edges report them. */
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { HOLE } from '../model/text.js';
import { recogniseStrategy } from '../strategies/recognise.js';
import type { Step, Trace } from '../trace/types.js';
import type { CheckedFile, Range, TraceRow } from './api.js';
import { distinctTraces } from './distinct-traces.js';
import { errorsBeside } from './errors-beside.js';
import type { CheckedSite } from './run-rules.js';
import { summaryOf } from './show.js';

/** A row for each use of a client in a site, and for each of its runners when they differ in what comes of it. */
export function traceRows(
  { sites, files }: { readonly sites: readonly CheckedSite[]; readonly files: readonly CheckedFile[] },
  range: (place: Place) => Range | undefined,
): readonly TraceRow[] {
  const errors = errorsBeside(files, range);
  const rows = sites
    // Nothing runs in a Dockerfile that is no build itself.
    .filter(({ site }) => !site.hidden && site.dialect !== 'dockerfile')
    .flatMap(site =>
      distinctTraces(site.traces.filter(({ serves }) => !serves)).map(trace =>
        row(trace, errors(site), range),
      ),
    );
  return onceEach(rows).sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.range.start - b.range.start,
  );
}

/** The ways of a job, and files that several pipelines include, often come to the same. */
function onceEach(rows: readonly TraceRow[]): TraceRow[] {
  const seen = new Map<string, TraceRow>();
  for (const row of rows) {
    const { path, range, site, from, client, daemon, runner, verdict, failure, errors } = row;
    const parts = [path, range, site, from, client, daemon, runner, verdict, failure, errors];
    const key = JSON.stringify(parts);
    const roots = new Set([...(seen.get(key)?.roots ?? []), ...row.roots]);
    seen.set(key, { ...row, roots: [...roots] });
  }
  return [...seen.values()];
}

function row(trace: Trace, errors: readonly Finding[], range: (place: Place) => Range | undefined): TraceRow {
  const located = ({ message, place }: Pick<Step, 'message' | 'place'>) => {
    const at = place && range(place);
    return { message, ...(at ? { range: at } : {}) };
  };
  const { site, runner, client, daemon } = trace;
  const command = trace.command && range(trace.command);
  const failure =
    trace.verdict === 'fails' ? trace.faults.find(fault => fault.fatal && fault.certain)?.id : undefined;
  return {
    path: site.path,
    roots: [site.root],
    dialect: site.dialect,
    site: site.name,
    range: range(site.place) ?? { path: site.path, start: 0, end: 0 },
    from: trace.from,
    ...(command ? { command } : {}),
    strategy: recogniseStrategy(trace)?.id ?? null,
    client: client
      ? { endpoint: client.endpoint ?? null, tls: client.tls, certPath: client.certPath ?? null }
      : null,
    daemon: {
      kind: daemon.kind,
      image: daemon.image?.replaceAll(HOLE, '?') ?? null,
      listens: daemon.listens,
    },
    runner:
      runner && runner.how !== 'unseen'
        ? { path: runner.runner.path, name: runner.runner.name, how: runner.how }
        : null,
    verdict: trace.verdict,
    summary: summaryOf(trace, errors),
    ...(failure === undefined ? {} : { failure }),
    assumptions: trace.assumptions,
    because: [
      ...trace.because,
      ...trace.faults
        .filter(({ certain }) => certain)
        .map(fault => ({ message: fault.because, place: fault.place })),
    ].map(located),
    errors: trace.verdict === 'fails' ? [] : errors.map(one => ({ rule: one.rule, ...located(one) })),
    missing: trace.missing,
  };
}
