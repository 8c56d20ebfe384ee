/** A project: its files, kept in step with what people type, and everything that is to be said about them. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { OutsideVariables, Problem } from '../dialects/dialect.js';
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/known.js';
import { readYaml, type YamlTree } from '../syntax/yaml.js';
import type {
  CheckedFile,
  Conversion,
  ConversionRequest,
  Hover,
  JobRow,
  Project,
  ProjectOptions,
  Range,
  Showing,
  SiteLine,
  TraceRow,
} from './api.js';
import { CONFIG_NAME, unreadable } from './candidates.js';
import { checkSites } from './check-sites.js';
import { locate, mergeFindings, withinProject, withLevels } from './collect.js';
import { type DrydockConfig, NO_CONFIG, outsideVariables } from './config.js';
import { readConfig } from './config-reader.js';
import { conversionsAt, convertIn } from './conversion.js';
import { partsOf } from './embedded.js';
import { type FileState, newFile, sortByPath, treeOf, unitOf } from './file-state.js';
import { lowerAll, recogniseAll, wantedPaths } from './files.js';
import { combineSafe } from './fixes.js';
import { gatherEvidence, type LogEvidence } from './log-evidence.js';
import {
  expiredIgnores,
  invalidConfig,
  missingRunners,
  problemFindings,
  syntaxFindings,
} from './own-findings.js';
import { asPaired, availableKey, availableRunners } from './pairing.js';
import { planningIn } from './planning-in.js';
import { certainProblems, refusalIn, refuseSites } from './refusals.js';
import { reportFiles } from './report.js';
import { ruleIds } from './rule-infos.js';
import { checkRunner, checkRunnerFile, type RuleRun } from './run-rules.js';
import {
  hoverIn,
  jobAt,
  jobRows,
  linesIn,
  overviewIn,
  type Shown,
  statusRequest,
  type View,
} from './shown.js';
import { fileStatus, writeChoice } from './status.js';
import { traceRows } from './trace-rows.js';

export function createProject(options: ProjectOptions): Project {
  return new ProjectState(options);
}

class ProjectState implements Project {
  #options: ProjectOptions;
  #view: View | undefined;
  #config: { readonly tree: YamlTree; readonly config: DrydockConfig } | undefined;
  readonly #files = new Map<string, FileState>();

  constructor(options: ProjectOptions) {
    this.#options = options;
  }

  setOptions(options: ProjectOptions): void {
    this.#options = options;
    this.#view = undefined;
  }

  setFile(path: string, text: string | undefined): void {
    const file = this.#files.get(path);
    if (file?.text === text) return;
    this.#view = undefined;
    if (text === undefined) this.#files.delete(path);
    else if (file) file.text = text;
    else this.#files.set(path, newFile(path, text));
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  text(path: string): string | undefined {
    return this.#files.get(path)?.text;
  }

  dialectOf(path: string): CheckedFile['dialect'] | undefined {
    this.#look();
    return CONFIG_NAME.test(path) ? 'drydock-config' : this.#files.get(path)?.dialect?.id;
  }

  wanted(): readonly string[] {
    this.#look();
    const config = this.#config?.config;
    const declared = (config?.runners ?? []).flatMap(({ config }) => config ?? []);
    return [
      ...wantedPaths(this.#files, config?.projects ?? NO_CONFIG.projects),
      ...declared.filter(path => !this.#files.has(path)),
    ];
  }

  check(): readonly CheckedFile[] {
    return this.#look().files;
  }

  trace(): readonly TraceRow[] {
    return traceRows(this.#look(), this.#range);
  }

  jobs(): readonly JobRow[] {
    return jobRows(this.#shown());
  }

  jobAt(path: string, offset: number): JobRow | undefined {
    return jobAt(this.#shown(), path, offset);
  }

  hover(path: string, offset: number, showing: Showing = {}): Hover | undefined {
    return hoverIn(this.#shown(), path, offset, showing);
  }

  lines(path: string): readonly SiteLine[] {
    return linesIn(this.#shown(), path);
  }

  overview(showing: Showing): string {
    return overviewIn(this.#shown(), showing);
  }

  status(path: string): ReturnType<Project['status']> {
    return fileStatus(statusRequest(this.#shown(), path));
  }

  choose(path: string, choice: string): ReturnType<Project['choose']> {
    const config = this.#configFile();
    const request = statusRequest(this.#shown(), path);
    const edit = writeChoice(request, choice, config && this.#config?.tree);
    if (typeof edit === 'string') return { refused: `.drydock.yml is left as it is: ${edit}.` };
    return { path: config?.path ?? '.drydock.yml', edits: [edit] };
  }

  convert(request: ConversionRequest): Conversion {
    return convertIn(request, this, this.#shown(), () => {
      const project = new ProjectState(this.#options);
      return { project, sites: () => project.#look().sites };
    });
  }

  conversions(path: string, offset: number): ReturnType<Project['conversions']> {
    return conversionsAt(this.#shown(), path, offset);
  }

  planning(): ReturnType<Project['planning']> {
    return planningIn(this.#shown(), this.#config?.tree, () => new ProjectState(this.#options));
  }

  logEvidence(): LogEvidence {
    const { sites, files } = this.#look();
    return gatherEvidence(sites, files, place => this.#range(place));
  }

  fixAll(path: string): ReturnType<Project['fixAll']> {
    const file = this.#look().files.find(one => one.path === path);
    return combineSafe(
      path,
      (file?.findings ?? []).map(finding => finding.fixes()),
    );
  }

  #shown(): Shown {
    return { view: this.#look(), files: this.#files, options: this.#options, range: this.#range };
  }

  #configFile(): FileState | undefined {
    return [...this.#files.values()].find(({ path }) => CONFIG_NAME.test(path));
  }

  readonly #range = (place: Place): Range | undefined => {
    const span = locate(place, path => this.#treeAt(path));
    return span && { path: place.path, ...span };
  };

  #treeAt(path: string) {
    if (CONFIG_NAME.test(path)) return this.#config?.tree;
    const file = this.#files.get(path);
    return file && treeOf(file);
  }

  #look(): View {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  #makeView(): View {
    sortByPath(this.#files);
    const config = this.#readConfig();
    const variables = outsideVariables(config);
    recogniseAll(this.#files, config, this.#options.associations ?? new Map());
    const lowered = lowerAll(this.#files, config.projects, variables, this.#options.absent);
    const runners = lowered.flatMap(one => one.lowered.runners);
    const runnerFiles = lowered.flatMap(one => one.lowered.runnerFiles);
    const scaleSets = runnerFiles.flatMap(one => one.scaleSets ?? []);
    const available = availableRunners(config, runners, scaleSets);
    const run: RuleRun = {
      profile: this.#options.profile ?? config.profile ?? 'default',
      log: this.#options.log ?? (() => {}),
    };
    const keyed = `${availableKey(available)}|${run.profile}|${variables.key}`;
    const problems: Problem[] = [];
    const refusals = new Map<string, Problem>();
    const sites = lowered.flatMap(({ file, lowered }) => {
      const certain = certainProblems(file.path, lowered.problems ?? [], this.#options.absent);
      problems.push(...certain);
      const checked = checkSites(file, lowered.sites, available, keyed, run);
      const refusal = refusalIn(certain, config);
      if (refusal) refusals.set(file.path, refusal);
      return refusal ? refuseSites(checked, refusal) : checked;
    });
    const found = [
      ...sites.flatMap(({ site, findings }) =>
        findings.map(finding => ({ finding: withinProject(finding, site), foundAt: site })),
      ),
      ...runners
        .flatMap(runner => checkRunner(asPaired(runner, available), run))
        .map(finding => ({ finding })),
      ...runnerFiles
        .flatMap(file => checkRunnerFile(file, this.#runnerKeys(), run))
        .map(finding => ({ finding })),
    ];
    const findings = withLevels(
      [
        ...mergeFindings(found),
        ...problemFindings(problems),
        ...this.#fileFindings(config, variables, [...runners, ...scaleSets]),
      ],
      config,
    );
    return {
      config,
      variables,
      sites,
      runners,
      offers: available.offers,
      refusals,
      files: reportFiles(
        {
          files: this.#files,
          config,
          variables,
          today: this.#options.today,
          sites,
          tree: path => this.#treeAt(path),
        },
        findings,
      ),
    };
  }

  #runnerKeys(): RunnerKeyTable | undefined {
    return this.#options.data?.('runner-keys') as RunnerKeyTable | undefined;
  }

  #readConfig(): DrydockConfig {
    const file = this.#configFile();
    if (!file || unreadable(file.text) !== undefined) {
      this.#config = undefined;
      return NO_CONFIG;
    }
    if (this.#config?.tree.text !== file.text) {
      const tree = readYaml(file.text, this.#config?.tree);
      this.#config = { tree, config: readConfig(file.path, tree, ruleIds()) };
    }
    return this.#config.config;
  }

  /** Findings about files as such. */
  #fileFindings(
    config: DrydockConfig,
    variables: OutsideVariables,
    runners: Parameters<typeof missingRunners>[1],
  ): readonly Finding[] {
    const syntax = [...this.#files.values()].flatMap(file => {
      const unit = unitOf(file, variables);
      const parts = unit && file.dialect ? partsOf(file.dialect, unit) : [];
      return parts.flatMap(part => syntaxFindings(part.unit, part.dialect));
    });
    return [
      ...syntax,
      ...invalidConfig(config),
      ...missingRunners(config, runners, path => this.#files.has(path)),
      ...expiredIgnores(config, this.#options.today),
    ];
  }
}
