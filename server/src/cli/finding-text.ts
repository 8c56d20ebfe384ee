/** Shows one finding to people: what is wrong, the line that it stands on, why, and what can be done. */
import type { ReportedFinding, ReportedFix } from '../analysis/index.js';
import { printable } from './cells.js';
import type { FileReport } from './findings.js';
import { frameLine } from './frame.js';
import type { Paint } from './paint.js';
import { type Located, link, type Sources } from './sources.js';

export interface TextStyle {
  readonly paint: Paint;
  /** Columns to fill at most with a line of code and its frame. */
  readonly width: number;
}

const MAX_RELATED = 5;
const MAX_LINES = 3;

/** `why` is left out where it was said before. */
export function findingText(
  finding: ReportedFinding,
  why: string | undefined,
  file: FileReport,
  style: TextStyle,
): string {
  const { paint } = style;
  const { severity, rule, message } = finding;
  const at = file.sources.locate(finding);
  const gutter = ' '.repeat(String(lastLine(at) + 1).length);
  const notes = [
    ...relatedNotes(finding, file.sources),
    ...(why === undefined ? [] : [['why', why] as const]),
    ...finding.fixes().map(fix => ['fix', fixText(fix, file)] as const),
  ];
  return [
    `${paint(severity, `${severity}[${rule}]`)}${paint('bold', `: ${printable(message)}`)}`,
    `${gutter}${paint('frame', '-->')} ${printable(link(at))}`,
    ...codeLines(finding, at, gutter, file.sources, style),
    ...notes.map(
      ([kind, text]) => `${gutter} ${paint('frame', '=')} ${paint('bold', `${kind}:`)} ${printable(text)}`,
    ),
    '',
    '',
  ].join('\n');
}

function codeLines(
  finding: ReportedFinding,
  at: Located,
  gutter: string,
  sources: Sources,
  { paint, width }: TextStyle,
): readonly string[] {
  const { start, end } = at.range;
  const bar = paint('frame', '|');
  const lines: string[] = [`${gutter} ${bar}`];
  for (let line = start.line; line <= lastLine(at); line++) {
    const code = sources.line(finding.path, line);
    const from = line === start.line ? start.character : code.length - code.trimStart().length;
    const to = line === end.line ? end.character : code.length;
    const frame = frameLine(code, from, to, width - gutter.length - 3);
    const number = paint('frame', String(line + 1).padStart(gutter.length));
    lines.push(`${number} ${bar} ${frame.code}`.trimEnd());
    lines.push(`${gutter} ${bar} ${paint(finding.severity, frame.underline)}`);
  }
  if (end.line > lastLine(at)) lines.push(`${gutter} ${bar} … up to line ${end.line + 1}`);
  return lines;
}

/** The last line to show of a range. One that ends at the very start of a line does not reach into it. */
function lastLine({ range: { start, end } }: Located): number {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return Math.min(last, start.line + MAX_LINES - 1);
}

function relatedNotes(finding: ReportedFinding, sources: Sources): readonly (readonly [string, string])[] {
  const shown = finding.related.slice(0, MAX_RELATED);
  const more = finding.related.length - shown.length;
  return [
    ...shown.map(related => ['note', `${related.message} (${link(sources.locate(related))})`] as const),
    ...(more > 0 ? [['note', `and ${more} more ${more === 1 ? 'place' : 'places'}`] as const] : []),
  ];
}

function fixText(fix: ReportedFix, { sources, covers }: FileReport): string {
  const how = fix.safety === 'safe' ? 'safe: run with --fix' : 'unsafe: --fix=all';
  if (covers(fix)) return `${fix.title} (${how})`;
  const paths = fix.edits.map(edit => sources.shown(edit.path)).join(', ');
  return `${fix.title} (${how}, and name every file that it edits: ${paths})`;
}
