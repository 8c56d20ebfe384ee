/** Flags `tls_verify` of a runner that does not talk TLS to its engine. */

import type { Runner } from '../model/build-site.js';
import type { Severity } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { isTrue, onOneEngine, scalarOf } from './runner-facts.js';

export default defineRule({
  id: 'runner-tls-verify-misread',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'tls_verify without an engine that speaks TLS',
    why: 'tls_verify is about the way from the runner to its own engine, not about dind. A unix socket speaks no TLS, so with host = "unix://…" no job starts; without host the key is not even read.',
    remedy: 'Set tls_verify = false. dind gets its TLS from DOCKER_TLS_CERTDIR in the pipeline.',
    sources: [
      'https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section',
      'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/helpers/docker/official_docker_client.go',
    ],
  }),
  fixable: true,

  *runnerFile({ file }) {
    for (const runner of file.doubtful ? [] : file.runners) {
      const verify = scalarOf(runner, 'docker.tls_verify');
      const effect = effectOn(runner);
      if (!verify || !effect) continue;
      yield {
        at: verify.setting.place,
        message: `tls_verify = true ${effect.says}; it is not about dind.`,
        severity: effect.severity,
        fixes: () => [
          {
            title: 'Set tls_verify = false',
            safety: 'safe',
            preferred: true,
            intents: [{ kind: 'set-value', at: verify.setting.place, value: false }],
          },
        ],
      };
    }
  },
});

/** Autoscaled machines get their host and certificates by themselves. */
function effectOn(runner: Runner): { readonly severity: Severity; readonly says: string } | undefined {
  if (!onOneEngine(runner) || !isTrue(runner, 'docker.tls_verify')) return undefined;
  const host = scalarOf(runner, 'docker.host')?.text;
  if (host?.startsWith('unix:'))
    return {
      severity: 'error',
      says: `makes runner "${runner.name}" speak TLS to a unix socket, which fails`,
    };
  if (host || runner.setting('docker.host')) return undefined;
  return { severity: 'info', says: `does nothing on runner "${runner.name}", which sets no host` };
}
