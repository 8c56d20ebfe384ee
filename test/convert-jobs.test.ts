/** Converts the jobs, templates and Compose services of all fixtures and silent projects: nothing else in the file changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments, parseDocument } from 'yaml';
import { conversionTargets } from '../server/src/analysis/convert/ways.js';
import { applyEdits, type Project } from '../server/src/analysis/index.js';
import { readFixtures } from './support/fixture.js';
import { projectOf } from './support/project.js';

/** Keys of a job that a conversion may change. */
const OWNED = ['image', 'services', 'variables', 'before_script', 'script', 'after_script'];

let converted = 0;

/** Every so many fixtures; all of them take a minute. */
const STEP = Number(process.env.STEP ?? 5);

for (const folder of ['test/fixtures', 'test/silent']) {
  test(`jobs of ${folder}`, () => {
    for (const fixture of readFixtures(folder).filter((_, i) => i % STEP === 0)) {
      const project = projectOf(fixture.files.map(file => [file.path, file.text]));
      const rows = project.trace().filter(({ dialect }) => dialect === 'gitlab-ci');
      const jobs = new Map(rows.map(({ path, site }) => [`${path}\0${site}`, { path, job: site }]));
      for (const { path, text } of fixture.files.filter(file => project.dialectOf(file.path) === 'gitlab-ci'))
        for (const [, job = ''] of text.matchAll(/^(\.[\w-]+):/gm))
          jobs.set(`${path}\0${job}`, { path, job });
      for (const { path, job } of jobs.values())
        for (const to of conversionTargets())
          convertOne(project, path, job, to, `${fixture.name}: ${job} to ${to}`);
    }
  });
}

for (const folder of ['test/fixtures', 'test/silent']) {
  test(`services of ${folder}`, () => {
    for (const fixture of readFixtures(folder)) {
      const project = projectOf(fixture.files.map(file => [file.path, file.text]));
      for (const { path, site, dialect } of project.trace()) {
        if (dialect !== 'compose') continue;
        const result = project.convert({ path, job: site, to: 'socket-proxy' });
        if ('refused' in result) continue;
        converted += 1;
        for (const [changed, after] of result.texts) checkServices(project.text(changed) ?? '', after, site);
      }
    }
  });
}

/** All other services are as they were, and so is what the service has besides. */
function checkServices(before: string, after: string, site: string): void {
  const [old, now] = [parseDocument(before), parseDocument(after)];
  assert.deepEqual(now.errors, [], after);
  const { [site]: own, ...others } = old.toJS().services as Record<string, Record<string, unknown>>;
  const { [site]: converted, 'socket-proxy': proxy, ...left } = now.toJS().services;
  assert.ok(proxy, after);
  assert.deepEqual(left, others, after);
  const changes = ['volumes', 'environment', 'depends_on', 'networks', 'command'];
  const rest = (one: object = {}): object =>
    Object.fromEntries(Object.entries(one).filter(([key]) => !changes.includes(key)));
  assert.deepEqual(rest(converted), rest(own), after);
}

test('many jobs were converted', t => {
  t.diagnostic(`${converted} conversions`);
  assert.ok(converted > 100, String(converted));
});

function convertOne(project: Project, path: string, job: string, to: string, about: string): void {
  const result = project.convert({ path, job, to });
  if ('refused' in result) {
    assert.ok(result.refused.endsWith('.'), `${about}: ${result.refused}`);
    return;
  }
  converted += 1;
  for (const { path: changed, edits } of result.edits) {
    const before = project.text(changed) ?? '';
    const after: string = result.texts.get(changed) ?? '';
    assert.equal(applyEdits(before, edits), after, about);
    assert.equal(before.includes('\r\n'), after.includes('\r\n'), `${about}: line ends`);
    if (changed !== path) continue;
    compare(before, after, job, to, about);
    // A list that goes takes the comments in it along.
    const kept = applyEdits(
      before,
      edits.filter(({ newText }) => newText === ''),
    );
    const left = new Set(commentLines(after));
    for (const comment of commentLines(kept)) assert.ok(left.has(comment), `${about}: ${comment}`);
  }
}

function compare(before: string, after: string, job: string, to: string, about: string): void {
  const uniqueKeys = parseAllDocuments(before).every(({ errors }) =>
    errors.every(({ code }) => code !== 'DUPLICATE_KEY'),
  );
  // What a template becomes shows in all that merge it.
  const merge = !job.startsWith('.');
  const [old, now] = [valuesOf(before, about, uniqueKeys, merge), valuesOf(after, about, uniqueKeys, merge)];
  assert.deepEqual(Object.keys(now), Object.keys(old), about);
  for (const [key, value] of Object.entries(old)) {
    // Where all jobs that share a variable move to TLS together, it changes where it stands.
    if (to === 'dind-tls' && key === 'variables') continue;
    if (key !== job) assert.deepEqual(unmerged(now[key]), unmerged(value), `${about}: ${key}`);
    else assert.deepEqual(without(now[key]), without(value), `${about}: other keys`);
  }
}

/** Comments on lines of their own. */
function commentLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.startsWith('#'));
}

/** What stands in a mapping itself. */
function unmerged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '<<'));
}

function without(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !OWNED.includes(key)));
}

function valuesOf(text: string, about: string, uniqueKeys: boolean, merge: boolean): Record<string, unknown> {
  const documents = parseAllDocuments(text, { merge, uniqueKeys, customTags: [reference] });
  const values = [...documents].map(document => {
    assert.deepEqual(document.errors, [], about);
    return document.toJS({ maxAliasCount: -1 }) as Record<string, unknown>;
  });
  return Object.assign({}, ...values) as Record<string, unknown>;
}

const reference = {
  tag: '!reference',
  collection: 'seq' as const,
  resolve: (node: unknown) => node as never,
};
