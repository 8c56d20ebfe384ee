/** Makes the page of the examples: what they are is written by hand, what comes of them is what the engine says. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { runtimeData } from './generate-catalog.mjs';

const FOLDER = 'docs/examples';
const TODAY = '2026-11-21';

/** Path and text of the page. Needs the compiled core (`tsc -b server`). */
export function examplePages() {
  const rows = examples().map(example => [
    `[${example.folder}](examples/${example.folder}): ${example.what}`,
    example.formats.join(', ') || 'none',
    strategiesOf(example),
    outcomesOf(example),
    findingsOf(example),
    example.do,
  ]);
  return new Map([['docs/examples.md', page(rows)]]);
}

/** The examples with what the engine makes of them: `formats`, `traces` and `found` beside what `examples.json` says. */
export function examples() {
  const { examples: written } = JSON.parse(readFileSync(join(FOLDER, 'examples.json'), 'utf8'));
  return written.map(example => ({ ...example, ...run(example.folder) }));
}

function run(folder) {
  const require = createRequire(resolve('package.json'));
  const { createProject } = require(resolve('out/server/src/analysis/index.js'));
  const data = runtimeData();
  const project = createProject({
    today: TODAY,
    data: name => data.get(name),
    absent: () => true,
    log: message => {
      throw new Error(message);
    },
  });
  for (const [path, text] of filesOf(folder)) project.setFile(path, text);
  const checked = project.check();
  const formats = checked.map(({ dialect }) => dialect).filter(one => one && one !== 'drydock-config');
  return {
    formats: [...new Set(formats)].sort(),
    traces: project.trace(),
    found: checked.flatMap(({ findings }) => findings),
  };
}

function filesOf(folder) {
  return readdirSync(join(FOLDER, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort()
    .map(path => [path.slice(FOLDER.length + folder.length + 2), readFileSync(path, 'utf8')]);
}

function strategiesOf({ traces }) {
  const ids = new Set(traces.flatMap(({ strategy }) => strategy ?? []));
  return [...ids].map(id => `[${id}](strategies/${id}.md)`).join(', ') || '–';
}

/** What the docker of a script's own machine reaches is not worth a line beside its containers. */
function outcomesOf({ traces, found }) {
  const told = traces.filter(({ dialect, daemon }) => dialect !== 'shell' || daemon.kind !== 'unknown');
  const lines = told.map(({ site, summary }) => `\`${site}\` ${summary}`);
  if (lines.length > 0) return lines.join('<br>');
  // A container that is a daemon itself reaches none; it may die all the same.
  const [error] = found.filter(({ severity }) => severity === 'error');
  return error ? `✗ ${error.message}` : '–';
}

const ORDER = ['error', 'warning', 'info'];

function findingsOf({ found }) {
  const worst = new Map();
  for (const { rule, severity } of found) {
    const known = worst.get(rule);
    if (!known || ORDER.indexOf(severity) < ORDER.indexOf(known)) worst.set(rule, severity);
  }
  const sorted = [...worst].sort(
    ([a, one], [b, other]) => ORDER.indexOf(one) - ORDER.indexOf(other) || (a < b ? -1 : 1),
  );
  return sorted.map(([rule, severity]) => `${severity} [${rule}](rules/${rule}.md)`).join('<br>') || '–';
}

function page(rows) {
  const head = ['example', 'format', 'strategy', 'what it reaches', 'findings', 'what to do'];
  const line = cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `# Examples

The ways in which people are told to build images in CI, and what comes of each. The files lie in [examples](examples); a test holds what the engine says about them against what was judged by hand before (\`examples.json\` there), and this page is made from both.

✓ works, ✗ fails, ? cannot be told from the files. Where a runner matters, one is declared beside the pipeline.

${[line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')}
`;
}
