/** Puts modules that most runs do not need into bundles of their own, loaded when one of their functions is first called. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Name of the bundle to its module. Such a module exports functions only, and no other bundle may need what it keeps. */
export const LAZY_MODULES = {
  actions: 'server/src/dialects/github-actions/engine.ts',
  arc: 'server/src/dialects/helm-values/arc.ts',
  'client-tls-fixes': 'server/src/rules/client-tls-fixes.ts',
  compose: 'server/src/dialects/compose/engine.ts',
  views: 'server/src/lsp/views.ts',
  status: 'server/src/analysis/status.ts',
  show: 'server/src/analysis/show.ts',
  'job-yaml': 'server/src/analysis/job-yaml.ts',
  config: 'server/src/analysis/config-reader.ts',
  convert: 'server/src/analysis/convert/convert.ts',
  'connect-container': 'server/src/trace/connect-container.ts',
  'container-rules': 'server/src/rules/container-rules.ts',
  'dial-tls': 'server/src/rules/dial-tls.ts',
  effective: 'server/src/dialects/gitlab-ci/effective.ts',
  dockerfile: 'server/src/dialects/dockerfile/engine.ts',
  'github-rules': 'server/src/rules/github-rules.ts',
  globs: 'server/src/analysis/globs.ts',
  hover: 'server/src/analysis/hover.ts',
  log: 'server/src/analysis/log.ts',
  'log-evidence': 'server/src/analysis/log-evidence.ts',
  'log-markdown': 'server/src/analysis/log-markdown.ts',
  'include-problems': 'server/src/dialects/gitlab-ci/include-problems.ts',
  masks: 'server/src/analysis/masks.ts',
  jenkinsfile: 'server/src/dialects/jenkinsfile/engine.ts',
  kubernetes: 'server/src/dialects/kubernetes/engine.ts',
  'proxy-switches': 'server/src/trace/proxy-switches.ts',
  plan: 'server/src/analysis/plan.ts',
  planning: 'server/src/analysis/planning.ts',
  'pod-lower': 'server/src/dialects/pod-lower.ts',
  'pod-write': 'server/src/dialects/pod-write.ts',
  'runner-rules': 'server/src/rules/runner-rules.ts',
  'pipeline-problems': 'server/src/dialects/gitlab-ci/problems.ts',
  runners: 'server/src/dialects/gitlab-runner/engine.ts',
  shell: 'server/src/dialects/shell/engine.ts',
  'switch-containers': 'server/src/rules/switch-containers.ts',
  'switch-to-tls': 'server/src/rules/switch-to-tls.ts',
  machine: 'server/src/dialects/machine.ts',
  'yaml-edit': 'server/src/syntax/yaml-edit.ts',
  'write-gitlab': 'server/src/dialects/gitlab-ci/write.ts',
  'write-helm': 'server/src/dialects/helm-values/write.ts',
  terraform: 'server/src/dialects/terraform/read.ts',
  templates: 'server/src/catalog/gitlab-templates.ts',
  'yaml-parts': 'server/src/syntax/yaml-parts.ts',
  'yaml-recover': 'server/src/syntax/yaml-recover.ts',
};

/**
 * Replaces these modules by others of the same functions that load the bundle first. `own` is the one that is being
 * bundled itself.
 * @returns {import('esbuild').Plugin}
 */
export function lazyModules(own) {
  const names = new Map(Object.entries(LAZY_MODULES).map(([name, path]) => [resolve(path), name]));
  return {
    name: 'lazy-modules',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\/lazy-/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const name = names.get(path);
        return name === undefined || name === own ? undefined : { contents: stub(name, path), loader: 'js' };
      });
    },
  };
}

function stub(name, path) {
  const source = readFileSync(path, 'utf8');
  const functions = [...source.matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(match => match[1]);
  if (/^export (?:default|const|let|class|\{|\*)/m.test(source) || functions.length === 0)
    throw new Error(`${path} is to be loaded late and exports something else than functions`);
  return [
    `let loaded; const load = () => (loaded ??= require('./lazy-${name}.js'));`,
    ...functions.map(one => `export const ${one} = (...args) => load().${one}(...args);`),
  ].join('\n');
}
