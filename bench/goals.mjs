/** The speed goals that the benchmark can judge by itself, each a ratio of numbers from the same run. */
import { table } from './report.mjs';
import { number, pairedRatio, times } from './stats.mjs';

const SERVER_BYTES = 600_000;
/** Entry, server and core: all that it loads before the first diagnostics. */
const SERVER_FILES = ['dist/server.js', 'dist/server-main.js', 'dist/core.js'];

/**
 * Checks the goals. A goal whose numbers are missing is said to be not measured.
 * @param {readonly import('./measure.mjs').FileResult[]} files
 * @param {readonly import('./measure.mjs').TreeResult[]} trees
 * @param {ReturnType<import('./measure.mjs').measureSizes>} sizes
 * @returns {string} Markdown
 */
export function goalTable(files, trees, sizes) {
  const server = sizes.filter(({ name }) => SERVER_FILES.includes(name));
  const bytes =
    server.length === SERVER_FILES.length ? server.reduce((sum, file) => sum + file.bytes, 0) : undefined;
  const rows = [
    ...ratios(files, trees).map(([goal, title, value, limit]) => row(goal, title, value, limit, times)),
    row('P11', SERVER_FILES.join(' + '), bytes, SERVER_BYTES, value => `${number(value / 1000)} kB`),
  ];
  return `### Goals\n\n${table(['goal', 'measure', 'at most', 'measured', ''], rows)}`;
}

/** Goal, what is measured, the ratio, and the greatest ratio that meets the goal. */
function ratios(files, trees) {
  const of = lines => files.find(file => file.lines === lines);
  const to = (lines, key, control, controlKey) => {
    const file = of(lines);
    return file && pairedRatio(file.subject, key, file[control], controlKey);
  };
  const growth = (key, less, more) => {
    const [small, large] = [of(less), of(more)];
    return small && large && pairedRatio(large.subject, key, small.subject);
  };
  const tree = trees.find(({ files }) => files === 1000);
  return [
    ['P1', 'key press p50, 500 lines / `yaml` floor', to(500, 'p50', 'yaml'), 1],
    ['P2', 'key press p95, 500 lines / `yaml` floor', to(500, 'p95', 'yaml'), 1],
    ['P4', 'key press p50, 5,000 lines / `yaml` floor', to(5000, 'p50', 'yaml'), 0.5],
    ['P4', 'key press p50, 5,000 lines / 500 lines', growth('p50', 500, 5000), 12],
    ['P7', 'spawn → initialize, 500 lines / empty-bundled', to(500, 'initialize', 'empty'), 1.3],
    ['P8', 'spawn → first diagnostics, 500 lines / empty-bundled', to(500, 'first', 'empty'), 1.6],
    ['P9', 'memory after open, 500 lines / empty-bundled', to(500, 'rss', 'empty'), 1.35],
    ['P9', "peak memory, 500 lines / empty-bundled's after open", to(500, 'peak', 'empty', 'rss'), 1.7],
    ['P12', 'check, 1,000 files / `yaml` alone', tree && pairedRatio(tree.subject, 'took', tree.yaml), 1],
    ['growth', 'didOpen, 50,000 lines / 5,000 lines', growth('open', 5000, 50_000), 12],
    ['growth', 'key press p50, 50,000 lines / 5,000 lines', growth('p50', 5000, 50_000), 12],
    ['aim', 'key press p50, 50,000 lines / 500 lines', growth('p50', 500, 50_000), 2],
  ];
}

function row(goal, title, value, limit, print) {
  const verdict = value === undefined ? 'not measured' : value <= limit ? 'met' : '**missed**';
  return [goal, title, print(limit), value === undefined ? '–' : print(value), verdict];
}
