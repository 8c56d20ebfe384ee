/** Gives each finding a name that stays the same while lines above it come and go. */
import { createHash } from 'node:crypto';
import type { ReportedFinding } from '../analysis/index.js';
import type { FileReport } from './findings.js';

/**
 * Hex digests of the findings of a file, in their order: of rule, path and the line that the finding stands on. Equal
 * findings on equal lines are told apart by their number.
 */
export function fingerprints({ path, findings, sources }: FileReport): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding: ReportedFinding) => {
    const { range } = sources.locate(finding);
    const line = sources.line(finding.path, range.start.line).trim();
    const what = JSON.stringify([finding.rule, path, line]);
    const count = seen.get(what) ?? 0;
    seen.set(what, count + 1);
    return createHash('sha256').update(`${what}${count}`).digest('hex').slice(0, 32);
  });
}
