/** The report of `jobs` for people: each job as YAML, with a comment on every value that says where it comes from. */
import { type JobLine, jobComment, jobLines } from '../analysis/index.js';
import { printable } from './cells.js';
import type { JobReport } from './jobs.js';
import type { Paint } from './paint.js';
import { link } from './sources.js';

export function jobsText(reports: readonly JobReport[], paint: Paint): string {
  if (reports.length === 0) return 'No GitLab jobs here.\n';
  return reports.map(report => jobText(report, paint)).join('\n');
}

function jobText(report: JobReport, paint: Paint): string {
  const lines = jobLines(report.row).map((line, i) => shown(line, report, i === 0, paint));
  return `${lines.join('\n')}\n`;
}

function shown(line: JobLine, { sources }: JobReport, isName: boolean, paint: Paint): string {
  const comment = jobComment(line, range => link(sources.locate(range)));
  const text = isName ? paint('bold', printable(line.text)) : printable(line.text);
  if (comment === undefined) return text;
  const style = line.hole === undefined ? 'dim' : 'warning';
  return `${text}  ${paint(style, `# ${printable(comment)}`)}`;
}
