/** The message behind the wizard: what is asked and what the workspace tells, and the ranking for all answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as core from '../server/src/analysis/index.js';
import type { PlanQuestion, PlanResult } from '../server/src/lsp/messages.js';
import { CAREFUL, PIPELINE, RUNNER, start } from './plan-client.js';
import { runtimeData } from './support/data.js';

/** Each way to answer a question. */
function waysOf({ options, many, none }: PlanQuestion): readonly (readonly string[])[] {
  if (!many) return options.map(({ id }) => [id]);
  let subsets: string[][] = [[]];
  for (const { id } of options) subsets = subsets.flatMap(one => [one, [...one, id]]);
  return subsets.map(ids => (ids.length > 0 ? ids : [none ?? '']));
}

describe('drydock/plan asks', () => {
  it('at most four questions, each with a title and options in words', async t => {
    const { ask } = await start(t);
    const { questions, ranking, change, refused } = await ask([]);
    assert.deepEqual(
      questions.map(({ id, many }) => [id, many]),
      [
        ['platform', false],
        ['privilege', false],
        ['exposure', false],
        ['jobs', true],
      ],
    );
    assert.deepEqual([ranking, change, refused], [undefined, undefined, undefined]);
    for (const { title, options, told } of questions) {
      assert.match(title, /^[A-Z].*\?$/);
      assert.equal(told, undefined);
      for (const { label, detail } of options) assert.ok(label !== '' && detail !== '');
    }
    const [platform] = questions;
    for (const { id } of core.platforms()) assert.ok(platform?.options.some(option => option.id === id));
  });

  it('for nothing more once each question has an answer, and ranks every strategy whatever the answers are', async t => {
    const { ask } = await start(t);
    const { questions } = await ask([]);
    const all = questions
      .map(waysOf)
      .reduce<string[][]>((some, ways) => some.flatMap(one => ways.map(way => [...one, ...way])), [[]]);
    assert.ok(all.length >= 3 * 2 * 3 * 4);
    for (const answers of all) {
      const { ranking, refused } = await ask(answers);
      assert.ok(ranking, `${answers}: ${refused}`);
      assert.equal(ranking[0]?.excluded, undefined, String(answers));
      assert.equal(ranking.length, core.strategyInfos(runtimeData('strategies')).length);
      const excluded = ranking.map(one => one.excluded !== undefined);
      assert.deepEqual(excluded, [...excluded].sort(), String(answers));
    }
    for (const question of questions) {
      const own = waysOf(question).flat();
      const left = CAREFUL.filter(answer => !own.includes(answer));
      assert.equal(left.length, 3);
      assert.equal((await ask(left)).ranking, undefined, `without an answer to ${question.id}`);
    }
  });

  it('and tells what is wrong with answers that are none, or exclude each other', async t => {
    const { ask } = await start(t);
    assert.equal((await ask(['magic'])).refused, 'There is no answer "magic".');
    assert.equal(
      (await ask([...CAREFUL, 'privileged'])).refused,
      'privileged and unprivileged exclude each other.',
    );
    assert.equal(
      (await ask([...CAREFUL, 'gitlab-kubernetes'])).refused,
      'gitlab-docker and gitlab-kubernetes exclude each other.',
    );
    assert.equal((await ask(CAREFUL, { strategy: 'magic' })).refused, 'There is no strategy "magic".');
    assert.match(
      (await ask(CAREFUL, { strategy: 'dind-tls' })).refused ?? '',
      /^Its service is privileged, which the runner may not allow\.$/,
    );
  });
});

describe('drydock/plan is told', () => {
  const told = ({ questions }: PlanResult) => questions.map(one => one.told?.answers.join() ?? null);

  it('platform and privilege by the only runner, and by .drydock.yml who may run jobs there', async t => {
    const { ask } = await start(t, { '.gitlab-ci.yml': PIPELINE, 'runner/config.toml': RUNNER });
    const result = await ask([]);
    assert.deepEqual(told(result), ['gitlab-docker', 'privileged', null, null]);
    assert.equal(result.questions[0]?.told?.because, 'from runner/config.toml');
    const declared = await start(t, {
      '.drydock.yml':
        'version: 1\nrunners:\n  - name: vm\n    config: runner/config.toml\n    exposure: single-tenant\n',
      '.gitlab-ci.yml': PIPELINE,
      'runner/config.toml': RUNNER,
    });
    assert.deepEqual(told(await declared.ask([])), ['gitlab-docker', 'privileged', 'single-tenant', null]);
  });

  it('that the runner comes from a chart', async t => {
    const values =
      'gitlabUrl: https://gitlab.example.com\nrunners:\n  config: |\n    [[runners]]\n      executor = "kubernetes"\n      [runners.kubernetes]\n        privileged = false\n';
    const { ask } = await start(t, { '.gitlab-ci.yml': PIPELINE, 'values.yml': values });
    assert.deepEqual(told(await ask([])), ['gitlab-kubernetes/helm', 'unprivileged', null, null]);
  });

  it('nothing by runners that differ, or that do not say', async t => {
    const other = RUNNER.replace('"vm"', '"cluster"').replace(
      'executor = "docker"',
      'executor = "kubernetes"',
    );
    const both = await start(t, { '.gitlab-ci.yml': PIPELINE, 'a.toml': RUNNER, 'b.toml': other });
    assert.deepEqual(told(await both.ask([])), [null, null, null, null]);
    assert.deepEqual(told(await both.ask(['gitlab-docker'])), [null, 'privileged', null, null]);
    const silent = await start(t, { 'config.toml': RUNNER.replace('    privileged = true\n', '') });
    assert.deepEqual(told(await silent.ask([])), ['gitlab-docker', null, null, null]);
  });

  it('by a platform whose machines are all alike what they may and whose they are', async t => {
    const { ask } = await start(t, {});
    assert.deepEqual(told(await ask(['github-hosted'])), [null, 'privileged', 'ephemeral', null]);
    assert.deepEqual(told(await ask(['github-self-hosted'])), [null, null, null, null]);
  });

  it('where the jobs run by a Compose file only if it is the one in the editor', async t => {
    const service = 'services:\n  web:\n    image: nginx:1.27\n';
    const alone = await start(t, { 'docker-compose.yml': service });
    assert.deepEqual(told(await alone.ask([])), [null, null, null, null]);
    const uri = alone.at('docker-compose.yml');
    assert.deepEqual(told(await alone.ask([], { uri, text: service })), ['compose', null, null, null]);
    const beside = await start(t, { 'docker-compose.yml': service, Jenkinsfile: 'pipeline { agent any }' });
    assert.equal((await beside.ask([])).questions[0]?.options[0]?.label, 'Jenkins, Docker agent');
  });
});
