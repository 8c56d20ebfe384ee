/** The decision between strategies: every combination of answers has one, and none that is ruled out comes first. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answers, demandsOn, rank, usualExposure } from '../server/src/analysis/decide.js';
import { needWords, platforms, readNeeds } from '../server/src/analysis/plan.js';
import { platformsOf, strategyInfos } from '../server/src/analysis/strategy-infos.js';

const strategies = strategyInfos();

const combinations: readonly Answers[] = platforms().flatMap(({ id: platform }) =>
  [true, false].flatMap(privileged =>
    (['shared', 'single-tenant', 'ephemeral'] as const).flatMap(exposure =>
      [true, false].flatMap(run =>
        [true, false].map(multiArch => ({ platform, privileged, exposure, run, multiArch })),
      ),
    ),
  ),
);

function first(words: string, platform: Answers['platform'] = 'gitlab-docker'): string {
  const answers = readNeeds(platform, words.split(','));
  assert.ok(!('conflict' in answers));
  return rank(answers, strategies)[0]?.id ?? '';
}

describe('the decision', () => {
  it('ranks every strategy once for every combination of answers, the excluded ones last', () => {
    for (const answers of combinations) {
      const ranking = rank(answers, strategies);
      const told = JSON.stringify(answers);
      assert.equal(new Set(ranking.map(({ id }) => id)).size, strategies.length, told);
      assert.equal(ranking[0]?.excluded, undefined, told);
      const excluded = ranking.map(one => one.excluded !== undefined);
      assert.deepEqual(excluded, [...excluded].sort(), told);
    }
  });

  it('takes nothing that has no recipe there, gives away too much, or cannot do it', () => {
    for (const answers of combinations) {
      for (const { id, excluded } of rank(answers, strategies)) {
        const strategy = strategies.find(one => one.id === id);
        assert.ok(strategy);
        if (excluded !== undefined) continue;
        const demands = demandsOn(strategy, answers.platform);
        const told = `${id} ${JSON.stringify(answers)}`;
        assert.ok(platformsOf(strategy).includes(answers.platform), told);
        if (!answers.privileged) assert.ok(!demands.privileged && !demands.hostDaemon, told);
        if (answers.exposure === 'shared') assert.ok(!demands.privileged && !demands.hostDaemon, told);
        if (answers.run) assert.ok(demands.runsContainers, told);
        if (answers.multiArch) assert.ok(demands.multiPlatform, told);
      }
    }
  });

  it('says a sentence for each and one against it, and a reason where it is ruled out', () => {
    for (const choice of combinations.flatMap(answers => rank(answers, strategies)))
      for (const text of [choice.pro, choice.con, choice.excluded ?? 'None.'])
        assert.match(text, /^[A-Z].*\.$/);
  });

  for (const [words, docker, kubernetes] of [
    ['build', 'buildkit-rootless', 'buildkit-rootless'],
    ['build,shared,privileged', 'buildkit-rootless', 'buildkit-rootless'],
    ['multi-arch', 'buildkit-rootless', 'buildkit-rootless'],
    ['run', 'sysbox', 'sysbox'],
    ['run,shared,privileged', 'sysbox', 'sysbox'],
    ['run,single-tenant', 'sysbox', 'sysbox'],
    ['run,privileged,single-tenant', 'dind-tls', 'dind-tls'],
    ['run,multi-arch,privileged,ephemeral', 'dind-tls', 'dind-tls'],
  ] as const) {
    it(`for ${words} it is ${docker}`, () => {
      assert.equal(first(words), docker);
      assert.equal(first(words, 'gitlab-kubernetes'), kubernetes);
      for (const platform of ['jenkins-docker', 'jenkins-kubernetes', 'compose'] as const)
        assert.equal(first(words, platform), docker, platform);
    });
  }

  it('takes the docker of a hosted machine where there is one, whatever is asked for', () => {
    for (const words of ['build', 'multi-arch', 'run', 'run,shared,privileged'])
      assert.equal(first(words, 'github-hosted'), 'hosted');
  });

  it('takes what runs on the machine itself where the machine is your own', () => {
    for (const [words, best] of [
      ['build', 'buildah'],
      ['multi-arch', 'buildx-remote'],
      ['run', 'podman'],
      ['run,shared,privileged', 'podman'],
      ['run,single-tenant,privileged', 'dind-tls'],
    ] as const)
      assert.equal(first(words, 'github-self-hosted'), best, words);
  });

  it('takes what runs beside the runner in pods of GitHub', () => {
    for (const [words, best] of [
      ['build', 'buildx-remote'],
      ['run', 'sysbox'],
      ['run,single-tenant,privileged', 'dind-socket'],
    ] as const)
      assert.equal(first(words, 'github-arc'), best, words);
  });

  it('takes the most careful answer where none is given, and none where two exclude each other', () => {
    const answers = readNeeds('gitlab-docker', []);
    assert.deepEqual(answers, {
      platform: 'gitlab-docker',
      privileged: false,
      exposure: 'shared',
      run: false,
      multiArch: false,
    });
    assert.deepEqual(readNeeds('gitlab-docker', ['run', 'unprivileged', 'privileged']), {
      conflict: ['privileged', 'unprivileged'],
    });
    assert.deepEqual(readNeeds('gitlab-docker', ['ephemeral', 'shared']), {
      conflict: ['shared', 'ephemeral'],
    });
    assert.equal(new Set(needWords()).size, needWords().length);
  });

  it('declares a runner for strangers only where they cannot take it over', () => {
    for (const strategy of strategies)
      assert.equal(
        usualExposure(strategy) === 'shared',
        !strategy.demands.privileged && !strategy.demands.hostDaemon,
        strategy.id,
      );
  });
});
