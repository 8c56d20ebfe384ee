/** The report of `log` for people: each error text with its likely causes. */
import type { Confidence } from '../analysis/index.js';
import { printable } from './cells.js';
import type { CauseReport, MatchReport } from './log.js';
import type { Paint, Style } from './paint.js';
import { link } from './sources.js';

const SURE: Readonly<Record<Confidence, { readonly style: Style; readonly words: string }>> = {
  high: { style: 'error', words: 'very likely' },
  medium: { style: 'warning', words: 'likely' },
  low: { style: 'info', words: 'possible' },
};

/** @param name what stands in front of the line of the log */
export function logText(reports: readonly MatchReport[], name: string, paint: Paint): string {
  if (reports.length === 0) return 'No known error of a container build in this log.\n';
  return reports.map(report => matchText(report, name, paint)).join('\n');
}

function matchText({ match, causes }: MatchReport, name: string, paint: Paint): string {
  const times = match.times > 1 ? ` (${match.times} times)` : '';
  const told = causes.filter(({ cause }) => cause.told);
  const rest = causes.filter(({ cause }) => !cause.told).map(({ cause }) => cause.failure);
  return [
    `${paint('frame', printable(`${name}:${match.line + 1}:`))} ${paint('bold', printable(match.text))}${times}`,
    ...told.flatMap(report => causeLines(report, paint)),
    ...(rest.length > 0 ? [`  ${paint('dim', 'or')} ${rest.join(', ')}`] : []),
    '',
  ].join('\n');
}

function causeLines({ cause, at }: CauseReport, paint: Paint): readonly string[] {
  const { failure, title, confidence, message, fix } = cause;
  const { style, words } = SURE[confidence];
  return [
    `  ${paint(style, `${words}[${failure}]`)}: ${title}`,
    ...(at ? [`    ${paint('frame', '-->')} ${printable(link(at))}`] : []),
    ...(message === undefined ? [] : [`    ${printable(message)}`]),
    `    ${paint('bold', 'fix:')} ${printable(fix)}`,
  ];
}
