/** Every recipe stands up to the product: its findings, its trace, its strategy, the official schema. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import { load } from 'js-yaml';
import { createProject, type Project } from '../server/src/analysis/index.js';
import { planFiles, platforms } from '../server/src/analysis/plan.js';
import { ruleIds } from '../server/src/analysis/rule-infos.js';
import { platformsOf, strategyInfos } from '../server/src/analysis/strategy-infos.js';
import type { PlannedFile } from '../server/src/strategies/files.js';
import { strategies } from '../server/src/strategies/index.js';
import { runtimeData } from './support/data.js';
import { TODAY } from './support/project.js';
import { traceJob } from './trace-case.js';

/** A strategy on a platform, with each kind of runner file that the platform has. */
const recipes = strategyInfos().flatMap(strategy =>
  platforms()
    .filter(platform => platformsOf(strategy).includes(platform.id))
    .flatMap(platform =>
      platform.runners.map(runner => {
        const files = planFiles(strategy, platform, { runner });
        assert.ok(typeof files !== 'string');
        return { name: `${strategy.id} on ${platform.id} (${runner})`, strategy, platform, files };
      }),
    ),
);

function strictProject(files: readonly PlannedFile[]): Project {
  const project = createProject({
    profile: 'strict',
    today: TODAY,
    data: runtimeData,
    absent: () => true,
    log: message => assert.fail(message),
  });
  for (const { path, text } of files) project.setFile(path, text);
  return project;
}

function findingsOf(files: readonly PlannedFile[]) {
  return strictProject(files)
    .check()
    .flatMap(file => file.findings);
}

/** Without comments, and with other names for job, runner and tag. */
function disguised(files: readonly PlannedFile[]): readonly PlannedFile[] {
  return files.map(({ path, text }) => ({
    path,
    text: text
      .replace(/^ *#.*\n/gm, '')
      .replaceAll('build-image', 'job_7')
      .replaceAll('container-build', 'r42'),
  }));
}

/**
 * GitLab's schema from npm, which is of 2022, with what recipes use that has come since. Source of `variables`:
 * https://docs.gitlab.com/ci/services/#available-settings-for-services.
 */
function gitlabSchema(): ValidateFunction {
  const path =
    'schemastore/schemas/json/gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json';
  const schema = JSON.parse(readFileSync(require.resolve(path), 'utf8'));
  const { properties } = schema.definitions.services.items.oneOf[1];
  assert.equal(properties.variables, undefined, 'the schema knows them now: leave this out');
  properties.variables = { type: 'object', additionalProperties: { type: 'string' } };
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}

describe('recipes', () => {
  for (const { name, strategy, files } of recipes) {
    it(`${name} has only findings that come with the strategy, and no error`, () => {
      const found = findingsOf(files);
      assert.deepEqual(
        found
          .filter(({ rule }) => !strategy.accepts.includes(rule))
          .map(({ rule, message }) => [rule, message]),
        [],
      );
      assert.deepEqual(
        found.filter(({ severity }) => severity === 'error'),
        [],
      );
    });

    it(`${name} reaches its daemon or needs none, and is known for what it is`, () => {
      for (const some of [files, disguised(files)]) {
        const rows = strictProject(some).trace();
        assert.equal(rows.length, 1);
        assert.match(rows[0]?.verdict ?? '', /^(?:reaches|no-daemon-needed)$/);
        assert.equal(rows[0]?.strategy, strategy.id);
        assert.equal(rows[0]?.runner?.how, 'declared');
      }
    });
  }

  it('are taken for one strategy each, whichever is asked first', () => {
    for (const { name, strategy, files } of recipes.filter(({ files }) => files[1]?.path.endsWith('.toml'))) {
      const pipeline = files[0]?.text.replace(/^build-image:/m, 'job:') ?? '';
      const [trace] = traceJob(pipeline, files[1]?.text);
      assert.ok(trace, name);
      const all = strategies.filter(({ recognises }) => recognises(trace)).map(({ id }) => id);
      assert.deepEqual(all, [strategy.id], name);
    }
  });

  it('say yes to the schema of GitLab', () => {
    const validate = gitlabSchema();
    for (const { name, files } of recipes) {
      const pipeline = files.find(({ path }) => path === '.gitlab-ci.yml')?.text ?? '';
      assert.ok(validate(load(pipeline)), `${name}: ${JSON.stringify(validate.errors)}`);
    }
    assert.equal(validate({ job: { script: 'true', service: [] } }), false, 'and it can say no');
  });

  it('show every finding that their strategy accepts, each of them a rule', () => {
    for (const { id, accepts } of strategyInfos()) {
      const own = recipes.filter(({ strategy }) => strategy.id === id);
      const found = new Set(own.flatMap(({ files }) => findingsOf(files)).map(({ rule }) => rule));
      for (const rule of accepts) {
        assert.ok(ruleIds().has(rule), rule);
        assert.ok(found.has(rule), `${id} accepts ${rule}, which none of its recipes has`);
      }
    }
  });

  it('have no place left that a user would have to look for', () => {
    for (const { name, files } of recipes)
      for (const { path, text } of files) assert.doesNotMatch(text, /@\w+@/, `${name}: ${path}`);
  });

  it('pin every image, and put no password on a command line', () => {
    for (const { name, files } of recipes) {
      const pipeline = load(files.find(({ path }) => path === '.gitlab-ci.yml')?.text ?? '');
      const job = (pipeline as Record<string, Job>)['build-image'];
      assert.ok(job, name);
      const images = [job.image, ...(job.services ?? [])].map(one =>
        typeof one === 'string' ? one : one.name,
      );
      for (const image of images) assert.match(image, /:v?\d+\.\d+\.\d+/, name);
      assert.doesNotMatch(
        [...job.before_script, ...job.script].join('\n'),
        /login.*(?: -p |--password )/,
        name,
      );
    }
  });
});

interface Job {
  readonly image: string | { readonly name: string };
  readonly services?: readonly (string | { readonly name: string })[];
  readonly before_script: readonly string[];
  readonly script: readonly string[];
}

describe('strategies', () => {
  it('give a recipe or a reason for every platform', () => {
    for (const { id, cells } of strategyInfos()) {
      assert.deepEqual(
        Object.keys(cells).sort(),
        platforms()
          .map(one => one.id)
          .sort(),
        id,
      );
      for (const cell of Object.values(cells))
        if (typeof cell === 'string') assert.match(cell, /^[A-Z].{20,}\.$/, id);
    }
  });

  it('carry facts with source and date, and sentences', () => {
    for (const { id, title, facts, what, when, whenNot, pro, con } of strategyInfos()) {
      assert.ok(facts.length > 0, id);
      for (const fact of facts) {
        assert.match(fact.date, /^20\d\d-\d\d-\d\d$/, id);
        assert.ok(fact.source.length > 10, id);
      }
      // What a row of a quick pick has room for.
      assert.ok(title.length + pro.length <= 82 && con.length <= 80, id);
      for (const text of [what, when, whenNot, pro, con, ...facts.map(({ text }) => text)])
        assert.match(text, /^[A-Z0-9].*[.]$/, `${id}: ${text}`);
    }
  });
});
