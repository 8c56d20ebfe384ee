/** Runs Drydock over the small pipelines of semantics.json, whose results or refusal GitLab's source settles. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drydockShape } from './effective.mjs';
import { drydockJobs, drydockRules } from './tools.mjs';

const cli = path.resolve(process.argv[2] ?? 'dist/cli.js');
if (!existsSync(cli)) throw new Error(`${cli} is not there: npm run build`);
const { merged, refused } = JSON.parse(readFileSync(new URL('semantics.json', import.meta.url), 'utf8'));
const scratch = mkdtempSync(path.join(tmpdir(), 'semantics-'));
let wrong = 0;
for (const { name, source, files, jobs } of merged) {
  const complaints = compare(jobs, await answerTo(files));
  if (complaints.length > 0) wrong += 1;
  for (const complaint of complaints) console.log(`${name} (${source})\n  ${complaint}`);
}
console.log(`${merged.length - wrong} of ${merged.length} as GitLab has them`);
let missed = 0;
for (const { name, files, finding, silent } of refused) {
  const folder = write(files);
  const [answer, rules] = await Promise.all([jobsIn(folder), drydockRules(cli, folder)]);
  const sure = (answer.jobs ?? []).filter(({ holes }) => holes.length === 0).map(({ job }) => job);
  const complaints = silent
    ? rules.map(rule => `${rule}, though ${silent}`)
    : [
        ...(rules.includes(finding) ? [] : [`no ${finding}`]),
        ...rules.filter(rule => rule !== finding).map(rule => `${rule} besides`),
        ...sure.map(job => `${job} has no hole`),
      ];
  if (complaints.length > 0) missed += 1;
  for (const complaint of complaints) console.log(`GitLab refuses "${name}"\n  ${complaint}`);
}
console.log(`${refused.length - missed} of ${refused.length} that GitLab refuses as written down`);
rmSync(scratch, { recursive: true, force: true });
process.exitCode = wrong + missed > 0 ? 1 : 0;

function answerTo(files) {
  return jobsIn(write(files));
}

function jobsIn(folder) {
  return drydockJobs(cli, folder, '.gitlab-ci.yml');
}

function write(files) {
  const folder = mkdtempSync(path.join(scratch, 'case-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

/** Only the parts that a case names are compared, but the names of the jobs must be the same. */
function compare(expected, answer) {
  if (answer.refused) return [answer.refused];
  const actual = drydockShape(answer);
  const complaints = [...actual.keys()].filter(job => !expected[job]).map(job => `${job} is not a job`);
  for (const [job, parts] of Object.entries(expected)) {
    for (const [part, value] of Object.entries(actual.has(job) ? parts : { missing: true })) {
      const [wanted, got] = [ordered(value), ordered(actual.get(job)?.[part])];
      if (wanted !== got) complaints.push(`${job}.${part}: GitLab ${wanted}, ours ${got}`);
    }
  }
  return complaints;
}

/** The order of keys in a map means nothing. */
function ordered(value) {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
