/** The json report of `check`; scripts depend on its shape. */
import type { ReportedFinding, ReportedFix } from '../analysis/index.js';
import type { FileReport, Summary } from './findings.js';
import { toJson } from './json.js';
import type { Sources } from './sources.js';

export function checkJson(files: readonly FileReport[], summary: Summary): string {
  return toJson({ version: 1, files: files.map(fileJson), summary });
}

function fileJson({ path, dialect, findings, skipped, sources }: FileReport) {
  return {
    path,
    dialect,
    findings: findings.map(finding => findingJson(finding, sources)),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

function findingJson(finding: ReportedFinding, sources: Sources) {
  const { rule, severity, confidence, message } = finding;
  return {
    rule,
    severity,
    confidence,
    message,
    range: sources.locate(finding).range,
    related: finding.related.map(related => ({ ...sources.locate(related), message: related.message })),
    fixes: finding.fixes().map(fix => fixJson(fix, sources)),
  };
}

function fixJson({ title, safety, edits }: ReportedFix, sources: Sources) {
  return {
    title,
    safety,
    edits: edits.flatMap(file =>
      file.edits.map(({ start, end, newText }) => ({
        ...sources.locate({ path: file.path, start, end }),
        newText,
      })),
    ),
  };
}
