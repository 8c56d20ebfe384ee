/** Brings the traces of a site on several runners down to those that differ. */
import type { Trace } from '../trace/types.js';

/** More runners are not told apart. */
const MAX_RUNNERS = 8;

/** The rows of a site: one for each runner only where they differ in what comes of it. */
export function distinctTraces(traces: readonly Trace[]): readonly Trace[] {
  const runners = [...new Set(traces.map(({ runner }) => runner))];
  const byRunner = runners.map(runner => traces.filter(trace => trace.runner === runner));
  const [first = [], ...others] = byRunner;
  if (others.length === 0) return traces;
  const verdicts = (rows: readonly Trace[]): string => rows.map(({ verdict }) => verdict).join();
  const alike = others.every(rows => verdicts(rows) === verdicts(first));
  if (!alike && byRunner.length <= MAX_RUNNERS) return traces;
  return first.map(trace => ({
    ...trace,
    runner: undefined,
    verdict: alike ? trace.verdict : 'cannot-tell',
  }));
}
