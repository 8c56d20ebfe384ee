/** Looks up what a job log says: the known error texts, their likely causes, and where they stand in the project. */
import type { LogTable } from '../catalog/log-signatures.js';
import type { LogReport, RuleInfo } from './api.js';
import { causesOf, failureWords } from './log-causes.js';
import type { LogEvidence } from './log-evidence.js';
import { fitSites } from './log-fit.js';
import { readHints } from './log-hints.js';
import { findMatches } from './log-matches.js';
import { plainLog } from './log-text.js';
import { withoutSecretShapes } from './masks.js';

/** Longer logs are read from here before their end on, in UTF-16 units: a job fails in its last lines. */
const MAX_LOG = 16_000_000;

/** @param projects what is known of the jobs that the log may be of; empty where no file was read */
export function explain(
  log: string,
  table: LogTable,
  rules: readonly RuleInfo[],
  projects: readonly LogEvidence[],
): LogReport {
  const cut = log.length > MAX_LOG ? log.indexOf('\n', log.length - MAX_LOG) + 1 || log.length - MAX_LOG : 0;
  const plain = plainLog(cut > 0 ? log.slice(cut) : log);
  const linesBefore = cut > 0 ? countLines(log, cut) : 0;
  const matches = findMatches(plain, table.signatures);
  if (matches.length === 0) return { matches: [], unreadLines: linesBefore };
  const hints = readHints(plain);
  const words = failureWords(rules, table.failures);
  const inquiry = {
    hints,
    words,
    projects: projects.map(evidence => ({ evidence, fit: fitSites(evidence, hints) })),
  };
  const told = new Set<string>();
  return {
    matches: matches.map(match => {
      const causes = causesOf(match, inquiry, told);
      const [first] = causes;
      if (first && !match.signature.generic) told.add(first.failure);
      const text = withoutSecretShapes(match.text);
      return { line: linesBefore + match.line, text, times: match.times, causes };
    }),
    unreadLines: linesBefore,
  };
}

function countLines(log: string, end: number): number {
  let lines = 0;
  for (let at = log.indexOf('\n'); at >= 0 && at < end; at = log.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
