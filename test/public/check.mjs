/** Runs the built CLI over fetched public files and compares what it says with the verdicts in files.json. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const CLI = resolve(HERE, '../../dist/cli.js');
const USAGE = 'usage: node test/public/check.mjs FOLDER   (FOLDER holds OWNER__NAME/PATH, see README.md)';

/** Rows of one repository as the CLI gives them: `path:line rule` for findings, `path:line verdict` for traces. */
function rowsNow(folder) {
  const findings = run(folder, ['check', '--format', 'json', '--fail-on', 'never']).files.flatMap(file =>
    file.findings.map(finding => `${file.path}:${finding.range.start.line + 1} ${finding.rule}`),
  );
  const traces = run(folder, ['trace', '--format', 'json'])
    .sites.filter(({ verdict }) => verdict === 'fails' || verdict === 'reaches')
    .map(site => `${site.path}:${site.range.start.line + 1} ${traceRow(site)}`);
  return [...findings, ...traces];
}

/** Rows of one repository as judged, with their verdicts. */
function rowsJudged(repository) {
  return repository.files.flatMap(({ path, findings, traces }) => [
    ...findings.map(({ line, rule, verdict }) => ({ row: `${path}:${line} ${rule}`, verdict })),
    ...traces.map(trace => ({ row: `${path}:${trace.line} ${traceRow(trace)}`, verdict: trace.judged })),
  ]);
}

function traceRow({ verdict, failure }) {
  return failure === undefined ? verdict : `${verdict} ${failure}`;
}

function run(folder, words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${folder}: drydock ${words[0]} ended with ${status}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** Takes each judged row out of the rows of now once; what is left over on either side has changed. */
function compare(judged, now) {
  const left = new Map();
  for (const row of now) left.set(row, (left.get(row) ?? 0) + 1);
  const gone = [];
  const kept = [];
  for (const one of judged) {
    const count = left.get(one.row) ?? 0;
    (count > 0 ? kept : gone).push(one);
    left.set(one.row, count - 1);
  }
  const fresh = [...left].flatMap(([row, count]) => Array(Math.max(count, 0)).fill(row));
  return { fresh, gone, kept };
}

function main(root) {
  if (root === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { repositories } = JSON.parse(readFileSync(join(HERE, 'files.json'), 'utf8'));
  const count = { new: 0, gone: 0, mended: 0, wrong: 0, right: 0, absent: 0 };
  for (const repository of repositories) {
    const folder = resolve(root, repository.repository.replace('/', '__'));
    if (!existsSync(folder)) {
      count.absent++;
      continue;
    }
    const { fresh, gone, kept } = compare(rowsJudged(repository), rowsNow(folder));
    for (const row of fresh) report('new', repository, row);
    for (const { row, verdict } of gone) report(verdict === 'right' ? 'gone' : 'mended', repository, row);
    for (const { row, verdict } of kept) if (verdict !== 'right') report(verdict, repository, row);
    count.new += fresh.length;
    for (const { verdict } of gone) count[verdict === 'right' ? 'gone' : 'mended']++;
    for (const { verdict } of kept) count[verdict === 'right' ? 'right' : 'wrong']++;
  }
  console.log(
    `${count.right} right as before, ${count.wrong} known to be wrong, ${count.mended} mended, ` +
      `${count.gone} right ones gone, ${count.new} new; ${count.absent} of ${repositories.length} repositories not fetched`,
  );
  return count.new + count.gone > 0 ? 1 : 0;
}

function report(what, { repository }, row) {
  console.log(`${what.padEnd(9)} ${repository} ${row}`);
}

process.exitCode = main(process.argv[2]);
