/** Makes a strategy's files part of a project: a file comes or grows, and no text that is there already goes. */
import { stageForImage } from '../dialects/gitlab-ci/stages.js';
import type { Exposure } from '../model/build-site.js';
import { composeAt } from '../strategies/compose.js';
import { type PlannedFile, RUNNER_PATHS, runnerEntry } from '../strategies/files.js';
import { inStage } from '../strategies/gitlab.js';
import type { Platform, RunnerKind } from '../strategies/platforms.js';
import { PLACES, type Places, plainText, type Recipe, snippetText } from '../strategies/recipe.js';
import { applyEdits } from '../syntax/patch.js';
import { isPlainSafe } from '../syntax/yaml-edit.js';
import { addition } from './additions.js';
import { CONFIG_NAME } from './candidates.js';
import { type DeclaredRunnerKeys, writeDeclaration } from './config-writer.js';
import { treeOf } from './file-state.js';
import { planFiles } from './plan.js';
import type { FileChange, PlannedChange, Planning, PlanRequest } from './plan-api.js';
import { faultOf } from './planned-fault.js';
import type { StrategyInfo } from './strategy-infos.js';

/** A strategy that was chosen, and all that decides what its files are. */
export interface Plan {
  readonly planning: Planning;
  readonly request: PlanRequest;
  readonly platform: Platform;
  readonly info: StrategyInfo;
  readonly recipe: Recipe;
  readonly runner: RunnerKind | undefined;
  readonly exposure: Exposure;
  /** Names that nothing in the project has. */
  readonly places: Required<Pick<Places, 'job' | 'tag'>>;
}

/** The files of a plan as they would be in an empty project. */
export function filesFor(plan: Plan): readonly PlannedFile[] {
  const { info, platform, runner, exposure, places } = plan;
  const options = {
    exposure,
    places,
    ...(runner ? { runner, runnerPath: runnerPathIn(plan, runner) } : {}),
  };
  const files = planFiles(info, platform, options);
  return typeof files === 'string' ? [] : files;
}

/** What the plan changes, or why it can change nothing. */
export function changeFor(plan: Plan): PlannedChange | string {
  const pipeline = pipelineChange(plan);
  if (typeof pipeline === 'string') return pipeline;
  const { files, notes } = runnerChanges(plan);
  const { info, recipe, platform } = plan;
  const { beside } = platform;
  const needs = [
    ...(beside && pipeline.path === beside.pipeline ? [beside.note] : []),
    ...[...info.needs, ...(recipe.needs ?? [])].map(need => `It needs ${need}.`),
    ...(platform.caution ? [platform.caution] : []),
  ];
  // What says where jobs run is about those that are there, too, and may do them harm.
  const variants: readonly (readonly [files: readonly FileChange[], without: string])[] = [
    [files, ''],
    [files.filter(({ path }) => !CONFIG_NAME.test(path)), 'Its runner is not declared in .drydock.yml'],
    [[], 'Its runner is left out'],
  ];
  let first: string | undefined;
  let last = '';
  for (const isStrict of [true, false])
    for (const [some, without] of variants) {
      const fault = faultOf(plan, [pipeline, ...some], isStrict);
      const why = first === undefined || without === '' ? [] : [`${without}, because else: ${first}.`];
      if (fault === undefined) return { files: [pipeline, ...some], notes: [...needs, ...notes, ...why] };
      first ??= fault;
      last = fault;
    }
  return `The job cannot be added to ${pipeline.path}: ${last}.`;
}

/** The platform as it is in a project: a file that its tool reads by itself stays the only one. */
export function platformIn({ files }: Planning, platform: Platform): Platform {
  const { beside } = platform;
  const isRead = [...files].some(([path, { text }]) => beside?.names.test(path) && text.trim() !== '');
  return beside && isRead ? { ...platform, pipeline: beside.pipeline } : platform;
}

/** Names for the job and the tag of its runner that nothing in the project has. */
export function freePlaces({ view, files, jobs }: Planning): Plan['places'] {
  const keys = [...files.values()].flatMap(file => treeOf(file)?.documents.flatMap(one => one.entries) ?? []);
  const taken = [...keys.map(({ key }) => key.text), ...jobs().map(({ job }) => job.name)];
  const runners = [...view.runners, ...view.config.runners].map(({ name }) => name ?? '');
  const tags = view.config.runners.flatMap(({ tags }) => tags ?? []);
  return { job: freeName(PLACES.job, taken), tag: freeName(PLACES.tag, [...runners, ...tags]) };
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let i = 2; taken.includes(free); i += 1) free = `${name}-${i}`;
  return free;
}

/** A `config.toml` takes any number of runners, so the only one that is there takes this one. */
function runnerPathIn({ planning: { view } }: Plan, kind: RunnerKind): string {
  const usual = RUNNER_PATHS[kind];
  const there = view.files.filter(
    ({ path, dialect }) => dialect === 'gitlab-runner' && path.endsWith('.toml'),
  );
  return kind === 'config' && there.length === 1 ? (there[0]?.path ?? usual) : usual;
}

/** The text of a file as it is; `undefined` where there is none. */
function textAt(
  { request: { document, found }, planning: { files } }: Plan,
  path: string,
): string | undefined {
  if (document?.path === path) return document.text;
  return files.get(path)?.text ?? found?.get(path);
}

function dialectAt({ planning: { view } }: Plan, path: string): string | undefined {
  return view.files.find(file => file.path === path)?.dialect;
}

function pipelineChange(plan: Plan): FileChange | string {
  const { platform, places } = plan;
  const path = pipelinePath(plan);
  const before = textAt(plan, path);
  const isBlank = before === undefined || before.trim() === '';
  const isOurs = dialectAt(plan, path) === platform.dialect;
  if (!isBlank && !(platform.appendable && isOurs))
    return `${path} is there already and stays as it is. With an empty file in the editor, the pipeline goes there.`;
  const text = pipelineText(plan, path, isBlank);
  const grown = addition(before, plainText(text, places), snippetText(text, places));
  return { path, part: 'pipeline', ...grown };
}

/** The recipe's pipeline as it has to be in this file. */
function pipelineText({ platform, recipe, planning, request }: Plan, path: string, isBlank: boolean): string {
  const isNamed = path !== request.document?.path || !request.document.unnamed;
  const { dialect, beside } = platform;
  if (dialect === 'compose' && isNamed && !beside?.names.test(path)) return composeAt(recipe.pipeline, path);
  const file = planning.files.get(path);
  const tree = !isBlank && dialect === 'gitlab-ci' && file ? treeOf(file) : undefined;
  const stage = tree && stageForImage(tree);
  if (stage === undefined) return recipe.pipeline;
  return inStage(recipe.pipeline, isPlainSafe(stage) ? stage : JSON.stringify(stage));
}

/** The document in the editor, where it is such a pipeline or nothing yet, else the usual file. */
function pipelinePath(plan: Plan): string {
  const { platform, request } = plan;
  const { document } = request;
  if (!document) return platform.pipeline;
  const isOurs = dialectAt(plan, document.path) === platform.dialect;
  if (document.text.trim() !== '') return isOurs && platform.appendable ? document.path : platform.pipeline;
  const isAlike = document.unnamed || isOurs || isYaml(document.path, platform.pipeline);
  return isAlike && !CONFIG_NAME.test(document.path) ? document.path : platform.pipeline;
}

function isYaml(...paths: readonly string[]): boolean {
  return paths.every(path => /\.ya?ml$/i.test(path));
}

/** The files besides the pipeline. Where one of them has no room, all are left out. */
function runnerChanges(plan: Plan): PlannedChange {
  const [, ...planned] = filesFor(plan);
  const runners = planned.filter(({ path }) => !CONFIG_NAME.test(path));
  const changes = runners.map(file => runnerChange(plan, file));
  const kept = changes.filter(change => typeof change === 'string');
  if (kept.length > 0) {
    const [are, stay] = kept.length === 1 ? ['is', 'stays as it is'] : ['are', 'stay as they are'];
    const note = `${kept.join(', ')} ${are} there already and ${stay}, so only the pipeline is written.`;
    return { files: [], notes: [note] };
  }
  const files = changes.filter(change => typeof change !== 'string');
  const declared = planned.length > runners.length ? declaration(plan, files) : undefined;
  if (typeof declared === 'string') return { files, notes: [`.drydock.yml is left as it is: ${declared}.`] };
  return { files: declared ? [...files, declared] : files, notes: [] };
}

/** The change, or the path of a file that has no room for it. */
function runnerChange(plan: Plan, { path, text }: PlannedFile): FileChange | string {
  const before = textAt(plan, path);
  if (before === undefined || before.trim() === '')
    return { path, part: 'runner', ...addition(before, text) };
  const section = plan.recipe.runner;
  if (dialectAt(plan, path) !== 'gitlab-runner' || section === undefined) return path;
  const entry = plainText(runnerEntry(plan.platform, section), plan.places);
  return { path, part: 'runner', ...addition(before, entry) };
}

/** The declaration of the runner in `.drydock.yml`, or why it cannot be written. */
function declaration(plan: Plan, [runner]: readonly FileChange[]): FileChange | string {
  const { planning, exposure, places } = plan;
  const path = [...planning.files.keys()].find(one => CONFIG_NAME.test(one)) ?? '.drydock.yml';
  const before = textAt(plan, path);
  const isShared = runner?.before !== undefined;
  const others = undeclaredRunner(planning);
  const planned = filesFor(plan).find(file => CONFIG_NAME.test(file.path));
  if (before === undefined && planned && !isShared && others.length === 0)
    return { path, part: 'runner', ...addition(undefined, planned.text) };
  if (!runner) return 'what it says of runners is not ours to change';
  const own: DeclaredRunnerKeys = [
    ['name', places.tag],
    ['config', runner.path],
    ...(isShared ? [['entry', places.tag] as const] : []),
    ['tags', [places.tag]],
    ['exposure', exposure],
  ];
  const edit = writeDeclaration(planning.config, { kind: 'runners', runners: [...others, own] });
  if (typeof edit === 'string') return edit;
  return { path, part: 'runner', before, edit, after: applyEdits(before ?? '', [edit]) };
}

/**
 * The only runner that is there, which nothing declares: the jobs that are there count as its own, and would count as
 * nobody's once another runner is declared.
 */
function undeclaredRunner({ view, jobs }: Planning): readonly DeclaredRunnerKeys[] {
  const [offer] = view.offers;
  const all = jobs().map(({ job }) => job);
  const isTold = all.every(({ holes }) => holes.every(({ what }) => what !== 'tags'));
  if (offer?.paired.how !== 'only-one' || all.length === 0 || !isTold) return [];
  const { name, path } = offer.paired.runner;
  const tags = new Set(all.flatMap(job => job.tags.map(({ text }) => text)));
  return [
    [
      ['name', name],
      ['config', path],
      ['entry', name],
      ['tags', [...tags].sort()],
      ['untagged', true],
    ],
  ];
}
