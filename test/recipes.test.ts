/** Every recipe stands up to the product: its findings, its trace, its strategy, the official schema. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { load } from 'js-yaml';
import { createProject, type Project } from '../server/src/analysis/index.js';
import { planFiles, platforms } from '../server/src/analysis/plan.js';
import { ruleIds } from '../server/src/analysis/rule-infos.js';
import { platformsOf, strategyInfos } from '../server/src/analysis/strategy-infos.js';
import type { DialectId } from '../server/src/model/build-site.js';
import type { Strategy } from '../server/src/strategies/define.js';
import type { PlannedFile } from '../server/src/strategies/files.js';
import { HOSTED } from '../server/src/strategies/github.js';
import { strategies } from '../server/src/strategies/index.js';
import type { PlatformId } from '../server/src/strategies/platforms.js';
import { PLACES } from '../server/src/strategies/recipe.js';
import { runtimeData } from './support/data.js';
import { TODAY } from './support/project.js';

/** A strategy on a platform, with each kind of runner file that the platform has. */
const recipes = strategyInfos().flatMap(strategy =>
  platforms()
    .filter(platform => platformsOf(strategy).includes(platform.id))
    .flatMap(platform =>
      (platform.runners.length > 0 ? platform.runners : [undefined]).map(runner => {
        const files = planFiles(strategy, platform, runner ? { runner } : {});
        assert.ok(typeof files !== 'string');
        const [first] = files;
        assert.equal(first?.path, platform.pipeline);
        const name = `${strategy.id} on ${platform.id}${runner ? ` (${runner})` : ''}`;
        return { name, strategy, platform, files, pipeline: first.text };
      }),
    ),
);

/** How the job is paired with its runner; a container of its own has none. */
const PAIRED: Readonly<Record<PlatformId, string | undefined>> = {
  'gitlab-docker': 'declared',
  'gitlab-kubernetes': 'declared',
  'github-hosted': 'hosted',
  'github-self-hosted': 'declared',
  'github-arc': 'declared',
  'jenkins-docker': undefined,
  'jenkins-kubernetes': undefined,
  compose: undefined,
};

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

/** Those of what the pipeline file builds in; a builder or a runner beside it follows no strategy of its own. */
function rowsOfJob(files: readonly PlannedFile[]) {
  return strictProject(files)
    .trace()
    .filter(({ path, site }) => path === files[0]?.path && site !== 'buildkitd');
}

/** Without comments, and with other names for job, runner and tag. */
function disguised(files: readonly PlannedFile[]): readonly PlannedFile[] {
  return files.map(({ path, text }) => ({
    path,
    text: text
      .replace(/^ *(?:#|\/\/).*\n/gm, '')
      .replaceAll('build-image', 'job_7')
      .replaceAll('container-build', 'r42'),
  }));
}

const COMPOSE_SCHEMA = 'raw.githubusercontent.com/compose-spec/compose-spec/master/schema/compose-spec.json';

/** What the official schemas say of a file, for the formats that npm has one of. */
const SCHEMAS: Readonly<Partial<Record<DialectId, () => ValidateFunction>>> = {
  'gitlab-ci': gitlabSchema,
  'github-actions': workflowSchema,
  compose: composeSchema,
};

const AJV = { strict: false, validateFormats: false };

function schemaAt(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(require.resolve(`schemastore/schemas/json/${path}`), 'utf8'));
}

/** Its names for itself and its parts are those of an older language than the one that it says it is written in. */
function composeSchema(): ValidateFunction {
  const text = JSON.stringify(schemaAt(COMPOSE_SCHEMA)).replace(/"(?:id|\$schema)":"[^"]*",/g, '');
  return new Ajv2019(AJV).compile(JSON.parse(text));
}

function compiled(schema: object): ValidateFunction {
  return new Ajv(AJV).compile(schema);
}

/**
 * GitLab's schema from npm, which is of 2022, with what recipes use that has come since. Source of `variables`:
 * https://docs.gitlab.com/ci/services/#available-settings-for-services.
 */
function gitlabSchema(): ValidateFunction {
  const path = 'gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json';
  const schema = schemaAt(path) as { definitions: { services: { items: { oneOf: ServiceSchema[] } } } };
  const properties = schema.definitions.services.items.oneOf[1]?.properties;
  assert.ok(properties);
  assert.equal(properties.variables, undefined, 'the schema knows them now: leave this out');
  properties.variables = { type: 'object', additionalProperties: { type: 'string' } };
  return compiled(schema);
}

/** The schema of workflows is of 2022 as well, and lists the machines of that time; names of scale sets are one's own. */
function workflowSchema(): ValidateFunction {
  const schema = schemaAt('github-workflow.json') as {
    definitions: { normalJob: { properties: { 'runs-on': { oneOf: { enum?: string[] }[] } } } };
  };
  const machines = schema.definitions.normalJob.properties['runs-on'].oneOf[0]?.enum;
  assert.ok(machines && !machines.includes(HOSTED), 'the schema knows the machine now: leave this out');
  machines.push(HOSTED, PLACES.tag);
  return compiled(schema);
}

interface ServiceSchema {
  readonly properties: Record<string, unknown>;
}

describe('recipes', () => {
  for (const { name, strategy, platform, files } of recipes) {
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
        const rows = rowsOfJob(some);
        assert.equal(rows.length, 1);
        assert.match(rows[0]?.verdict ?? '', /^(?:reaches|no-daemon-needed)$/);
        assert.equal(rows[0]?.strategy, strategy.id);
        assert.equal(rows[0]?.runner?.how, PAIRED[platform.id]);
      }
    });
  }

  it('are taken for one strategy each, whichever is asked first', () => {
    const list = strategies as Strategy[];
    list.reverse();
    try {
      for (const { name, strategy, files } of recipes)
        assert.deepEqual(
          rowsOfJob(files).map(row => row.strategy),
          [strategy.id],
          name,
        );
    } finally {
      list.reverse();
    }
  });

  for (const [dialect, schema] of Object.entries(SCHEMAS))
    it(`say yes to the schema of ${dialect}`, () => {
      const validate = schema();
      const own = recipes.filter(({ platform }) => platform.dialect === dialect);
      assert.ok(own.length > 0);
      for (const { name, pipeline } of own)
        assert.ok(validate(load(pipeline)), `${name}: ${JSON.stringify(validate.errors)}`);
      assert.equal(
        validate({ job: { script: 'true', service: [] }, jobs: { job: 1 } }),
        false,
        'and it can say no',
      );
    });

  it('say yes to the schema of Kubernetes where they hold a pod', () => {
    const ajv = new Ajv(AJV).addSchema(schemaAt('kubernetes-definitions.json'), 'kubernetes');
    const validate = ajv.compile({ $ref: 'kubernetes#/definitions/io.k8s.api.core.v1.PodSpec' });
    const pods = recipes.flatMap(({ name, files }) =>
      files.flatMap(({ text }) => podsIn(text)).map(spec => ({ name, spec })),
    );
    assert.ok(pods.length > 10);
    for (const { name, spec } of pods)
      assert.ok(validate(spec), `${name}: ${JSON.stringify(validate.errors)}`);
    assert.equal(validate({ containers: [{ name: 'a', env: [{ name: 'b', value: 1 }] }] }), false);
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

  it('pin every image and every action, and put no password on a command line', () => {
    for (const { name, files, pipeline } of recipes) {
      const images = files.flatMap(({ text }) => imagesIn(text));
      const actions = [...pipeline.matchAll(/uses: (.+)/g)].map(([, action = '']) => action);
      assert.ok(images.length + actions.length > 0, name);
      for (const image of images) assert.match(image, /:v?\d+\.\d+(?:\.\d+)?(?:-[a-z-]+)?$/, name);
      for (const action of actions) assert.match(action, /^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name);
      assert.doesNotMatch(pipeline, /login.*(?: -p |--password )/, name);
    }
  });
});

/** The pod of a Jenkinsfile, or of values of a scale set. */
function podsIn(text: string): readonly unknown[] {
  const [, pod] = /yaml '''(.*?)'''/s.exec(text) ?? [];
  if (pod !== undefined) return [(load(pod) as { spec: unknown }).spec];
  if (!text.includes('githubConfigUrl')) return [];
  return [(load(text) as { template: { spec: unknown } }).template.spec];
}

/** Every image that a file names, whatever its format. */
function imagesIn(text: string): readonly string[] {
  return [
    ...text.matchAll(/\b(?:image(?:: | = | (?='))|name: (?=\S+:\S)|docker\.image\()["']?([^\s"']+)/g),
  ].flatMap(([, image = '']) => (/^\S+:[\w.]/.test(image) && !image.includes('://') ? [image] : []));
}

describe('strategies', () => {
  it('give a recipe or a reason for every platform, in the order of tables', () => {
    for (const { id, cells } of strategyInfos()) {
      assert.deepEqual(
        Object.keys(cells),
        platforms().map(one => one.id),
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
