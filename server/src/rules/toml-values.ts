/** Flags values of a runner's configuration that have the right type, and that the runner cannot use. */
import type { RunnerFile, Setting } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule, type Report } from './define.js';
import { type Found, problemsOf, textOf } from './toml-checks.js';
import { repair } from './toml-fixes.js';
import { CONFIG_DOCS, runnerPrefix } from './toml-words.js';

export default defineRule({
  id: 'toml-invalid-value',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner', 'helm-values'],
  ...prose({
    title: 'Value that the runner cannot use',
    why: 'GitLab Runner checks most values only when a job starts, and then fails it: "invalid volume specification", "unsupported pull_policy config", "shell zsh not found". A duration that it cannot read makes it refuse the whole file.',
    remedy: 'Use one of the values that the documentation lists for the key.',
    sources: [CONFIG_DOCS, 'https://docs.gitlab.com/runner/executors/'],
  }),
  fixable: true,

  *runnerFile({ file, keys }) {
    if (!keys || file.dialect !== 'gitlab-runner') return;
    for (const setting of file.settings) {
      for (const found of problemsOf(keys, file, setting)) yield report(file, setting, found);
    }
  },
});

function report(file: RunnerFile, setting: Setting, found: Found): Report {
  const { item, problem, effect = 'jobs fail at their start', better, guess, warning, hidden } = found;
  const shown = hidden ? '' : ` "${textOf(item)}"`;
  const change = better === undefined ? undefined : repair(item.place, better);
  return {
    at: item.place,
    severity: warning ? 'warning' : 'error',
    message: `${runnerPrefix(file, setting)}${setting.key}${shown} cannot be used: ${problem}; ${effect}.`,
    fixes: () =>
      change === undefined
        ? []
        : [guess ? { ...change, title: `${change.title}, if that is meant`, safety: 'unsafe' } : change],
  };
}
