/** Runs the rules over a site or a runner; a rule that throws loses only itself. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { BuildSite, DialectId, PairedRunner, RunnerFile, Unserved } from '../model/build-site.js';
import type { Finding, Profile } from '../model/finding.js';
import { forget } from '../model/kept.js';
import type { Need, Report, Rule, SiteContext } from '../rules/define.js';
import { certainFaults } from '../rules/faults.js';
import { allRules, siteRulesOf } from '../rules/index.js';
import { whyUnserved } from '../rules/no-runner-for-tags.js';
import { toolsOf } from '../trace/tools.js';
import { trace } from '../trace/trace.js';
import type { Trace } from '../trace/types.js';
import type { JobPairing } from './pairing.js';

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

export function checkSite(site: BuildSite, { runners, unserved }: JobPairing, run: RuleRun): CheckedSite {
  const blind = trace(site, undefined);
  // A site that says itself where it runs is traced there in any case.
  const paired = runners.flatMap(runner => (runner === site.runsOn?.paired ? blind : trace(site, runner)));
  const { profile } = run;
  const context: SiteContext = { site, tools: toolsOf(site), blind, paired, runners, unserved, profile };
  const findings: Finding[] = [];
  const seen = seenIn(context);
  for (const rule of rulesOfSites(site.dialect, profile, seen.most)) {
    if (hasASay(rule, seen)) collect(findings, rule, () => rule.site?.(context) ?? [], run, site);
  }
  forget();
  const softened = site.hidden ? findings.map(soften) : findings;
  return {
    site,
    runners,
    traces: paired.length > 0 ? paired : withReason(blind, unserved),
    findings: softened,
  };
}

/** What cannot be told for lack of a runner that would take the job. */
function withReason(traces: readonly Trace[], unserved: Unserved | undefined): readonly Trace[] {
  if (!unserved) return traces;
  return traces.map(trace =>
    trace.verdict === 'cannot-tell'
      ? { ...trace, missing: [whyUnserved(unserved), ...trace.missing] }
      : trace,
  );
}

export function checkRunner(paired: PairedRunner, run: RuleRun): readonly Finding[] {
  const { profile } = run;
  const { runner, how, exposure } = paired;
  return once(runner, `${how} ${exposure} ${profile}`, findings => {
    for (const rule of applicable(allRules(), profile)) {
      if (rule.runner) collect(findings, rule, () => rule.runner?.({ paired, profile }) ?? [], run);
    }
  });
}

/** Rules over the keys of a file of runners, whatever its runners run. */
export function checkRunnerFile(
  file: RunnerFile,
  keys: RunnerKeyTable | undefined,
  run: RuleRun,
): readonly Finding[] {
  const { profile } = run;
  return once(file, `${keys !== undefined} ${profile}`, findings => {
    for (const rule of applicable(allRules(), profile)) {
      if (rule.runnerFile)
        collect(findings, rule, () => rule.runnerFile?.({ file, keys, profile }) ?? [], run);
    }
  });
}

const found = new WeakMap<object, { readonly key: string; readonly findings: readonly Finding[] }>();

/** What is found about a runner or a file of runners, kept for as long as neither it nor `key` changes. */
function once(about: object, key: string, find: (findings: Finding[]) => void): readonly Finding[] {
  const known = found.get(about);
  if (known?.key === key) return known.findings;
  const findings: Finding[] = [];
  find(findings);
  found.set(about, { key, findings });
  return findings;
}

/** What is seen in a site of all that rules need. */
export interface Seen {
  readonly most: 'nothing' | 'trace' | 'tool';
  /** Ids of the faults that some trace is certain of. */
  readonly faults: ReadonlySet<string>;
}

export function seenIn(context: SiteContext): Seen {
  const { tools, blind, paired } = context;
  const most = tools.length > 0 ? 'tool' : blind.length + paired.length > 0 ? 'trace' : 'nothing';
  return { most, faults: certainFaults(context) };
}

/** Whether a rule has a say where no more than that is seen. */
export function hasASay({ id, needs }: Rule, { most, faults }: Seen): boolean {
  return mayHaveASay(needs, most) && (needs !== 'fault' || faults.has(id));
}

function mayHaveASay(needs: Need | undefined, most: Seen['most']): boolean {
  return needs === undefined || most === 'tool' || (most === 'trace' && needs !== 'tool');
}

const forSites = new Map<string, readonly Rule[]>();

/** The rules that may have a say about sites of a dialect, picked once. */
function rulesOfSites(dialect: DialectId, profile: Profile, most: Seen['most']): readonly Rule[] {
  const key = `${dialect} ${profile} ${most}`;
  const known = forSites.get(key);
  if (known) return known;
  const rules = applicable(siteRulesOf(dialect), profile).filter(({ needs }) => mayHaveASay(needs, most));
  forSites.set(key, rules);
  return rules;
}

function applicable(rules: readonly Rule[], profile: Profile): readonly Rule[] {
  return rules.filter(rule => STRICTNESS[rule.profile] <= STRICTNESS[profile]);
}

function collect(
  findings: Finding[],
  rule: Rule,
  check: () => Iterable<Report>,
  run: RuleRun,
  site?: BuildSite,
): void {
  const before = findings.length;
  try {
    for (const report of check()) findings.push(toFinding(rule, report, site));
  } catch (error) {
    findings.length = before;
    run.log(
      `rule ${rule.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

function toFinding(rule: Rule, report: Report, site: BuildSite | undefined): Finding {
  return {
    rule: rule.id,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? 'high',
    message: report.message,
    place: report.at,
    ...(site === undefined || report.ofFile ? {} : { site: site.name }),
    related: [...(report.related ?? []), ...(site?.givenAt?.(report.at) ?? [])],
    fixes: report.fixes ?? (() => []),
  };
}

/** A template that nobody in view extends may be completed elsewhere: no certain failure. */
export function soften(finding: Finding): Finding {
  return finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;
}
