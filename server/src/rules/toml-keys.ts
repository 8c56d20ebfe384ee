/** Flags keys of a runner's configuration that it does not read. */
import { sectionAt } from '../catalog/runner-sections.js';
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { RunnerFile, Setting } from '../model/build-site.js';
import { closest } from '../model/closest.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { moves, renames } from './toml-fixes.js';
import { type Misfit, misfitOf } from './toml-places.js';
import { isZero } from './toml-wanted.js';
import { CONFIG_DOCS, inWords, runnerPrefix } from './toml-words.js';

export default defineRule({
  id: 'toml-unknown-key',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Key that the runner does not read',
    why: 'GitLab Runner drops keys that it does not know without a word, so what they were meant to set keeps its default. Only `gitlab-runner config lint` (19.3 and later) names them.',
    remedy:
      'Use the name that the documentation has. Tags, whether untagged jobs run, and protection are set in GitLab; flags of `gitlab-runner register` have other names than keys.',
    sources: [CONFIG_DOCS, 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/commands/lint.go'],
  }),
  fixable: true,

  *runnerFile({ file, keys }) {
    if (!keys || file.dialect !== 'gitlab-runner') return;
    for (const setting of file.settings) {
      const misfit = misfitOf(keys, file, setting);
      if (misfit && misfit.kind !== 'elsewhere') yield unknown(keys, file, setting, misfit);
      else yield* unknownFlag(keys, file, setting);
    }
  },
});

function unknown(
  keys: RunnerKeyTable,
  file: RunnerFile,
  setting: Setting,
  misfit: Exclude<Misfit, { kind: 'elsewhere' }>,
): Report {
  const where = inWords(setting.section);
  const start = `${runnerPrefix(file, setting)}"${setting.key}" is no key of ${where} and is ignored`;
  if (misfit.kind === 'unknown') return { at: setting.keyPlace, message: `${start}.` };
  if (misfit.kind === 'misspelt')
    return {
      at: setting.keyPlace,
      message: `${start}; did you mean "${misfit.name}"?`,
      fixes: () => renames(keys, file, setting, misfit.name),
    };
  const { replacedBy, movedTo, note } = misfit.row;
  const target = movedTo === undefined ? '' : ` in ${inWords(movedTo)}`;
  const use = replacedBy === undefined ? '' : `; use "${replacedBy}"${target}`;
  const homes = replacedBy === undefined ? [] : [{ section: movedTo ?? '', name: replacedBy }];
  const fix = (): readonly FixPlan[] =>
    movedTo === undefined
      ? homes.flatMap(({ name }) => renames(keys, file, setting, name))
      : moves(keys, file, setting, homes);
  const message = `${start}: it ${note}${use}.`;
  // What is set to nothing is missed by nobody.
  return {
    at: setting.keyPlace,
    message,
    fixes: fix,
    ...(isZero(setting.value) ? { severity: 'info' } : {}),
  };
}

/** Feature flags are names of a free table, so they are looked up apart. */
function* unknownFlag(keys: RunnerKeyTable, file: RunnerFile, setting: Setting): Iterable<Report> {
  if (!/^runners\[\]\.feature_flags$/i.test(setting.section)) return;
  if (Object.hasOwn(keys.featureFlags, setting.key) || /[{}$<>]/.test(setting.key)) return;
  if (sectionAt(keys, setting.section)?.kind !== 'free') return;
  const name = closest(setting.key, Object.keys(keys.featureFlags));
  yield {
    at: setting.keyPlace,
    severity: 'info',
    message: `${runnerPrefix(file, setting)}GitLab Runner knows no feature flag "${setting.key}"${name ? `; did you mean "${name}"?` : ', so it has no effect.'}`,
    fixes: () => (name ? renames(keys, file, setting, name) : []),
  };
}
