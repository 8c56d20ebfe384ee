/** Writes the document of all jobs: which daemon each of them reaches, as Markdown with pictures. */
import type { Trace } from '../trace/types.js';
import type { Theme } from './api.js';
import { distinctTraces } from './distinct-traces.js';
import { explainTrace, plainSentences, type Wording } from './explain.js';
import { code, inLine, withoutTags } from './markdown.js';
import { mermaidOf } from './mermaid.js';
import { pictureMarkdown } from './picture.js';
import type { CheckedSite } from './run-rules.js';
import { lineOf, MARKS } from './summary.js';
import { standingOf, type Topology, topologyOf } from './topology.js';

/** One use of docker or a builder in a site. */
interface Row {
  readonly checked: CheckedSite;
  readonly site: CheckedSite['site'];
  readonly trace: Trace;
  readonly topology: Topology;
  readonly line: string;
}

/** Rows that differ in nothing but the name of their site. */
interface Group {
  readonly topology: Topology;
  readonly rows: readonly Row[];
}

/** More is too much to look at. */
const MOST_ROWS = 500;
const MOST_PICTURES = 60;
const MOST_NAMES = 3;

const ORDER: readonly Trace['verdict'][] = ['fails', 'cannot-tell', 'reaches', 'no-daemon-needed'];

const COUNTS: Readonly<Record<Trace['verdict'], readonly [one: string, many: string]>> = {
  fails: ['fails', 'fail'],
  'cannot-tell': ['cannot be told', 'cannot be told'],
  reaches: ['works', 'work'],
  'no-daemon-needed': ['needs no daemon', 'need no daemon'],
};

/** Markdown. Links lead where those of `wording` do. */
export function overviewOf(sites: readonly CheckedSite[], wording: Wording, theme: Theme): string {
  const running = sites.filter(({ site }) => !site.hidden);
  const rows = onceEach(running.flatMap(checked => rowsOf(checked, wording)));
  const title = '# Which daemon each job reaches';
  if (rows.length === 0) return `${title}\n\nNo job here builds or uses docker.\n`;
  const groups = grouped(rows);
  const parts = [
    title,
    counts(rows, running.filter(({ traces }) => traces.length === 0).length),
    table(rows, wording),
    ...groups.slice(0, MOST_PICTURES).map(group => section(group, wording, theme)),
    ...(groups.length > MOST_PICTURES ? [`… and ${groups.length - MOST_PICTURES} more that differ.`] : []),
    paste(groups.slice(0, MOST_PICTURES)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function rowsOf(checked: CheckedSite, { errors }: Wording): readonly Row[] {
  const { site, traces } = checked;
  const beside = errors(checked);
  return distinctTraces(traces.filter(({ serves }) => !serves)).map(trace => {
    const topology = topologyOf(trace, beside);
    return { checked, site, trace, topology, line: lineOf(topology) };
  });
}

/** The ways of a job, and pipelines that include the same file, often come to the same. */
function onceEach(rows: readonly Row[]): readonly Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const { block, start, path } = row.site.place;
    const { name, way, ...rest } = row.topology;
    const key = JSON.stringify([path, block.id, start, name, rest]);
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}

function counts(rows: readonly Row[], others: number): string {
  const parts = ORDER.flatMap(verdict => {
    const count = rows.filter(({ topology }) => standingOf(topology) === verdict).length;
    return count === 0 ? [] : [`${MARKS[verdict]} ${count} ${COUNTS[verdict][count === 1 ? 0 : 1]}`];
  });
  const runner = onlyRunner(rows);
  return [
    `**${parts.join(' · ')}.**`,
    ...(runner === undefined ? [] : [`All on runner ${code(runner)}.`]),
    ...(others === 0
      ? []
      : [`${others} more ${others === 1 ? 'job uses' : 'jobs use'} neither docker nor another builder.`]),
  ].join(' ');
}

/** The runner of all rows. */
function onlyRunner(rows: readonly Row[]): string | undefined {
  const names = new Set(rows.map(({ topology }) => topology.runner?.name));
  return names.size === 1 ? [...names][0] : undefined;
}

function table(rows: readonly Row[], wording: Wording): string {
  const runners = onlyRunner(rows) === undefined && rows.some(({ topology }) => topology.runner);
  const cells = (parts: readonly string[]): string =>
    `| ${(runners ? parts : parts.slice(0, 3)).join(' | ')} |`;
  const lines = rows.slice(0, MOST_ROWS).map(({ site, topology, line }) => {
    const way = topology.way === undefined ? '' : ` (${inLine(topology.way)})`;
    const linked = (wording.link(site.place, inLine(site.name)) ?? code(site.name)) + way;
    const runner = topology.runner ? inLine(topology.runner.name) : '';
    return cells([MARKS[standingOf(topology)], linked, inLine(line.slice(2)), runner]);
  });
  const more = rows.length - MOST_ROWS;
  return [
    cells(['', 'Job', 'Uses', 'Runner']),
    cells([':-:', '---', '---', '---']),
    ...lines,
    ...(more > 0 ? [cells(['', `and ${more} more`, '', ''])] : []),
  ].join('\n');
}

/** Those that fail first. */
function grouped(rows: readonly Row[]): readonly Group[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { name, ...rest } = row.topology;
    const key = JSON.stringify(rest);
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  const verdict = ({ topology }: Group): number => ORDER.indexOf(standingOf(topology));
  return [...groups.values()]
    .flatMap(group => (group[0] ? [{ topology: group[0].topology, rows: group }] : []))
    .sort((a, b) => verdict(a) - verdict(b));
}

function namesOf({ rows }: Group): readonly string[] {
  return [...new Set(rows.map(({ site }) => site.name))];
}

function section(group: Group, wording: Wording, theme: Theme): string {
  const { topology, rows } = group;
  const [first] = rows as readonly [Row];
  const names = namesOf(group);
  const shown = names.slice(0, MOST_NAMES).map(name => code(name));
  const more = names.length - shown.length;
  const named: Topology =
    names.length === 1 ? topology : { ...topology, name: `${names.length} ${topology.words.site}s` };
  return [
    `## ${MARKS[standingOf(topology)]} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    pictureMarkdown(named, theme, plainSentences(first.checked, first.trace, wording)),
    withoutTags(explainTrace(first.checked, first.trace, wording)),
  ].join('\n\n');
}

/** Mermaid inside of its own fence inside of a longer one, so that it can be copied with it. */
function paste(groups: readonly Group[]): string {
  const chart = mermaidOf(groups.map(group => ({ topology: group.topology, names: namesOf(group) })));
  return [
    '## For GitLab or a README',
    'The same as text that GitLab, GitHub and others draw. Paste it, with its fence, into any Markdown.',
    ['````text', '```mermaid', chart, '```', '````'].join('\n'),
  ].join('\n\n');
}
