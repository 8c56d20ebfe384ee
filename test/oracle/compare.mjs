/** Compares what Drydock makes of a pipeline with what gitlab-ci-local makes of it: `compare.mjs [OPTIONS] PROJECT…`. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { copyProject, isPipelineText, rootPipelines } from './copy.mjs';
import { differences, drydockShape, oracleJobs } from './effective.mjs';
import { supply } from './stubs.mjs';
import { drydockJobs, installOracle } from './tools.mjs';

/** How many missing jobs and files of one pipeline are put in, one after the other. */
const STUBS = 40;

const USAGE = `node test/oracle/compare.mjs [--keep FOLDER] [--oracle-only] [--cli FILE] PROJECT…

PROJECT        a folder with a project, or one pipeline file
--list FILE    more projects, one to a line
--keep FOLDER  keep the copies and the oracle's answers there, and take them from there when they exist
--oracle-only  ask the oracle and stop
--cli FILE     Drydock's command line, dist/cli.js when left out
--json FILE    write all results there as well`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'string' },
    keep: { type: 'string' },
    'oracle-only': { type: 'boolean', default: false },
    cli: { type: 'string', default: 'dist/cli.js' },
    json: { type: 'string' },
  },
});
const listed = options.list ? readFileSync(options.list, 'utf8').split('\n').filter(Boolean) : [];
const projects = [...positionals, ...listed];
if (projects.length === 0 || !(options['oracle-only'] || existsSync(options.cli))) {
  console.error(projects.length === 0 ? USAGE : `${options.cli} is not there: npm run build`);
  process.exit(2);
}
const cache = path.join(tmpdir(), 'gitlab-ci-local-oracle');
const scratch = options.keep ? path.resolve(options.keep) : mkdtempSync(path.join(tmpdir(), 'oracle-'));
const askOracle = installOracle(cache);
const results = await inTurn(projects, compareProject, 2);
const all = results.flat();
print(all);
if (options.json) writeFileSync(options.json, `${JSON.stringify(all, undefined, 1)}\n`);
if (!options.keep) rmSync(scratch, { recursive: true, force: true });
process.exitCode = all.some(result => result.verdict === 'different') ? 1 : 0;

async function compareProject(project) {
  const name = nameOf(project);
  const copy = path.join(scratch, 'copies', name);
  const edited = existsSync(copy) ? [] : copyProject(project, copy);
  const done = [];
  for (const file of rootPipelines(copy)) {
    if (!isPipelineText(readFileSync(path.join(copy, file), 'utf8'))) continue;
    done.push({ project, file, edited, ...(await comparePipeline(copy, name, file)) });
  }
  return done;
}

async function comparePipeline(copy, name, file) {
  const oracle = await oracleAnswer(copy, name, file);
  if (options['oracle-only'])
    return { verdict: oracle.refused ? 'oracle-refused' : 'answered', why: oracle.refused };
  const ours = await drydockJobs(path.resolve(options.cli), copy, file);
  if (oracle.refused && ours.refused)
    return { verdict: 'both-refused', why: `${oracle.refused} / ${ours.refused}` };
  if (oracle.refused) return { verdict: 'oracle-refused', why: oracle.refused, jobs: ours.jobs?.length };
  if (ours.refused) return { verdict: 'ours-refused', why: ours.refused };
  const expected = oracleJobs(oracle.text);
  const found = differences(expected, drydockShape(ours));
  return { verdict: verdictOf(found), jobs: expected.size, differences: found };
}

function verdictOf(found) {
  if (found.length === 0) return 'equal';
  return found.every(({ open }) => open) ? 'left-open' : 'different';
}

/** The oracle is slow and its answer for a text never changes, so it is asked once. */
async function oracleAnswer(copy, name, file) {
  const kept = path.join(scratch, 'out', name, `${file.replaceAll('/', '__')}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  let answer = await askOracle(copy, file);
  for (let round = 0; round < STUBS && answer.refused && supply(copy, file, answer.refused); round++) {
    answer = await askOracle(copy, file);
  }
  mkdirSync(path.dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify(answer));
  return answer;
}

/** A folder's own name says little (`.gitlab-ci.yml`, `quiet`), so the two above it come with it. */
function nameOf(project) {
  return path
    .resolve(project)
    .split(path.sep)
    .slice(-3)
    .join('~')
    .replaceAll(/[^\w.~-]/g, '_');
}

async function inTurn(inputs, work, lanes) {
  const outputs = new Array(inputs.length);
  let next = 0;
  const lane = async () => {
    while (next < inputs.length) {
      const index = next++;
      try {
        outputs[index] = await work(inputs[index]);
      } catch (error) {
        outputs[index] = [
          { project: inputs[index], file: '', verdict: 'crashed', why: String(error?.stack ?? error) },
        ];
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return outputs;
}

function print(rows) {
  const counts = new Map();
  for (const { verdict, jobs } of rows) {
    const count = counts.get(verdict) ?? { pipelines: 0, jobs: 0 };
    counts.set(verdict, { pipelines: count.pipelines + 1, jobs: count.jobs + (jobs ?? 0) });
  }
  for (const { project, file, verdict, why, differences: found } of rows) {
    if (why) console.log(`${verdict.padEnd(15)} ${project} ${file}: ${why}`);
    for (const { job, part, oracle, ours, open } of found ?? []) {
      const title = `${(open ? 'left-open' : 'different').padEnd(15)} ${project} ${file} [${job}] ${part}`;
      console.log(`${title}\n  oracle ${oracle}\n  ours   ${ours}${open ? `\n  open   ${open}` : ''}`);
    }
  }
  for (const [verdict, { pipelines, jobs }] of counts)
    console.log(`${verdict.padEnd(15)} ${pipelines} pipelines, ${jobs} jobs`);
}
