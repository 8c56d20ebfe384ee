/** The report of `jobs` for people: each job as YAML, with a comment on every value that says where it comes from. */
import type { EffectiveService, WrittenText } from '../model/effective.js';
import type { Origin } from '../model/known.js';
import { printable } from './cells.js';
import type { JobReport } from './jobs.js';
import type { Paint } from './paint.js';
import { link } from './sources.js';

export function jobsText(reports: readonly JobReport[], paint: Paint): string {
  if (reports.length === 0) return 'No GitLab jobs here.\n';
  return reports.map(report => jobText(report, paint)).join('\n');
}

type Line = readonly [text: string, comment?: string];

function jobText(report: JobReport, paint: Paint): string {
  const { row, at } = report;
  const { job } = row;
  const lines: Line[] = [
    ...imageLines(report),
    ...listLines(
      'services',
      job.services.flatMap(service => serviceLines(report, service)),
    ),
    ...listLines(
      'tags',
      job.tags.map(tag => ['    - '.concat(tag.text), from(report, tag)] as const),
    ),
    ...variableLines(report),
    ...(job.matrix ?? []).flatMap((matrix, i): Line[] => [
      ...(i === 0 ? [['  matrix:'] as const] : []),
      [`    - ${[...matrix].map(([name, values]) => `${name}: [${values.join(', ')}]`).join(', ')}`],
    ]),
    ...scriptLines(report, 'before_script', job.script.before),
    ...scriptLines(report, 'script', job.script.main),
    ...scriptLines(report, 'after_script', job.script.after),
  ];
  const holes = job.holes.map(
    ({ what, why, alternatives }) =>
      `  ${paint('warning', '?')} ${printable(what)}: ${printable(why)}${
        alternatives && alternatives.length > 0 ? ` (${alternatives.map(printable).join(', ')})` : ''
      }`,
  );
  const head = [`${paint('bold', printable(job.name))}:  ${paint('dim', `# ${printable(link(at))}`)}`];
  return `${[...head, ...lines.map(line => shown(line, paint)), ...holes].join('\n')}\n`;
}

function shown([text, comment]: Line, paint: Paint): string {
  const [first = '', ...more] = text.split('\n').map(printable);
  const indent = ' '.repeat(first.length - first.trimStart().length + 2);
  const head = comment === undefined ? first : `${first}  ${paint('dim', `# ${printable(comment)}`)}`;
  return [head, ...more.map(line => indent + line)].join('\n');
}

function imageLines(report: JobReport): readonly Line[] {
  const { image } = report.row.job;
  if (!image) return [];
  const { name, entrypoint } = image;
  const head: Line = [`  image: ${name.text}`, from(report, name)];
  return entrypoint ? [head, [`    entrypoint: ${words(entrypoint)}`]] : [head];
}

function serviceLines(report: JobReport, service: EffectiveService): readonly Line[] {
  const { name, alias, command, entrypoint, variables } = service;
  return [
    [`    - ${name.text}`, from(report, name)],
    ...(alias ? [[`      alias: ${alias.text}`] as const] : []),
    ...(entrypoint ? [[`      entrypoint: ${words(entrypoint)}`] as const] : []),
    ...(command ? [[`      command: ${words(command)}`] as const] : []),
    ...[...variables].map(([key, value]) => [`      ${key}: ${JSON.stringify(value.text)}`] as const),
  ];
}

function variableLines(report: JobReport): readonly Line[] {
  const lines = [...report.row.job.variables].map(
    ([name, value]) => [`    ${name}: ${JSON.stringify(value.text)}`, from(report, value)] as const,
  );
  return listLines('variables', lines);
}

function scriptLines(report: JobReport, key: string, items: readonly WrittenText[]): readonly Line[] {
  return listLines(
    key,
    items.map(item => [`    - ${item.text.trimEnd()}`, from(report, item)] as const),
  );
}

function listLines(key: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [[`  ${key}:`], ...lines];
}

function words(items: readonly WrittenText[]): string {
  return `[${items.map(({ text }) => JSON.stringify(text)).join(', ')}]`;
}

const WAYS: Readonly<Record<Origin['way'], string>> = {
  own: '',
  anchor: 'by an anchor or reference',
  extends: 'extends',
  default: 'default',
  global: 'global',
  include: 'include',
  runner: 'runner',
  image: 'image',
  hosted: 'hosted',
};

/** `extends .docker, ci/base.yml:3`; the line alone for what the job itself says. */
function from({ row, sources }: JobReport, { origin }: WrittenText): string {
  const range = row.locate(origin.place);
  const where = range ? link(sources.locate(range)) : origin.place.path;
  const how = [WAYS[origin.way], origin.from ?? ''].filter(Boolean).join(' ');
  return how === '' ? where : `${how}, ${where}`;
}
