/** Gives conversions what they need of a project, and tells which jobs can be asked for one. */
import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { type Place, placeOf } from '../model/known.js';
import { switchToTls } from '../rules/switch-to-tls.js';
import type { PlatformId } from '../strategies/platforms.js';
import { plainText } from '../strategies/recipe.js';
import type { Entry } from '../syntax/tree.js';
import { entryAt } from '../syntax/yaml-edit.js';
import { rootOfBlock } from '../syntax/yaml-find.js';
import { toolsOf } from '../trace/tools.js';
import { trace } from '../trace/trace.js';
import type { Conversion, ConversionRequest, Project, TraceRow } from './api.js';
import { type ConversionHost, convertJob } from './convert/convert.js';
import type { TargetRecipe } from './convert/targets.js';
import { offeredTargets } from './convert/ways.js';
import { type FileState, treeOf } from './file-state.js';
import { writeIntents } from './fixes.js';
import { fixView } from './report.js';
import type { CheckedSite } from './run-rules.js';
import type { Shown } from './shown.js';
import { type StrategyInfo, strategyInfos } from './strategy-infos.js';
import { traceRows } from './trace-rows.js';

/** Makes an empty project with the same options. */
type Fresh = () => { readonly project: Project; readonly sites: () => readonly CheckedSite[] };

export function convertIn(
  request: ConversionRequest,
  project: Project,
  { view, files, options, range }: Shown,
  fresh: Fresh,
): Conversion {
  const { sites, variables } = view;
  return convertJob(request, {
    project,
    range,
    write: intents => writeIntents(intents, files, variables),
    sites: (path, job) => ofJob(sites, path, job),
    missing: (path, job) => missingJob(files, sites, path, job),
    template: (path, job) => templateOf(files, sites, path, job),
    jobs: () => sites.flatMap(({ site }) => (site.dialect === 'gitlab-ci' ? [site] : [])),
    recipe: (to, executor) =>
      recipeOf(strategyInfos(options.data?.('strategies')), to, `gitlab-${executor}`, fresh),
    runners: site => (sites.find(one => one.site === site)?.runners ?? []).map(({ runner }) => runner),
    tlsPlan: site => tlsPlan(sites, site),
    copy(texts) {
      const copy = fresh();
      for (const [path, { text }] of files) copy.project.setFile(path, texts.get(path) ?? text);
      return { project: copy.project, sites: (path, job) => ofJob(copy.sites(), path, job) };
    },
  });
}

/** Formats whose jobs, or services, are converted. */
const CONVERTED: ReadonlySet<string> = new Set(['gitlab-ci', 'compose']);

/** The ways in which a job runs. */
function ofJob(all: readonly CheckedSite[], path: string, job: string): readonly BuildSite[] {
  const sites = all.map(({ site }) => site);
  return sites.filter(site => CONVERTED.has(site.dialect) && site.path === path && site.name === job);
}

/** The job around an offset with what it may be converted to; `undefined` where there is no such job. */
export function conversionsAt(
  { view, files, range }: Shown,
  path: string,
  offset: number,
): ReturnType<Project['conversions']> {
  const service = serviceAt(view.sites, files, path, offset);
  if (service) {
    const own = traceRows(view, range).filter(row => row.path === path && row.site === service.name);
    const to = offeredTargets(own);
    return to.length > 0 ? { job: service.name, to } : undefined;
  }
  const entry = entryAround(files, path, offset);
  if (!entry) return undefined;
  const { key } = entry;
  const own = view.sites.filter(
    ({ site }) => site.path === path && site.place.block === key.block && site.dialect === 'gitlab-ci',
  );
  const users = isTemplate(key.text) && isJob(entry) ? usersOf(view.sites, key.block) : [];
  const sites = own.length > 0 ? own.map(({ site }) => site) : users;
  const isOne = (row: TraceRow): boolean =>
    sites.some(site => row.path === site.path && row.site === site.name);
  const to = offeredTargets(traceRows(view, range).filter(isOne));
  return to.length > 0 ? { job: key.text, to } : undefined;
}

/** The service of Compose around an offset. */
function serviceAt(
  sites: readonly CheckedSite[],
  files: ReadonlyMap<string, FileState>,
  path: string,
  offset: number,
): BuildSite | undefined {
  const file = files.get(path);
  const tree = file && treeOf(file);
  const found = sites.find(({ site: { dialect, path: own, place } }) => {
    const base = dialect === 'compose' && own === path ? tree?.startOf(place.block) : undefined;
    const service = tree && entryAt(rootOfBlock(tree, place.block), place.start)?.entry;
    return base !== undefined && service && offset >= base + service.start && offset <= base + service.end;
  });
  return found?.site;
}

/** The job or template around an offset. */
function entryAround(files: ReadonlyMap<string, FileState>, path: string, offset: number): Entry | undefined {
  const file = files.get(path);
  const tree = file && treeOf(file);
  const entries = tree?.documents.flatMap(document => document.entries) ?? [];
  return entries.find(({ key: { start, block } }) => {
    const base = tree?.startOf(block) ?? Number.POSITIVE_INFINITY;
    return offset >= base + start && offset <= base + block.text.trimEnd().length;
  });
}

/** The job of a recipe, read as any other, or why there is none. */
function recipeOf(
  strategies: readonly StrategyInfo[],
  to: string,
  platform: PlatformId,
  fresh: Fresh,
): TargetRecipe | string {
  const info = strategies.find(({ id }) => id === to);
  const recipe = info?.cells[platform];
  if (!info || recipe === undefined) return 'The recipe of the strategy cannot be had.';
  if (typeof recipe === 'string') return recipe;
  const { project, sites } = fresh();
  project.setFile('.gitlab-ci.yml', plainText(recipe.pipeline));
  const [checked] = sites();
  return checked ? { info, site: checked.site } : 'The recipe of the strategy cannot be had.';
}

function tlsPlan(sites: readonly CheckedSite[], site: BuildSite): FixPlan | undefined {
  const checked = sites.find(one => one.site === site);
  if (!checked) return undefined;
  const { runners } = checked;
  const paired = runners.flatMap(runner => trace(site, runner));
  const blind = trace(site, undefined);
  return switchToTls(
    { site, tools: toolsOf(site), blind, paired, runners, unserved: undefined, profile: 'default' },
    fixView(sites),
  )[0];
}

/** The key of a template, with the jobs that take parts from it, each in one of the ways in which it runs. */
function templateOf(
  files: ReadonlyMap<string, FileState>,
  sites: readonly CheckedSite[],
  path: string,
  job: string,
): ReturnType<ConversionHost['template']> {
  const entry = isTemplate(job) ? entryOf(files, path, job) : undefined;
  if (!entry || !isJob(entry)) return undefined;
  return { place: placeOf(path, entry.key), users: usersOf(sites, entry.key.block) };
}

/** `default:` and the like are no jobs and take other keys. */
function isTemplate(name: string): boolean {
  return name.startsWith('.');
}

/** Others hold the image, a script or the variables of jobs, to be taken in by anchors. */
function isJob({ value }: Entry): boolean {
  const keys = /^(?:image|services|variables|extends|script|(?:before|after)_script|<<)$/;
  return value?.kind === 'map' && value.entries.some(({ key }) => keys.test(key.text));
}

function entryOf(files: ReadonlyMap<string, FileState>, path: string, job: string): Entry | undefined {
  const file = files.get(path);
  const documents = (file && treeOf(file))?.documents ?? [];
  return documents.flatMap(({ entries }) => entries).findLast(({ key }) => key.text === job);
}

function usersOf(sites: readonly CheckedSite[], block: Place['block']): readonly BuildSite[] {
  const users = sites.filter(({ site }) => site.dialect === 'gitlab-ci' && usesBlock(site, block));
  const byJob = new Map(users.map(({ site }) => [`${site.path}\0${site.name}`, site]));
  return [...byJob.values()];
}

/** Why a job cannot be found in a file, and whether it is in no file at all. */
function missingJob(
  files: ReadonlyMap<string, FileState>,
  sites: readonly CheckedSite[],
  path: string,
  job: string,
): { readonly why: string; readonly unknown?: true } {
  if (entryOf(files, path, job))
    return { why: `${job} is no job that runs, and no job that builds takes parts from it.` };
  const elsewhere =
    sites.find(({ site }) => site.name === job)?.site.path ??
    [...files.keys()].find(other => isTemplate(job) && entryOf(files, other, job));
  if (elsewhere !== undefined) return { why: `Job "${job}" is written in ${elsewhere}.` };
  return { why: `There is no job "${job}" in ${path}.`, unknown: true };
}

function usesBlock(site: BuildSite, block: Place['block']): boolean {
  const values = [site.image, site.services, ...site.env.names().map(name => site.env.get(name))];
  const origins = values.flatMap(value => (value.state === 'known' ? [value.origin] : []));
  return [...origins, ...site.scripts.map(({ origin }) => origin)].some(({ place }) => place.block === block);
}
