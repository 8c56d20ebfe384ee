/** Puts findings into the files that they stand in, ignores applied, in the shape that the edges report. */
import type { OutsideVariables } from '../dialects/dialect.js';
import type { Finding, FixView, SiteView } from '../model/finding.js';
import { type Place, placeKey } from '../model/known.js';
import type { Tree } from '../syntax/tree.js';
import type { CheckedFile, ReportedFinding } from './api.js';
import { CONFIG_NAME } from './candidates.js';
import { applyIgnores, type IgnoreContext, locate, type Placed, withLevels } from './collect.js';
import type { DrydockConfig } from './config.js';
import { type FileState, skippedFor, treeOf } from './file-state.js';
import { fixesOf } from './fixes.js';
import { inQuotes } from './hover-path.js';
import { unreasonedIgnore, unusedComment, unusedEntries } from './own-findings.js';
import type { CheckedSite } from './run-rules.js';

/** What reporting looks at besides the findings. */
export interface ReportContext {
  readonly files: ReadonlyMap<string, FileState>;
  readonly config: DrydockConfig;
  readonly variables: OutsideVariables;
  readonly today: string;
  readonly sites: readonly CheckedSite[];
  readonly tree: (path: string) => Tree | undefined;
}

/** Every file of ours with its findings, sorted by path. */
export function reportFiles(context: ReportContext, findings: readonly Finding[]): readonly CheckedFile[] {
  const byPath = new Map<string, Placed[]>();
  for (const placed of place(context, findings)) {
    const { path } = placed.finding.place;
    const list = byPath.get(path);
    if (list) list.push(placed);
    else byPath.set(path, [placed]);
  }
  const used = new Set<Place>();
  const view = fixView(context.sites);
  const checked: CheckedFile[] = [];
  let configFile: string | undefined;
  for (const file of context.files.values()) {
    if (CONFIG_NAME.test(file.path)) configFile = file.path;
    if (!file.dialect) continue;
    const skipped = skippedFor(file);
    const kept = afterIgnores(context, file, byPath.get(file.path) ?? [], used);
    const reported = report(context, view, file.path, kept);
    checked.push({
      path: file.path,
      dialect: file.dialect.id,
      findings: reported,
      ...(skipped ? { skipped } : {}),
      ...brokenAt(file),
    });
  }
  if (configFile !== undefined) {
    const own = withLevels(unusedEntries(context.config, used, context.today), context.config);
    const placed = [...(byPath.get(configFile) ?? []), ...place(context, own)];
    checked.push({
      path: configFile,
      dialect: 'drydock-config',
      findings: report(context, view, configFile, placed),
    });
  }
  return checked.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The first place at which YAML ends; what is wrong with TOML is a finding. */
function brokenAt(file: FileState): Pick<CheckedFile, 'broken'> {
  const problems = file.dialect?.id === 'gitlab-runner' ? undefined : treeOf(file)?.problems;
  const [problem] = problems ?? [];
  if (!problem || file.dialect?.isTemplate?.(file.text)) return {};
  if (problems?.some(({ start }) => hasDirective(file.text, start))) return {};
  return { broken: { at: problem.start, message: problem.message } };
}

/** Marks of Jinja, Go and ERB; an expression of a workflow is no template. */
const DIRECTIVE = /(?<!\$)\{\{|\{%|<%/;

/** Whether the line of an offset holds what a template fills in: the file is made from this text, and no YAML yet. */
function hasDirective(text: string, offset: number): boolean {
  const end = text.indexOf('\n', offset);
  return DIRECTIVE.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end));
}

/** Gives findings their offsets; one whose text is gone is left out. */
function place(context: ReportContext, findings: readonly Finding[]): readonly Placed[] {
  return findings.flatMap(finding => {
    const span = locate(finding.place, context.tree);
    return span ? [{ finding, ...span }] : [];
  });
}

function afterIgnores(
  context: ReportContext,
  file: FileState,
  placed: readonly Placed[],
  used: Set<Place>,
): readonly Placed[] {
  const { path, text } = file;
  const { config, today } = context;
  const tree = treeOf(file);
  const isText = (offset: number): boolean => tree !== undefined && inQuotes(tree, offset);
  const slashes = file.dialect?.id === 'jenkinsfile';
  const ignores: IgnoreContext = { path, text, config, today, isText, slashes, used };
  const { kept, unused, unreasoned } = applyIgnores(placed, ignores);
  const block = tree?.documents[0]?.blocks[0]?.block;
  if (!block || (unused.length === 0 && unreasoned.length === 0)) return kept;
  const own = [
    ...unused.map(ignore => unusedComment(path, block, ignore)),
    ...unreasoned.map(ignore => unreasonedIgnore(path, block, ignore)),
  ];
  // Comments are found in the text of the file, so their offsets are the file's already.
  const levelled = withLevels(own, config);
  return [
    ...kept,
    ...levelled.map(finding => ({ finding, start: finding.place.start, end: finding.place.end })),
  ];
}

function report(
  context: ReportContext,
  view: FixView,
  path: string,
  placed: readonly Placed[],
): readonly ReportedFinding[] {
  return placed.map(one => reportOne(context, view, path, one)).sort(inOrder);
}

function reportOne(context: ReportContext, view: FixView, path: string, placed: Placed): ReportedFinding {
  const { finding, start, end } = placed;
  const { rule, severity, confidence, message } = finding;
  const related = finding.related.flatMap(({ place, message: text }) => {
    const span = locate(place, context.tree);
    return span ? [{ path: place.path, ...span, message: text }] : [];
  });
  const fixes = (): ReturnType<typeof fixesOf> => fixesOf(finding, view, context.files, context.variables);
  return { rule, severity, confidence, message, path, start, end, related, fixes };
}

function inOrder(a: ReportedFinding, b: ReportedFinding): number {
  return a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** Finds sites by the places of their docker variables; the index is made when the first fix is asked for. */
/** The sites of a project as fixes see them. */
export function fixView(sites: readonly CheckedSite[]): FixView {
  let index: Map<string, SiteView[]> | undefined;
  return {
    sitesWith(place) {
      index ??= indexSites(sites);
      return index.get(placeKey(place)) ?? [];
    },
    all: () => sites,
  };
}

function indexSites(sites: readonly CheckedSite[]): Map<string, SiteView[]> {
  const index = new Map<string, SiteView[]>();
  for (const { site, runners } of sites) {
    for (const name of ['DOCKER_HOST', 'DOCKER_TLS_CERTDIR']) {
      const value = site.env.get(name);
      if (value.state !== 'known') continue;
      const key = placeKey(value.origin.place);
      index.set(key, [...(index.get(key) ?? []), { site, runners }]);
    }
  }
  return index;
}
