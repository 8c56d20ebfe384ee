/** Checks one generated project in this process, types in one of its files, and prints the times as JSON. */

import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline, runnerFile } from './generate.mjs';
import { quantile } from './stats.mjs';

const LINES = 60;
/** GitLab takes 150 files into one pipeline. */
const MOST_INCLUDED = 140;
const WARM_UP = 10;
const EDITS = 60;

/** Each shape: the files of a project, and the one that is typed in. */
const SHAPES = {
  /** Pipelines that have nothing to do with each other. */
  apart: files => ({
    ...parts(files, i => `service-${i}/.gitlab-ci.yml`),
    typed: 'service-0/.gitlab-ci.yml',
  }),
  /** One pipeline that is put together from many files. */
  included: files => {
    const all = parts(Math.min(files, MOST_INCLUDED), i => `ci/part-${i}.yml`);
    const lines = Object.keys(all).map(file => `  - ${file}`);
    return { '.gitlab-ci.yml': `include:\n${lines.join('\n')}\n`, ...all, typed: 'ci/part-0.yml' };
  },
  /** Many pipelines that share a file. */
  shared: files => {
    const all = parts(
      Math.min(files, MOST_INCLUDED),
      i => `service-${i}/.gitlab-ci.yml`,
      'include: base.yml\n',
    );
    return { ...all, 'base.yml': pipeline(LINES, 0), typed: 'base.yml' };
  },
  /** Pipelines beside a file of runners. */
  runners: files => ({
    ...parts(Math.min(files, 20), i => `service-${i}/.gitlab-ci.yml`),
    'config.toml': runnerFile(5, 1),
    typed: 'service-0/.gitlab-ci.yml',
  }),
};

function parts(count, name, head = '') {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [name(i), head + pipeline(LINES, i + 1)]),
  );
}

const [core, shape, files] = process.argv.slice(2);
const { createProject } = createRequire(import.meta.url)(path.resolve(core));
const { typed, ...texts } = SHAPES[shape](Number(files));
const project = createProject({ today: '2026-01-01', absent: () => true });
for (const [file, text] of Object.entries(texts)) project.setFile(file, text);
const started = performance.now();
const findings = project.check().reduce((sum, file) => sum + file.findings.length, 0);
const cold = performance.now() - started;
const taken = [];
for (let edit = 0; edit < WARM_UP + EDITS; edit++) {
  const text = texts[typed].replace('    - echo ', `    - echo ${'x'.repeat(edit + 1)} `);
  const sent = performance.now();
  project.setFile(typed, text);
  project.check();
  project.wanted();
  taken.push(performance.now() - sent);
}
const warm = taken.slice(WARM_UP);
console.log(
  JSON.stringify({
    files: Object.keys(texts).length,
    findings,
    cold,
    p50: quantile(warm, 0.5),
    p95: quantile(warm, 0.95),
  }),
);
