/** The report of `check` as GitHub Actions shows it beside the code: one workflow command for each finding. */
import type { ReportedFinding } from '../analysis/index.js';
import type { Severity } from '../model/finding.js';
import { chosenFix, type FileReport } from './findings.js';

const COMMANDS: Readonly<Record<Severity, string>> = { info: 'notice', warning: 'warning', error: 'error' };

/** Format and escapes: docs.github.com, workflow commands; actions/toolkit packages/core/src/command.ts. */
export function checkGithub(files: readonly FileReport[]): string {
  return files.map(file => file.findings.map(finding => command(file, finding)).join('')).join('');
}

function command({ sources, covers }: FileReport, finding: ReportedFinding): string {
  const { path, range } = sources.locate(finding);
  const { start, end } = range;
  // Columns are refused where the lines differ.
  const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {};
  const properties = {
    file: path,
    line: start.line + 1,
    endLine: end.line + 1,
    ...columns,
    title: `drydock ${finding.rule}`,
  };
  const fix = chosenFix(finding, 'unsafe', covers);
  const text = fix ? `${finding.message}\nFix: ${fix.title}` : finding.message;
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${COMMANDS[finding.severity]} ${written.join(',')}::${data(text)}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
