/** Makes the files of a recipe: the pipeline, one runner file, and the `.drydock.yml` that declares that runner. */
import type { Exposure } from '../model/build-site.js';
import type { Platform, RunnerKind } from './platforms.js';
import { type Places, plainText, type Recipe } from './recipe.js';

/** Paths count from the root of a project. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

export interface FileOptions {
  /** One of those that the platform has. */
  readonly runner: RunnerKind;
  readonly exposure: Exposure;
  /** Path of the runner file; the usual one when missing. */
  readonly runnerPath?: string;
  /** In place of the examples. */
  readonly places?: Places;
}

export const RUNNER_PATHS: Readonly<Record<RunnerKind, string>> = {
  config: 'runner/config.toml',
  helm: 'runner/values.yml',
};

/** The files of a recipe, with every place filled in by its example. */
export function recipeFiles(
  platform: Platform,
  recipe: Recipe,
  { runner, exposure, places, runnerPath = RUNNER_PATHS[runner] }: FileOptions,
): readonly PlannedFile[] {
  const files: PlannedFile[] = [{ path: platform.pipeline, text: recipe.pipeline }];
  if (recipe.runner !== undefined)
    files.push({ path: runnerPath, text: runnerFile(platform, recipe.runner, runner) });
  files.push(...Object.entries(recipe.more ?? {}).map(([path, text]) => ({ path, text })));
  const declared = runnerKeys(platform, recipe, runnerPath);
  if (declared)
    files.push({ path: '.drydock.yml', text: declaration([...declared, `exposure: ${exposure}`]) });
  return files.map(({ path, text }) => ({ path, text: plainText(text, places) }));
}

/** A runner file as text with places in it. */
export function runnerFile(platform: Platform, section: string, kind: RunnerKind): string {
  if (platform.executor === undefined) return scaleSetValues(section);
  return kind === 'config' ? configToml(platform, section) : helmValues(section);
}

/** The runner alone, for a `config.toml` that is there already. */
export function runnerEntry(platform: Platform, section: string): string {
  const whole = configToml(platform, section);
  return whole.slice(whole.indexOf('[[runners]]'));
}

/** The token is none of its business: registering the runner adds it. */
function configToml({ executor }: Platform, section: string): string {
  const image = executor === 'docker' ? ' --docker-image alpine:3.22' : '';
  return `# The token comes with: gitlab-runner register --non-interactive --template-config config.toml
#   --url @url@ --token "$RUNNER_TOKEN" --executor ${executor}${image}
concurrent = 4

[[runners]]
  name = "@tag@"
  url = "@url@"
  executor = "${executor}"
${section}`;
}

function helmValues(section: string): string {
  const config = section
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? '' : `    ${line}`))
    .join('\n');
  return `# helm upgrade --install --namespace @namespace@ gitlab-runner gitlab/gitlab-runner --values values.yml
gitlabUrl: @url@
concurrent: 4
rbac:
  create: true
serviceAccount:
  create: true
runners:
  name: @tag@
  # Holds the token of the runner in runner-token, and an empty runner-registration-token.
  secret: gitlab-runner-token
  config: |
    [[runners]]
${config}
`;
}

function scaleSetValues(template: string): string {
  return `# helm upgrade --install --namespace @runners@ @tag@ --values values.yml \\
#   oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set
githubConfigUrl: @repository@
# Holds what registers the runners: github_token, or the three keys of a GitHub App.
githubConfigSecret: github-config
runnerScaleSetName: @tag@
${template}`;
}

/** What is to be said of the runner; `undefined` where the pipeline says it all. */
function runnerKeys({ labels }: Platform, recipe: Recipe, path: string): readonly string[] | undefined {
  if (recipe.runner !== undefined) return ['name: @tag@', `config: ${path}`, 'tags: [@tag@]'];
  if (!labels) return undefined;
  return [`tags: [${labels.join(', ')}]`, ...(recipe.engine ? [`engine: ${recipe.engine}`] : [])];
}

function declaration([first, ...others]: readonly string[]): string {
  return `# What Drydock cannot read from the files: which runner takes the jobs, and who may run jobs there
# (shared: anyone; single-tenant: one trusted team; ephemeral: one job per machine).
version: 1
runners:
  - ${first}
${others.map(line => `    ${line}\n`).join('')}`;
}
