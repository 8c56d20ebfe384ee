/** Runs the rules over a site or a runner; a rule that throws loses only itself. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { BuildSite, PairedRunner, RunnerFile } from '../model/build-site.js';
import type { Finding, Profile } from '../model/finding.js';
import type { Report, Rule, SiteContext } from '../rules/define.js';
import { allRules, siteRules } from '../rules/index.js';
import { toolsOf } from '../trace/tools.js';
import { trace } from '../trace/trace.js';
import type { Trace } from '../trace/types.js';

const STRICTNESS: Readonly<Record<Profile, number>> = { default: 0, strict: 1, pedantic: 2 };

/** A site with all that is known of it; kept for as long as its inputs stay the same. */
export interface CheckedSite {
  readonly site: BuildSite;
  readonly runners: readonly PairedRunner[];
  /** One row for each runner, or one that assumes nothing about it. */
  readonly traces: readonly Trace[];
  readonly findings: readonly Finding[];
}

export interface RuleRun {
  readonly profile: Profile;
  readonly log: (message: string) => void;
}

export function checkSite(site: BuildSite, runners: readonly PairedRunner[], run: RuleRun): CheckedSite {
  const blind = trace(site, undefined);
  const paired = runners.flatMap(runner => trace(site, runner));
  const context: SiteContext = { site, tools: toolsOf(site), blind, paired, runners, profile: run.profile };
  const findings = applicable(siteRules, run.profile).flatMap(rule =>
    rule.site && rule.dialects.includes(site.dialect)
      ? collect(rule, () => rule.site?.(context) ?? [], run, site.name)
      : [],
  );
  const softened = site.hidden ? findings.map(soften) : findings;
  return { site, runners, traces: paired.length > 0 ? paired : blind, findings: softened };
}

export function checkRunner(paired: PairedRunner, run: RuleRun): readonly Finding[] {
  return applicable(allRules(), run.profile).flatMap(rule =>
    rule.runner ? collect(rule, () => rule.runner?.({ paired, profile: run.profile }) ?? [], run) : [],
  );
}

/** Rules over the keys of a file of runners, whatever its runners run. */
export function checkRunnerFile(
  file: RunnerFile,
  keys: RunnerKeyTable | undefined,
  run: RuleRun,
): readonly Finding[] {
  return applicable(allRules(), run.profile).flatMap(rule =>
    rule.runnerFile
      ? collect(rule, () => rule.runnerFile?.({ file, keys, profile: run.profile }) ?? [], run)
      : [],
  );
}

function applicable(rules: readonly Rule[], profile: Profile): readonly Rule[] {
  return rules.filter(rule => STRICTNESS[rule.profile] <= STRICTNESS[profile]);
}

function collect(rule: Rule, check: () => Iterable<Report>, run: RuleRun, site?: string): readonly Finding[] {
  try {
    return [...check()].map(report => toFinding(rule, report, site));
  } catch (error) {
    run.log(
      `rule ${rule.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return [];
  }
}

function toFinding(rule: Rule, report: Report, site: string | undefined): Finding {
  return {
    rule: rule.id,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? 'high',
    message: report.message,
    place: report.at,
    ...(site === undefined ? {} : { site }),
    related: report.related ?? [],
    fixes: report.fixes ?? (() => []),
  };
}

/** A template that nobody in view extends may be completed elsewhere: no certain failure. */
export function soften(finding: Finding): Finding {
  return finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;
}
