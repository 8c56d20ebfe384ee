/** Turns samples into Markdown tables. */
import { cell, median, number, pairedRatio, times, values } from './stats.mjs';

/** What is shown of each server. `scale` names what the number is compared with. */
const MEASURES = [
  { key: 'initialize', title: 'spawn → initialize, ms', scale: 'time' },
  { key: 'first', title: 'spawn → first diagnostics, ms', scale: 'time' },
  { key: 'open', title: 'didOpen → diagnostics, ms', scale: 'time' },
  { key: 'p50', title: 'didChange → diagnostics p50, in jobs, ms', scale: 'time' },
  { key: 'p95', title: 'didChange → diagnostics p95, in jobs, ms', scale: 'time' },
  { key: 'globals', title: 'didChange → diagnostics p50, global variable, ms', scale: 'time' },
  { key: 'hover', title: 'hover p50, ms', scale: 'time' },
  { key: 'rss', title: 'memory after open, MiB', scale: 'memory' },
  { key: 'peak', title: 'peak memory after the edits, MiB', scale: 'memory' },
];

/**
 * The table of one pipeline.
 * @param {import('./measure.mjs').FileResult} file
 * @param {string} name of the measured server
 * @returns {string} Markdown
 */
export function fileTable(file, name) {
  const { parse, subject, empty, yaml } = file;
  const rows = MEASURES.filter(({ key }) => values(subject, key).length > 0).map(({ key, title, scale }) => {
    const bare = scale === 'time' ? ['p10', 'median'].map(by => pairedRatio(subject, key, parse, by)) : [];
    return [
      title,
      cell(values(subject, key)),
      times(bare[0]),
      times(bare[1]),
      cell(values(empty, key)),
      times(pairedRatio(subject, key, empty)),
      cell(values(yaml, key)),
      times(pairedRatio(subject, key, yaml)),
    ];
  });
  const head = ['', name, '/ parse p10', '/ parse median', 'empty-bundled', 'ratio', '`yaml` floor', 'ratio'];
  const kilobytes = number(file.bytes / 1000);
  return [
    `### ${file.lines.toLocaleString('en-US')} lines, ${kilobytes} kB`,
    '',
    `Bare \`yaml\` parse, ms: warm p10 ${cell(values(parse, 'p10'))}, warm median ${cell(values(parse, 'median'))}, first ${cell(values(parse, 'cold'))}.`,
    '',
    table(head, rows),
    '',
    counts(file, name),
  ].join('\n');
}

function counts({ subject, yaml }, name) {
  const one = key => number(median(values(subject, key)));
  const extra = median(values(subject, 'extra'));
  return [
    `${name}: ${one('findings')} diagnostics when opened, ${one('edits')} key presses a run`,
    ` (\`yaml\` floor ${number(median(values(yaml, 'edits')))}), ${one('hoverTexts')} hovers with a text.`,
    extra > 0 ? ` **${extra} publishes more than one for each version.**` : '',
  ].join('');
}

/**
 * How much dearer ten times the lines are.
 * @param {readonly import('./measure.mjs').FileResult[]} files
 * @param {string} name of the measured server
 * @returns {string} Markdown, empty when there are no two sizes a factor of ten apart
 */
export function growthTable(files, name) {
  const rows = [];
  for (const [less, more] of [
    [500, 5000],
    [5000, 50_000],
  ]) {
    const [small, large] = [less, more].map(lines => files.find(file => file.lines === lines));
    if (!small || !large) continue;
    const growth = (who, key) => times(pairedRatio(large[who], key, small[who]));
    const step = `${less.toLocaleString('en-US')} → ${more.toLocaleString('en-US')}`;
    rows.push([`bare parse, warm median, ${step}`, growth('parse', 'median'), '–', '–']);
    for (const [key, title] of [
      ['open', 'didOpen'],
      ['p50', 'didChange p50'],
      ['rss', 'memory after open'],
    ]) {
      rows.push([`${title}, ${step}`, growth('subject', key), growth('empty', key), growth('yaml', key)]);
    }
  }
  if (rows.length === 0) return '';
  return `### Growth\n\n${table(['', name, 'empty-bundled', '`yaml` floor'], rows)}`;
}

/**
 * The table of the command line.
 * @param {readonly import('./measure.mjs').TreeResult[]} trees
 * @returns {string} Markdown
 */
export function treeTable(trees) {
  const rows = trees.map(({ files, bytes, checked, findings, subject, yaml }) => [
    `${files.toLocaleString('en-US')} files, ${number(bytes / 1e6)} MB`,
    number(checked),
    number(findings),
    cell(values(subject, 'took')),
    number(median(values(subject, 'took').map(took => files / (took / 1000)))),
    cell(values(yaml, 'took')),
    times(pairedRatio(subject, 'took', yaml)),
  ]);
  const head = ['tree', 'checked', 'findings', 'check, ms', 'files/s', '`yaml` alone, ms', 'ratio'];
  const note =
    '`yaml` alone: one process that parses every YAML file of the tree once. Of 100 files 75 are pipelines, 3 runner files, 22 YAML of other kinds; files/s counts all.';
  return `### Command line\n\n${table(head, rows)}\n\n${note}`;
}

/**
 * The table of file sizes.
 * @param {ReturnType<import('./measure.mjs').measureSizes>} sizes
 * @returns {string} Markdown
 */
export function sizeTable(sizes) {
  const rows = sizes.map(({ name, bytes, gzip }) => [
    name,
    bytes.toLocaleString('en-US'),
    gzip === undefined ? '–' : gzip.toLocaleString('en-US'),
  ]);
  return `### Sizes\n\n${table(['file', 'bytes', 'gzip -9'], rows)}`;
}

/**
 * Samples that could not be taken, a line for each reason.
 * @param {readonly { lines?: number, files?: number }[]} results
 * @returns {string[]} Markdown list items
 */
export function failures(results) {
  const reasons = results.flatMap(result =>
    ['subject', 'empty', 'yaml'].flatMap(who =>
      (result[who] ?? [])
        .filter(({ failure }) => failure !== undefined)
        .map(
          ({ failure }) =>
            `- ${result.lines ?? result.files} ${result.lines ? 'lines' : 'files'}, ${who}: ${failure}`,
        ),
    ),
  );
  return [...new Set(reasons)];
}

/**
 * A Markdown table, first column to the left, the others to the right.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const line = cells => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
