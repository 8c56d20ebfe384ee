/** Brings what both tools say of a pipeline into one shape: name of a job → what the runner would be handed. */
import { parse } from 'yaml';

const NO_JOBS = new Set([
  ...['stages', 'types', 'variables', 'default', 'workflow', 'include', 'cache', 'spec'],
  ...['image', 'services', 'before_script', 'after_script'],
]);

/**
 * The jobs of a preview of gitlab-ci-local. What is normalised, and why:
 * - root variables go into each job as far as `inherit:` lets them, for the preview prints them once at the top;
 * - jobs with `trigger:` go, as no runner is handed them; hidden jobs are not printed anyway;
 * - of images and services only what decides about daemons stays: name, entrypoint, alias, command, variables.
 */
export function oracleJobs(text) {
  const root = parse(text, { logLevel: 'silent', maxAliasCount: -1 }) ?? {};
  const jobs = new Map();
  for (const [name, job] of Object.entries(root)) {
    if (NO_JOBS.has(name) || name.startsWith('.') || !isMap(job) || job.trigger) continue;
    jobs.set(name, {
      image: imageOf(job.image),
      services: (job.services ?? []).map(serviceOf),
      variables: { ...inherited(root.variables, job.inherit?.variables), ...variablesOf(job.variables) },
      before: linesOf(job.before_script),
      main: linesOf(job.script),
      after: linesOf(job.after_script),
    });
  }
  return jobs;
}

/** The jobs of `drydock jobs`, with the parts that it says it cannot know. */
export function drydockShape(answer) {
  const jobs = new Map();
  for (const job of answer.jobs ?? []) {
    jobs.set(job.job, {
      image: imageOf(job.image),
      services: (job.services ?? []).map(serviceOf),
      variables: variablesOf(job.variables),
      before: linesOf(job.script?.before),
      main: linesOf(job.script?.main),
      after: linesOf(job.script?.after),
      holes: job.holes ?? [],
    });
  }
  return jobs;
}

/**
 * Every part of every job in which two pipelines differ: `{ job, part, oracle, ours }` with JSON texts, and `open`
 * with the reason where Drydock says that the files leave this part open.
 */
export function differences(oracle, ours) {
  const found = [];
  for (const [job, expected] of oracle) {
    const actual = ours.get(job);
    if (!actual) found.push({ job, part: 'job', oracle: 'there', ours: 'not there' });
    else found.push(...partsThatDiffer(expected, actual).map(part => ({ job, ...part })));
  }
  for (const [job, { holes }] of ours) {
    if (!oracle.has(job))
      found.push({ job, part: 'job', oracle: 'not there', ours: 'there', open: openBy(holes, 'job') });
  }
  return found;
}

const HOLE_OF = { before: 'before_script', main: 'script', after: 'after_script' };

function partsThatDiffer(expected, actual) {
  const parts = ['image', 'services', 'before', 'main', 'after'].map(part => [
    part,
    expected[part],
    actual[part],
  ]);
  for (const name of new Set([...Object.keys(expected.variables), ...Object.keys(actual.variables)])) {
    parts.push([`variables.${name}`, expected.variables[name], actual.variables[name]]);
  }
  return parts
    .map(([part, oracle, ours]) => ({ part, oracle: JSON.stringify(oracle), ours: JSON.stringify(ours) }))
    .filter(({ oracle, ours }) => !same(oracle, ours))
    .map(difference => ({
      ...difference,
      open: openBy(actual.holes, HOLE_OF[difference.part] ?? difference.part),
    }));
}

/** A hole in `variables` is one in each variable. */
function openBy(holes, part) {
  return holes.find(({ what }) => part === what || part.startsWith(`${what}.`))?.why;
}

/** Drydock prints `[secret]` for what looks like a password; that stands for any text. */
function same(oracle, ours) {
  if (oracle === ours) return true;
  if (!oracle || !ours?.includes('[secret]')) return false;
  const pattern = ours.split(/\[+secret\]+/).map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*?')}$`).test(oracle);
}

const isMap = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text and a map with only a name mean the same to GitLab. */
function imageOf(value) {
  if (value === undefined || value === null) return null;
  if (!isMap(value)) return { name: String(value) };
  return present({ name: text(value.name), entrypoint: wordsOf(value.entrypoint) });
}

function serviceOf(value) {
  if (!isMap(value)) return { name: String(value) };
  return present({
    name: text(value.name),
    alias: value.alias === undefined || value.alias === null ? undefined : text(value.alias),
    command: wordsOf(value.command),
    entrypoint: wordsOf(value.entrypoint),
    variables: value.variables && sorted(variablesOf(value.variables)),
  });
}

/** The oracle hands on what is no list, too. */
function wordsOf(value) {
  return value === undefined || value === null ? undefined : [value].flat().map(text);
}

/** `{ value, description }` is the value; whether it is expanded is `raw` in ours and not printed by the oracle. */
function variablesOf(value) {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, text(isMap(item) ? item.value : item)]),
  );
}

function inherited(variables, inherit) {
  const all = variablesOf(variables);
  if (inherit === false) return {};
  if (!Array.isArray(inherit)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => inherit.includes(name)));
}

/** One text is a list of one line; lists in lists are flat. */
function linesOf(value) {
  if (value === undefined || value === null) return [];
  return [value].flat(Number.POSITIVE_INFINITY).map(text);
}

/** An empty value of a variable is an empty text. */
const text = value => (value === undefined || value === null ? '' : String(value));
const sorted = value => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
const present = value =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null));
