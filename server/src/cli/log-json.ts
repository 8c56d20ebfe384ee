/** The json report of `log`; scripts depend on its shape. */
import { toJson } from './json.js';
import type { CauseReport, MatchReport } from './log.js';

export function logJson(reports: readonly MatchReport[]): string {
  return toJson({
    version: 1,
    matches: reports.map(({ match: { line, text }, causes }) => ({
      line,
      text,
      causes: causes.map(causeJson),
    })),
  });
}

function causeJson({ cause: { failure, title, confidence, site, fix }, at }: CauseReport) {
  return { failure, title, confidence, ...(site === undefined ? {} : { site }), ...at, fix };
}
