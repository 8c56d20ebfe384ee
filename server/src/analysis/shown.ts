/** What is shown of a project on request: hovers, effective jobs, the document of all jobs, what a file is taken for. */
import type { OutsideVariables, Problem } from '../dialects/dialect.js';
import type { Runner } from '../model/build-site.js';
import type { EffectiveJob } from '../model/effective.js';
import type { Place } from '../model/known.js';
import { recogniseStrategy } from '../strategies/recognise.js';
import type { Tree } from '../syntax/tree.js';
import type { CheckedFile, Hover, JobRow, ProjectOptions, Range, Showing, SiteLine } from './api.js';
import { CONFIG_NAME } from './candidates.js';
import type { DrydockConfig } from './config.js';
import { spotAt } from './embedded.js';
import { errorsBeside } from './errors-beside.js';
import type { Wording } from './explain.js';
import { type FileState, treeOf, unitOf } from './file-state.js';
import { jobsOf } from './files.js';
import { hoverAt } from './hover.js';
import { withoutSecrets } from './masks.js';
import type { RunnerOffer } from './pairing.js';
import { refuseJob } from './refusals.js';
import { type RuleTexts, ruleIds, ruleInfos } from './rule-infos.js';
import type { CheckedSite } from './run-rules.js';
import { allJobs, linesOf } from './show.js';
import type { StatusRequest } from './status.js';

/** Everything that one look at the project came to. */
export interface View {
  readonly config: DrydockConfig;
  readonly variables: OutsideVariables;
  readonly sites: readonly CheckedSite[];
  readonly runners: readonly Runner[];
  readonly offers: readonly RunnerOffer[];
  readonly files: readonly CheckedFile[];
  /** Why GitLab makes no pipeline, by the path of its first file. */
  readonly refusals: ReadonlyMap<string, Problem>;
  /** Once asked for. */
  jobs?: readonly JobRow[];
}

/** A project as it is now. */
export interface Shown {
  readonly view: View;
  readonly files: ReadonlyMap<string, FileState>;
  readonly options: ProjectOptions;
  readonly range: (place: Place) => Range | undefined;
}

/** Kept with the view, so that they are put together once for each state of the files. */
export function jobRows({ view, files, options, range }: Shown): readonly JobRow[] {
  view.jobs ??= [...files.values()]
    .filter(({ included }) => !included)
    .flatMap(file => {
      const refusal = view.refusals.get(file.path);
      return jobsOf(file, files, view.config.projects, view.variables, options.absent)
        .map(job => withoutSecrets(refusal ? refuseJob(job, refusal) : job))
        .map(job => jobRow(file.path, job, range));
    });
  return view.jobs;
}

function jobRow(root: string, job: EffectiveJob, locate: JobRow['locate']): JobRow {
  const { path } = job.place;
  return { path, root, range: locate(job.place) ?? { path, start: 0, end: 0 }, job, locate };
}

/** A job may be written in several places, and pipelines may share it: the one that is named here comes first. */
export function jobAt(shown: Shown, path: string, offset: number): JobRow | undefined {
  const file = shown.files.get(path);
  const tree = file && treeOf(file);
  const name = tree && topKeyAt(tree, offset);
  if (name === undefined) return undefined;
  const rows = jobRows(shown).filter(({ job }) => job.name === name);
  return rows.find(row => row.path === path) ?? rows.find(row => row.root === path) ?? rows[0];
}

/** The key at the left edge that an offset belongs to, also on empty lines after its value. */
function topKeyAt(tree: Tree, offset: number): string | undefined {
  for (const { blocks } of tree.documents) {
    for (const { block, root } of blocks) {
      const start = tree.startOf(block);
      if (start === undefined || offset < start || offset > start + block.text.length) continue;
      const before = root?.kind === 'map' ? root.entries.filter(entry => entry.start <= offset - start) : [];
      if (before.length > 0) return before.at(-1)?.key.text;
    }
  }
  return undefined;
}

export function hoverIn(shown: Shown, path: string, offset: number, showing: Showing): Hover | undefined {
  const { view, files, options, range } = shown;
  const file = files.get(path);
  const unit = file && unitOf(file, view.variables);
  if (!unit || !file.dialect) return undefined;
  const findings = view.files.find(one => one.path === path)?.findings ?? [];
  const here = findings.filter(({ start, end }) => start <= offset && offset <= end);
  return hoverAt({
    path,
    offset,
    spot: spotAt(file.dialect, unit, offset),
    sites: view.sites,
    runners: view.runners,
    data: options.data,
    range,
    theme: showing.theme,
    rules: () => ruleInfos(options.data?.('rule-texts') as RuleTexts | undefined),
    ...wordingOf(shown, showing, new Set(here.map(({ rule }) => rule))),
  });
}

export function linesIn({ view, range }: Shown, path: string): readonly SiteLine[] {
  return linesOf(path, view.sites, { errors: errorsBeside(view.files, range), range });
}

export function overviewIn(shown: Shown, showing: Showing): string {
  return allJobs(shown.view.sites, wordingOf(shown, showing, new Set()), showing.theme ?? 'light');
}

function wordingOf({ view, range }: Shown, { link, page }: Showing, told: ReadonlySet<string>): Wording {
  return {
    told,
    errors: errorsBeside(view.files, range),
    isRule: id => ruleIds().has(id),
    link: (place, label) => {
      const at = range(place);
      return at && link?.(at, label);
    },
    strategyOf: recogniseStrategy,
    page,
  };
}

export function statusRequest({ view, files, options }: Shown, path: string): StatusRequest {
  const { config, offers, runners } = view;
  const file = files.get(path);
  const given = options.associations?.has(path) ?? false;
  const dialect = CONFIG_NAME.test(path) ? 'drydock-config' : file?.dialect?.id;
  return { path, file, dialect, config, offers, runners, given };
}
