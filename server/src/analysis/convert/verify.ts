/** Checks a converted job with the product itself: it reads as wanted, follows the target, and is no worse than before. */
import type { BuildSite, ScriptText } from '../../model/build-site.js';
import { settled } from '../../model/known.js';
import { show } from '../../model/text.js';
import type { CheckedFile, JobRow, Project, TraceRow } from '../api.js';
import { type ConversionTarget, strategyNow } from './ways.js';

/** A job by the file that names it. */
export interface JobName {
  readonly path: string;
  readonly job: string;
}

export interface Expected extends JobName {
  readonly to: ConversionTarget;
  readonly image: string | undefined;
  /** Texts that the shell gets, by part. */
  readonly scripts: Readonly<Record<ScriptText['part'], readonly string[]>>;
  /** Names of the services. */
  readonly services: readonly string[];
  /** Variables that may come or go. */
  readonly mayChange: (variable: string) => boolean;
  readonly accepts: readonly string[];
}

/** A project, and the ways in which a job of it runs. */
export interface Looked {
  readonly project: Project;
  sites(path: string, job: string): readonly BuildSite[];
}

/** What is wrong with the result; `undefined` where nothing is. `all` are the jobs that are converted together. */
export function verify(before: Looked, after: Looked, all: readonly Expected[]): string | undefined {
  const [old, now] = [before.project, after.project];
  const checked = now.check();
  const broken = checked.find(file => file.broken && all.some(({ path }) => path === file.path))?.broken;
  if (broken) return `the new text cannot be read: ${broken.message}`;
  const [jobsBefore, jobsAfter, rows] = [old.jobs(), now.jobs(), now.trace()];
  for (const expected of all) {
    const wrong =
      differsFrom(after.sites(expected.path, expected.job), expected) ??
      losesVariables(jobsBefore, jobsAfter, expected) ??
      goesElsewhere(rows, expected);
    if (wrong !== undefined) return all.length > 1 ? `job "${expected.job}": ${wrong}` : wrong;
  }
  const accepts = all.flatMap(expected => expected.accepts);
  return changesOthers(jobsBefore, jobsAfter, all) ?? isWorse(old.check(), checked, accepts);
}

function differsFrom(sites: readonly BuildSite[], expected: Expected): string | undefined {
  if (sites.length === 0) return 'the job is not there any more';
  const lines = (texts: readonly string[]): string =>
    texts
      .map(text => text.trimEnd())
      .filter(text => text !== '')
      .join('\n\0');
  for (const site of sites) {
    for (const part of ['before', 'main', 'after'] as const) {
      const texts = site.scripts.filter(script => script.part === part).map(({ text }) => text);
      if (lines(texts) !== lines(expected.scripts[part]))
        return `its ${part} script does not come out as wanted`;
    }
    const services = (settled(site.services) ?? []).map(({ ref }) => show(ref.text)).join();
    if (services !== expected.services.join()) return `it would run beside ${services || 'nothing'}`;
    const image = settled(site.image);
    const name = image && show(image.ref.text);
    if (expected.image !== undefined && name !== expected.image)
      return `it would run in ${name ?? 'no image'}`;
  }
  return undefined;
}

/** The one job, in every pipeline that it is part of. */
function isIt({ path, job }: JobRow, expected: JobName): boolean {
  return path === expected.path && job.name === expected.job;
}

/** A list of variables of its own replaces the one that a merge key brings. */
function losesVariables(
  before: readonly JobRow[],
  after: readonly JobRow[],
  expected: Expected,
): string | undefined {
  const own = (rows: readonly JobRow[]): readonly JobRow[] => rows.filter(row => isIt(row, expected));
  const now = own(after);
  for (const { root, job } of own(before)) {
    const variables = now.find(row => row.root === root)?.job.variables;
    for (const [name, { text }] of job.variables) {
      if (!expected.mayChange(name) && variables?.get(name)?.text !== text)
        return `its variable ${name} would be lost, which comes from elsewhere`;
    }
  }
  return undefined;
}

/** The first other job that does not come to the same any more; `undefined` where there is none. */
export function changesOthers(
  before: readonly JobRow[],
  after: readonly JobRow[],
  all: readonly JobName[],
): string | undefined {
  const shown = (rows: readonly JobRow[]): Map<string, string> =>
    new Map(
      rows
        .filter(row => !all.some(expected => isIt(row, expected)))
        .map(({ root, path, job }) => [`${root}\0${path}\0${job.name}`, valuesOf(job)]),
    );
  const now = shown(after);
  for (const [key, values] of shown(before)) {
    if (now.get(key) !== values) return `job "${key.split('\0').at(-1)}" would change as well`;
  }
  return undefined;
}

/** What a job comes to, without where it is written. */
function valuesOf(job: JobRow['job']): string {
  const skipped = new Set(['origin', 'place']);
  return JSON.stringify(job, (key, value: unknown) =>
    skipped.has(key) ? undefined : value instanceof Map ? [...value] : value,
  );
}

function goesElsewhere(rows: readonly TraceRow[], expected: Expected): string | undefined {
  const own = rows.filter(({ path, site }) => path === expected.path && site === expected.job);
  if (own.length === 0) return 'it would build nothing any more';
  const daemonless = ['buildkit-rootless', 'buildah', 'kaniko'].includes(expected.to);
  for (const row of own) {
    const { verdict, because } = row;
    const strategy = strategyNow(row);
    if (verdict === 'fails') return because.at(-1)?.message ?? 'it would fail';
    if (strategy !== expected.to) return `it would be taken for ${strategy ?? 'no strategy'}`;
    if (daemonless && verdict !== 'no-daemon-needed') return 'it would still need a docker daemon';
  }
  return undefined;
}

/** Comments that ignore what is gone now are no reason not to. */
const FOLLOWS: readonly string[] = ['ignore-unused'];

/** The first finding that was not there before and is not accepted, with its rule; `undefined` where there is none. */
export function isWorse(
  before: readonly CheckedFile[],
  after: readonly CheckedFile[],
  accepts: readonly string[],
): string | undefined {
  const left = new Map<string, number>();
  for (const { findings } of before)
    for (const { rule } of findings) left.set(rule, (left.get(rule) ?? 0) + 1);
  for (const { findings } of after) {
    for (const { rule, message } of findings) {
      const count = left.get(rule) ?? 0;
      left.set(rule, count - 1);
      if (count <= 0 && !accepts.includes(rule) && !FOLLOWS.includes(rule))
        return `${message.replace(/\.$/, '')} (${rule})`;
    }
  }
  return undefined;
}
