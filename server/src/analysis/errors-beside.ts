/** Finds what goes wrong in a site whatever becomes of its daemon: errors that its traces know nothing of. */
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/known.js';
import type { CheckedFile, Range } from './api.js';
import type { CheckedSite } from './run-rules.js';

/** The errors of a site that are reported, so neither ignored nor levelled down, and that no trace of it tells. */
export type ErrorsBeside = (site: CheckedSite) => readonly Finding[];

export function errorsBeside(
  files: readonly CheckedFile[],
  range: (place: Place) => Range | undefined,
): ErrorsBeside {
  const key = (rule: string, { path, start }: Pick<Range, 'path' | 'start'>): string =>
    `${rule} ${path}:${start}`;
  const reported = new Set(
    files.flatMap(({ findings }) =>
      findings.flatMap(one => (one.severity === 'error' ? [key(one.rule, one)] : [])),
    ),
  );
  return ({ traces, findings }) => {
    const told = new Set(traces.flatMap(({ faults }) => faults.map(({ id }) => id)));
    return findings.filter(({ rule, severity, place }) => {
      const at = severity === 'error' && !told.has(rule) ? range(place) : undefined;
      return at !== undefined && reported.has(key(rule, at));
    });
  };
}
