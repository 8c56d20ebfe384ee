/** What Drydock tells people: findings, the places they refer to, and fixes. */

import type { BuildSite, PairedRunner } from './build-site.js';
import type { Intent } from './intent.js';
import type { Place } from './known.js';

export type Severity = 'error' | 'warning' | 'info';
export type Confidence = 'high' | 'medium' | 'low';
export type Profile = 'default' | 'strict' | 'pedantic';

/** `safe` keeps behaviour or repairs a certain failure; anything else is `unsafe`, and its title says why. */
export type Safety = 'safe' | 'unsafe';

export interface Related {
  readonly place: Place;
  readonly message: string;
}

export interface FixPlan {
  readonly title: string;
  readonly safety: Safety;
  /** The one that most people want. */
  readonly preferred?: boolean;
  readonly intents: readonly Intent[];
}

/** A site with the runners it may run on. */
export interface SiteView {
  readonly site: BuildSite;
  readonly runners: readonly PairedRunner[];
}

/** Other sites that take a value from the same place, for fixes that change it. */
export interface FixView {
  sitesWith(place: Place): readonly SiteView[];
  /** Every site of the project. */
  all(): readonly SiteView[];
}

/** A finding as a rule yields it, before levels and ignores. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly place: Place;
  /** Name of the site it was found at, for ignores that name a site. */
  readonly site?: string;
  readonly related: readonly Related[];
  /** Asked for only when somebody wants to see the fixes. */
  readonly fixes: (view: FixView) => readonly FixPlan[];
}
