/** Writes what a job log says as a Markdown document. */
import type { LogCause, LogMatchRow, LogReport } from './api.js';

/** How places are linked to; `undefined` where they cannot be. */
export interface LogLinks {
  /** A line of the log, from 0. */
  line(line: number): string | undefined;
  /** The place of a cause, as a whole link. */
  cause(cause: LogCause): string | undefined;
  rule(id: string): string;
}

const SURE: Readonly<Record<LogCause['confidence'], string>> = {
  high: 'very likely',
  medium: 'likely',
  low: 'possible',
};

export function logMarkdown({ matches, unreadLines }: LogReport, links: LogLinks): string {
  const unread = unreadLines > 0 ? [`The first ${unreadLines} lines of the log were not read.`] : [];
  if (matches.length === 0)
    return ['# Job log', 'No known error of a container build is in this log.', ...unread, ''].join('\n\n');
  return ['# Job log', ...unread, ...matches.map(match => section(match, links)), ''].join('\n\n');
}

function section({ line, text, times, causes }: LogMatchRow, links: LogLinks): string {
  const often = times > 1 ? `, ${times} times` : '';
  const told = causes.filter(one => one.told);
  const rest = causes.filter(one => !one.told).map(cause => failureName(cause, links));
  return [
    `## ${code(text)}`,
    `${linked(`Line ${line + 1}`, links.line(line))} of the log${often}.`,
    ...told.map((cause, index) => causeItem(cause, index + 1, links)),
    ...(rest.length > 0 ? [`Less likely: ${rest.join(', ')}.`] : []),
  ].join('\n\n');
}

function causeItem(cause: LogCause, number: number, links: LogLinks): string {
  const { title, confidence, site, message, fix } = cause;
  const where = links.cause(cause);
  const facts = [
    SURE[confidence],
    ...(site === undefined ? [] : [`job ${code(site)}`]),
    ...(where === undefined ? [] : [where]),
    failureName(cause, links),
  ];
  return [
    `${number}. **${escaped(title)}** – ${facts.join(' · ')}`,
    ...(message === undefined ? [] : [`   ${escaped(message)}`]),
    `   **Fix:** ${escaped(fix)}`,
  ].join('\n\n');
}

/** Rules have a page that tells what the id means. */
function failureName({ failure, isRule }: LogCause, links: LogLinks): string {
  return isRule ? `[${failure}](${links.rule(failure)})` : `\`${failure}\``;
}

function linked(label: string, target: string | undefined): string {
  return target === undefined ? label : `[${label}](${target})`;
}

/** Text that is shown as it is; invisible characters, such as a change of direction, are left out. */
function code(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}]/gu, '');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '').replace(/[\\`*_[\]<>#|]/g, '\\$&');
}
