/** Flags a security option that only docker's command line knows. */
import { prose } from '../model/prose.js';
import { defineRule } from './define.js';
import { LINUX_DOCKER } from './toml-grammar.js';
import { executorOf } from './toml-places.js';
import { CONFIG_DOCS } from './toml-words.js';

export default defineRule({
  id: 'security-opt-systempaths',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-runner'],
  ...prose({
    title: 'security_opt with systempaths',
    why: 'The docker command turns systempaths=unconfined into two lists of paths before it calls the engine. The runner hands it over as it is, and the engine answers: invalid --security-opt 2: "systempaths=unconfined".',
    remedy:
      'Take it out. Rootless BuildKit needs it for its process sandbox only: set BUILDKITD_FLAGS=--oci-worker-no-process-sandbox instead.',
    sources: [CONFIG_DOCS, 'https://gitlab.com/gitlab-org/gitlab-runner/-/issues/36810'],
  }),
  fixable: false,

  *runnerFile({ file }) {
    for (const { section, key, value, runner } of file.settings) {
      if (!/^runners\[\]\.docker$/i.test(section) || !/^(?:services_)?security_opt$/i.test(key)) continue;
      if (value.kind !== 'array' || !LINUX_DOCKER.includes(executorOf(file, runner) ?? '')) continue;
      const { name = '', setting } = (runner === undefined ? undefined : file.runners[runner]) ?? {};
      const host = setting?.('docker.host')?.value;
      // Podman, which takes docker's calls, reads it.
      if (host && (!('text' in host) || host.templated || /podman/.test(host.text))) continue;
      for (const item of value.items) {
        if (!('text' in item.value) || !/^systempaths[=:]/.test(item.value.text)) continue;
        yield {
          at: item.place,
          message: `Runner "${name}": the engine refuses "${item.value.text}" in ${key}, so ${key.startsWith('services') ? 'services do not start' : 'every job fails'}.`,
        };
      }
    }
  },
});
