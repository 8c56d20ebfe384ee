/** The shape of a rule: what it is, where it looks, what it says. */
import type { RunnerKeyTable } from '../catalog/variables.js';
import type { BuildSite, DialectId, PairedRunner, RunnerFile, Unserved } from '../model/build-site.js';
import type { Confidence, FixPlan, FixView, Profile, Related, Severity } from '../model/finding.js';
import type { Place } from '../model/known.js';
import type { ToolUse } from '../trace/tools.js';
import type { Trace } from '../trace/types.js';

/** The long texts of a rule, shown to people as they are; the bundles load them on first use (`prose`). */
export interface RuleProse {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly sources: readonly string[];
}

/** What a rule is, for docs, settings and help. */
export interface RuleMeta extends Partial<RuleProse> {
  /** An id of the failure catalogue; never renamed. */
  readonly id: string;
  readonly severity: Severity;
  /** The least strict profile that has it. */
  readonly profile: Profile;
  readonly dialects: readonly DialectId[];
  readonly fixable: boolean;
}

/**
 * What must be seen in a site for a rule to have a say: that it builds or asks for a daemon, so that there is a trace; a
 * command of a container tool, which has a trace as well; or a trace that is certain of the fault that the rule is about.
 */
export type Need = 'trace' | 'tool' | 'fault';

/** A site as rules see it: the build view, and what the trace says of it. */
export interface SiteContext {
  readonly site: BuildSite;
  readonly tools: readonly ToolUse[];
  /** Traces that assume nothing about the runner. */
  readonly blind: readonly Trace[];
  /** Traces for each runner the site may run on; empty when none is known. */
  readonly paired: readonly Trace[];
  readonly runners: readonly PairedRunner[];
  /** Missing where a runner takes the job, or others than the declared ones may. */
  readonly unserved: Unserved | undefined;
  readonly profile: Profile;
}

export interface RunnerContext {
  readonly paired: PairedRunner;
  readonly profile: Profile;
}

/** A file of runners as it is written, for rules that judge its keys. */
export interface RunnerFileContext {
  readonly file: RunnerFile;
  /** What is known of the keys; `undefined` where the table cannot be had. */
  readonly keys: RunnerKeyTable | undefined;
  readonly profile: Profile;
}

/** What a rule says about one place. */
export interface Report {
  readonly at: Place;
  /** One sentence: what is wrong, naming the job and the value. */
  readonly message: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly related?: readonly Related[];
  /** It is about the file that names the site, whichever of its sites it was found at. */
  readonly ofFile?: true;
  readonly fixes?: (view: FixView) => readonly FixPlan[];
}

export interface Rule extends RuleMeta {
  /** Sites without it are not shown to the rule. Most jobs have nothing to do with containers. */
  readonly needs?: Need;
  readonly site?: (context: SiteContext) => Iterable<Report>;
  readonly runner?: (context: RunnerContext) => Iterable<Report>;
  readonly runnerFile?: (context: RunnerFileContext) => Iterable<Report>;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}
