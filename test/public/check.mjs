/** Runs the built core over fetched public files and compares what it says with the verdicts in files.json and pods.json. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = resolve(HERE, '../../dist');
const { createProject, includeMatcher, isPattern, searchedPath } = createRequire(import.meta.url)(
  join(DIST, 'core.js'),
);
const USAGE = 'usage: node test/public/check.mjs FOLDER   (FOLDER holds OWNER__NAME/PATH, see README.md)';

/** Rows of one repository as they are now: `path:line rule` for findings, `path:line verdict` for traces. */
function rowsNow(folder) {
  const texts = new Map(pathsIn(folder).map(path => [path, readFileSync(join(folder, path), 'utf8')]));
  const project = load(texts);
  const lineOf = (path, offset) => texts.get(path).slice(0, offset).split('\n').length;
  const findings = project
    .check()
    .flatMap(({ path, findings }) =>
      findings.map(({ start, rule }) => `${path}:${lineOf(path, start)} ${rule}`),
    );
  const traces = project
    .trace()
    .filter(({ verdict }) => verdict === 'fails' || verdict === 'reaches')
    .map(site => `${site.path}:${lineOf(site.path, site.range.start)} ${traceRow(site)}`);
  return [...findings, ...traces];
}

/** Whether a file that is not here is missing in the repository cannot be told: only files of pipelines and runners are here. */
const absent = () => false;

function load(texts) {
  const data = name => JSON.parse(readFileSync(join(DIST, 'data', `${name}.json`), 'utf8'));
  const log = message => {
    throw new Error(message);
  };
  const project = createProject({ today: new Date().toISOString().slice(0, 10), data, absent, log });
  let paths = [...texts.keys()].filter(searchedPath);
  while (paths.length > 0) {
    for (const path of paths) project.setFile(path, texts.get(path));
    const wanted = project.wanted().map(target => (isPattern(target) ? includeMatcher(target) : target));
    paths = [...texts.keys()].filter(
      path => !project.has(path) && wanted.some(one => (typeof one === 'string' ? one === path : one(path))),
    );
  }
  return project;
}

function pathsIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

/** Every repository once, with its files of all formats. */
function judged() {
  const known = new Map();
  for (const name of ['files.json', 'pods.json']) {
    for (const one of JSON.parse(readFileSync(join(HERE, name), 'utf8')).repositories) {
      const before = known.get(one.repository);
      known.set(one.repository, before ? { ...before, files: [...before.files, ...one.files] } : one);
    }
  }
  return [...known.values()];
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
  const repositories = judged();
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
