/** Writes an effective job as YAML, with a comment on every value that says where it comes from. */
import type { EffectiveService, EffectiveVariable, Hole, WrittenText } from '../model/effective.js';
import type { Origin } from '../model/known.js';
import { isPlainSafe } from '../syntax/yaml-edit.js';
import type { JobLine, JobRow, JobSource, Range } from './api.js';

/** The lines of a job; its name stands in the first one. */
export function jobLines({ job, range, locate }: JobRow): readonly JobLine[] {
  const from = (item: WrittenText): JobSource => {
    const { place, way, from } = item.origin;
    return { how: [WAYS[way], from ?? ''].filter(Boolean).join(' '), range: locate(place), path: place.path };
  };
  const writer: Writer = { from };
  const { image, services, tags, variables, matrix, script, holes } = job;
  return [
    { text: `${key(job.name)}:`, from: { how: '', range, path: range.path } },
    ...(image ? imageLines(writer, image) : []),
    ...section(
      'services',
      services.flatMap(service => serviceLines(writer, service)),
    ),
    ...section(
      'tags',
      tags.map(tag => ({ text: `    - ${scalar(tag.text)}`, from: from(tag) })),
    ),
    ...section('variables', variableLines(writer, variables, '    ')),
    ...(matrix ? matrixLines(matrix) : []),
    ...scriptLines(writer, 'before_script', script.before),
    ...scriptLines(writer, 'script', script.main),
    ...scriptLines(writer, 'after_script', script.after),
    ...holes.map(holeLine),
  ];
}

interface Writer {
  readonly from: (item: WrittenText) => JobSource;
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

function section(name: string, lines: readonly JobLine[]): readonly JobLine[] {
  return lines.length === 0 ? [] : [{ text: `  ${name}:` }, ...lines];
}

function imageLines(
  { from }: Writer,
  { name, entrypoint }: { readonly name: WrittenText; readonly entrypoint?: readonly WrittenText[] },
): readonly JobLine[] {
  if (!entrypoint) return [{ text: `  image: ${scalar(name.text)}`, from: from(name) }];
  return [
    { text: '  image:' },
    { text: `    name: ${scalar(name.text)}`, from: from(name) },
    { text: `    entrypoint: ${flow(entrypoint)}`, ...first(from, entrypoint) },
  ];
}

function first(from: Writer['from'], items: readonly WrittenText[]): Pick<JobLine, 'from'> {
  const [item] = items;
  return item ? { from: from(item) } : {};
}

function serviceLines(writer: Writer, service: EffectiveService): readonly JobLine[] {
  const { from } = writer;
  const { name, alias, command, entrypoint, variables } = service;
  const more: JobLine[] = [
    ...(alias ? [{ text: `      alias: ${scalar(alias.text)}`, from: from(alias) }] : []),
    ...(entrypoint ? [{ text: `      entrypoint: ${flow(entrypoint)}`, ...first(from, entrypoint) }] : []),
    ...(command ? [{ text: `      command: ${flow(command)}`, ...first(from, command) }] : []),
    ...(variables.size > 0
      ? [{ text: '      variables:' }, ...variableLines(writer, variables, '        ')]
      : []),
  ];
  const head = more.length > 0 ? `name: ${scalar(name.text)}` : scalar(name.text);
  return [{ text: `    - ${head}`, from: from(name) }, ...more];
}

function variableLines(
  { from }: Writer,
  variables: ReadonlyMap<string, EffectiveVariable>,
  indent: string,
): readonly JobLine[] {
  return [...variables].map(([name, value]) => {
    const text = JSON.stringify(value.text);
    const written = value.raw ? `{ value: ${text}, expand: false }` : text;
    return { text: `${indent}${key(name)}: ${written}`, from: from(value) };
  });
}

function matrixLines(matrix: readonly ReadonlyMap<string, readonly string[]>[]): readonly JobLine[] {
  const rows = matrix.flatMap(row =>
    [...row].map(([name, values], i) => {
      const list = values.map(value => JSON.stringify(value)).join(', ');
      return { text: `${i === 0 ? '      - ' : '        '}${key(name)}: [${list}]` };
    }),
  );
  return [{ text: '  parallel:' }, { text: '    matrix:' }, ...rows];
}

function scriptLines({ from }: Writer, name: string, items: readonly WrittenText[]): readonly JobLine[] {
  return section(
    name,
    items.flatMap(item => itemLines(item.text, from(item))),
  );
}

/** A text of several lines as a block; the comment stands behind its head. */
function itemLines(text: string, from: JobSource): readonly JobLine[] {
  const trimmed = text.trimEnd();
  const block = trimmed.includes('\n') && !/^\s|[^\P{C}\n\t]/u.test(trimmed);
  if (!block) return [{ text: `    - ${scalar(trimmed)}`, from }];
  const lines = trimmed.split('\n').map(line => ({ text: line.trim() === '' ? '' : `      ${line}` }));
  return [{ text: '    - |-', from }, ...lines];
}

function holeLine({ what, why, alternatives }: Hole): JobLine {
  const or = alternatives && alternatives.length > 0 ? ` (${alternatives.join(', ')})` : '';
  return { text: '', hole: `${what}: ${why}${or}`.replace(/\s+/g, ' ') };
}

function flow(items: readonly WrittenText[]): string {
  return `[${items.map(({ text }) => JSON.stringify(text)).join(', ')}]`;
}

/** As plain as YAML lets it be; whatever it could take for a number is quoted. */
function scalar(text: string): string {
  return isPlainSafe(text) && !/^[\d.+]/.test(text) ? text : JSON.stringify(text);
}

function key(text: string): string {
  return /^[\w./-]+$/.test(text) || (isPlainSafe(text) && !/:/.test(text)) ? text : JSON.stringify(text);
}

/**
 * What stands behind a line as a comment: how its value came and from where, or what is left open.
 * @param where names a place: `ci/base.yml:3`. It stands at the end of the comment.
 */
export function jobComment({ from, hole }: JobLine, where: (range: Range) => string): string | undefined {
  if (hole !== undefined) return `? ${hole}`;
  if (!from) return undefined;
  const place = from.range ? where(from.range) : from.path;
  return from.how === '' ? place : `${from.how}, ${place}`;
}
