/** Gives conversions what they need of a project, and tells which jobs can be asked for one. */
import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { switchToTls } from '../rules/switch-to-tls.js';
import type { PlatformId } from '../strategies/platforms.js';
import { plainText } from '../strategies/recipe.js';
import { toolsOf } from '../trace/tools.js';
import { trace } from '../trace/trace.js';
import type { Conversion, ConversionRequest, Project } from './api.js';
import { convertJob } from './convert/convert.js';
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

/** The ways in which a job runs. */
function ofJob(all: readonly CheckedSite[], path: string, job: string): readonly BuildSite[] {
  const sites = all.map(({ site }) => site);
  return sites.filter(site => site.dialect === 'gitlab-ci' && site.path === path && site.name === job);
}

/** The job around an offset with what it may be converted to; `undefined` where there is no such job. */
export function conversionsAt(
  { view, files, range }: Shown,
  path: string,
  offset: number,
): ReturnType<Project['conversions']> {
  const file = files.get(path);
  const tree = file && treeOf(file);
  const found = view.sites.find(({ site }) => {
    const isHere = site.path === path && site.dialect === 'gitlab-ci';
    const start = isHere ? tree?.startOf(site.place.block) : undefined;
    return start !== undefined && offset >= start && offset <= start + site.place.block.text.trimEnd().length;
  });
  const at = found && range(found.site.place);
  if (!found || !at || offset < at.start) return undefined;
  const { name } = found.site;
  const own = traceRows(view, range).filter(row => row.path === path && row.site === name);
  const to = offeredTargets(own);
  return to.length > 0 ? { job: name, to } : undefined;
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

/** Why a job cannot be found in a file, and whether it is in no file at all. */
function missingJob(
  files: ReadonlyMap<string, FileState>,
  sites: readonly CheckedSite[],
  path: string,
  job: string,
): { readonly why: string; readonly unknown?: true } {
  const elsewhere = sites.find(({ site }) => site.name === job)?.site.path;
  const file = files.get(path);
  const tree = file && treeOf(file);
  const entry = tree?.documents.flatMap(({ entries }) => entries).findLast(({ key }) => key.text === job);
  if (entry) {
    const { block } = entry.key;
    const users = sites.filter(({ site }) => usesBlock(site, block)).map(({ site }) => site.name);
    const names = [...new Set(users)];
    const shown = names.length > 3 ? [...names.slice(0, 3), '…'] : names;
    return {
      why:
        names.length > 0
          ? `${job} is a template that ${names.length} ${names.length === 1 ? 'job takes' : 'jobs take'} parts from (${shown.join(', ')}), and what each of them would become cannot be shown at once; convert a job that extends it.`
          : `${job} is no job that runs.`,
    };
  }
  if (elsewhere !== undefined) return { why: `Job "${job}" is written in ${elsewhere}.` };
  return { why: `There is no job "${job}" in ${path}.`, unknown: true };
}

function usesBlock(site: BuildSite, block: Place['block']): boolean {
  const values = [site.image, site.services, ...site.env.names().map(name => site.env.get(name))];
  const origins = values.flatMap(value => (value.state === 'known' ? [value.origin] : []));
  return [...origins, ...site.scripts.map(({ origin }) => origin)].some(({ place }) => place.block === block);
}
