/** The report of `check` as GitLab shows it in merge requests: a Code Quality artifact. */
import type { Severity } from '../model/finding.js';
import type { FileReport } from './findings.js';
import { fingerprints } from './fingerprints.js';
import { toJson } from './json.js';

/** Of GitLab's five, in its order: info, minor, major, critical, blocker. */
const SEVERITIES: Readonly<Record<Severity, string>> = {
  info: 'info',
  warning: 'major',
  error: 'critical',
};

/** Paths count from the current folder, which is to be the root of the repository. Format: docs.gitlab.com/ci/testing/code_quality. */
export function checkGitlab(files: readonly FileReport[]): string {
  return toJson(files.flatMap(issues));
}

function issues(file: FileReport) {
  const ids = fingerprints(file);
  return file.findings.map((finding, i) => {
    const { path, range } = file.sources.locate(finding);
    return {
      description: finding.message,
      check_name: finding.rule,
      fingerprint: ids[i],
      severity: SEVERITIES[finding.severity],
      location: { path, lines: { begin: range.start.line + 1, end: range.end.line + 1 } },
    };
  });
}
