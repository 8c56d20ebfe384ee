/** Flags keys of the gitlab-runner chart that it no longer reads. */
import type { Setting } from '../model/build-site.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';

/** Flat keys of old, and what says the same in TOML. Source: chart gitlab-runner, templates/_env_vars.tpl before and since 0.53.0. */
const LEGACY: Readonly<Record<string, string>> = {
  privileged: '[runners.kubernetes] privileged',
  image: '[runners.kubernetes] image',
  imagePullPolicy: '[runners.kubernetes] pull_policy',
  builds: '[runners.kubernetes] cpu_limit, memory_limit and kin',
  services: '[runners.kubernetes] service_cpu_limit, service_memory_limit and kin',
  helpers: '[runners.kubernetes] helper_cpu_limit, helper_memory_limit and kin',
  serviceAccountName: '[runners.kubernetes] service_account',
  pollTimeout: '[runners.kubernetes] poll_timeout',
  outputLimit: '[[runners]] output_limit',
  requestConcurrency: '[[runners]] request_concurrency',
  cloneUrl: '[[runners]] clone_url',
};

export default defineRule({
  id: 'helm-privileged-legacy',
  severity: 'warning',
  profile: 'default',
  dialects: ['helm-values'],
  ...prose({
    title: 'Flat key that the chart no longer reads',
    why: 'Since version 0.53.0 (GitLab 16.0, May 2023) the chart takes the settings of the executor from the TOML in runners.config, and passes over runners.privileged, runners.image and the other flat keys of old. A runner that is meant to be privileged is then not, and dind dies in it.',
    remedy: 'Write the settings into runners.config, and delete the flat keys.',
    sources: [
      'https://docs.gitlab.com/runner/install/kubernetes/',
      'https://gitlab.com/gitlab-org/gitlab-runner/-/merge_requests/4269',
    ],
  }),
  fixable: true,

  *runnerFile({ file }) {
    if (file.dialect !== 'helm-values') return;
    for (const setting of file.settings) {
      const toml = Object.hasOwn(LEGACY, setting.key) ? LEGACY[setting.key] : undefined;
      if (toml === undefined || setting.section !== 'values.runners' || !says(setting)) continue;
      const config = file.settings.some(one => one.runner === setting.runner && one.key === 'config');
      yield {
        at: setting.keyPlace,
        severity: config ? 'warning' : 'info',
        message: config
          ? `Charts since 0.53.0 do not read runners.${setting.key}: what counts is ${toml} in runners.config.`
          : `Charts since 0.53.0 do not read runners.${setting.key}; it is ${toml} in runners.config now.`,
        fixes: () =>
          config
            ? [
                {
                  title: `Remove "${setting.key}"; charts before 0.53.0 read it`,
                  safety: 'unsafe',
                  intents: [{ kind: 'remove-entry', entry: setting.entry }],
                },
              ]
            : [],
      };
    }
  },
});

/** Empty tables and `false` are defaults, which the TOML has too. */
function says({ value, entry, place }: Setting): boolean {
  if ('text' in value) return value.text !== '' && value.text !== 'false' && value.text !== 'null';
  return !/^\{\s*\}$/.test(entry.block.text.slice(place.start, place.end));
}
