/** The shape of a rule: what it is, where it looks, what it says. */
import type { BuildSite, DialectId, PairedRunner } from '../model/build-site.js';
import type { Confidence, FixPlan, FixView, Profile, Related, Severity } from '../model/finding.js';
import type { Place } from '../model/known.js';
import type { ToolUse } from '../trace/tools.js';
import type { Trace } from '../trace/types.js';

/** What a rule is, for docs, settings and help; the texts are shown to people as they are. */
export interface RuleMeta {
  /** An id of the failure catalogue; never renamed. */
  readonly id: string;
  readonly severity: Severity;
  /** The least strict profile that has it. */
  readonly profile: Profile;
  readonly dialects: readonly DialectId[];
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly sources: readonly string[];
  readonly fixable: boolean;
}

/** A site as rules see it: the build view, and what the trace says of it. */
export interface SiteContext {
  readonly site: BuildSite;
  readonly tools: readonly ToolUse[];
  /** Traces that assume nothing about the runner. */
  readonly blind: readonly Trace[];
  /** Traces for each runner the site may run on; empty when none is known. */
  readonly paired: readonly Trace[];
  readonly runners: readonly PairedRunner[];
  readonly profile: Profile;
}

export interface RunnerContext {
  readonly paired: PairedRunner;
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
  readonly fixes?: (view: FixView) => readonly FixPlan[];
}

export interface Rule extends RuleMeta {
  readonly site?: (context: SiteContext) => Iterable<Report>;
  readonly runner?: (context: RunnerContext) => Iterable<Report>;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}
