/** Turns a fault of the trace into what a rule may say about it: how sure, how severe, on which runner. */

import type { PairedRunner, Runner } from '../model/build-site.js';
import type { Confidence, FixPlan, FixView, Related, Severity } from '../model/finding.js';
import { kept } from '../model/kept.js';
import { placeKey, settled, type Way } from '../model/known.js';
import { show } from '../model/text.js';
import { EXECUTORS } from '../trace/merge-faults.js';
import { daemonCommands } from '../trace/tools.js';
import type { Fault, Trace } from '../trace/types.js';
import type { Report, SiteContext } from './define.js';

/** How much a fact weighs, and on which runner it holds. */
export interface Weight {
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** ` on runner "x", the only one here`, or empty when it strikes on any runner. */
  readonly onRunner: string;
}

/** A fault that is sure enough to be reported. */
export interface Sighting extends Weight {
  readonly fault: Fault;
  readonly trace: Trace;
  /** ` (if … is the official image)`, or empty. */
  readonly ifCopy: string;
  readonly related: readonly Related[];
}

/** The first of `sightings`. */
export function sighting(context: SiteContext, id: string): Sighting | undefined {
  return sightings(context, id)[0];
}

/**
 * The fault `id` at every place where it stands: the job's own settings, or a command of its script. It counts if it
 * strikes on every runner that the site may run on; without a runner, if it strikes on any. On one of several runners
 * it is a warning, and only where the job has no tags, so that each of them does take it.
 */
export function sightings(context: SiteContext, id: string): readonly Sighting[] {
  if (!certainFaults(context).has(id) || !callsDocker(context)) return [];
  const blind = struck(context.blind, id).map(one => describe(one, plain(context)));
  if (context.runners.length === 0) return blind;
  const anywhere = blind.filter(({ fault }) => fault.on === undefined);
  const rows = context.runners.map(paired => context.paired.filter(trace => trace.runner === paired));
  const found = rows.map(traces => struck(traces, id));
  // What a runner brings may also save the job.
  if (anywhere.length > 0 && found.every(one => one.length > 0)) return anywhere;
  const hit = context.runners.filter((_, i) => (found[i] ?? []).length > 0);
  const weight = weigh(context, hit);
  const first = found.find(one => one.length > 0) ?? [];
  return weight ? first.map(one => describe(one, weight)) : [];
}

/** Ids of the faults that some trace of the site is certain of. */
export const certainFaults = kept(
  ({ blind, paired }: SiteContext): ReadonlySet<string> =>
    new Set(
      [...blind, ...paired].flatMap(({ faults }) => faults.flatMap(one => (one.certain ? one.id : []))),
    ),
);

/** What a fact about the runners' own settings weighs; `undefined` where not all, or no runners, have it. */
export function onRunners(context: SiteContext, holds: (runner: Runner) => boolean): Weight | undefined {
  return weigh(
    context,
    context.runners.filter(({ runner }) => holds(runner)),
  );
}

/** What a fact that holds on any runner weighs. */
export function plain({ site }: SiteContext): Weight {
  return { severity: site.hidden ? 'warning' : 'error', confidence: 'high', onRunner: '' };
}

/** The same where the worst that may come of it is a warning. */
export function mild({ severity, ...weight }: Weight): Weight {
  return { ...weight, severity: severity === 'error' ? 'warning' : severity };
}

/** A runner that was paired for being the only one makes a fact likely, not certain, so it is a warning then. */
function weigh(context: SiteContext, hit: readonly PairedRunner[]): Weight | undefined {
  const [first] = hit;
  if (!first) return undefined;
  const { runners, site } = context;
  const name = ` on runner "${first.runner.name}"`;
  const some = hit.length < runners.length;
  const untagged = site.tags.state === 'absent' || settled(site.tags)?.length === 0;
  if (first.how === 'candidate') {
    if (!some)
      return {
        severity: 'warning',
        confidence: 'medium',
        onRunner: ` on all ${runners.length} runners here`,
      };
    // Its tags choose one, and nobody says which tags these runners have.
    return untagged
      ? { severity: 'info', confidence: 'low', onRunner: `${name}, one of ${runners.length} here` }
      : undefined;
  }
  if (some) {
    const onRunner = `${name}, one of ${runners.length} that may take it`;
    // With tags it may be that the other one takes it always.
    return untagged && first.how === 'declared'
      ? { severity: 'warning', confidence: 'medium', onRunner }
      : { severity: 'info', confidence: 'low', onRunner };
  }
  if (first.how === 'only-one')
    return { severity: 'warning', confidence: 'medium', onRunner: `${name}, the only one here` };
  return { ...plain(context), onRunner: runners.length === 1 ? name : ` on all ${runners.length} runners` };
}

/**
 * A job that calls docker, or that was given a daemon or an address of its own. One that only inherits both from
 * what holds for all jobs may have nothing to do with docker.
 */
export const callsDocker = kept(({ site, tools, blind }: SiteContext): boolean => {
  if (site.self) return blind.length > 0;
  if (daemonCommands(tools).length > 0) return true;
  const shared = (way: Way): boolean => way === 'default' || way === 'global';
  const host = site.env.get('DOCKER_HOST');
  if (host.state === 'known' && !shared(host.origin.way)) return true;
  return site.services.state === 'known' && !shared(site.services.origin.way);
});

/** What docker dials where a fault strikes, for messages: as written, else as the trace worked it out. */
export function dialled(seen: Sighting, context: SiteContext): string {
  const host = settled(context.site.env.get('DOCKER_HOST'));
  if (!inScript(seen, context) && host && host.text !== '') return show(host);
  return seen.trace.client?.endpoint ?? 'its daemon';
}

/** A fault that stands in a script is not mended in the variables. */
export function inScript({ fault: { place } }: Sighting, { site }: Pick<SiteContext, 'site'>): boolean {
  return site.scripts.some(
    ({ origin: { place: script } }) =>
      script.path === place.path &&
      script.block === place.block &&
      script.start <= place.start &&
      place.end <= script.end,
  );
}

/**
 * The reports of a rule that words one fault. `say` gets the sighting; ` on runner …` and the like are its to place.
 * `doubt` weakens it, for what the trace takes for certain and the rule does not.
 */
export function* worded(
  context: SiteContext,
  id: string,
  say: (seen: Sighting) => string,
  fixes?: (seen: Sighting, view: FixView) => readonly FixPlan[],
  doubt = false,
): Iterable<Report> {
  for (const seen of sightings(context, id)) {
    yield {
      at: seen.fault.place,
      message: say(seen),
      severity: doubt ? mild(seen).severity : seen.severity,
      confidence: doubt && seen.confidence === 'high' ? 'medium' : seen.confidence,
      related: seen.related,
      ...(fixes ? { fixes: (view: FixView) => fixes(seen, view) } : {}),
    };
  }
}

type Struck = Pick<Sighting, 'fault' | 'trace'>;

/** Certain faults of one id, one for each place. */
function struck(traces: readonly Trace[], id: string): readonly Struck[] {
  const found = new Map<string, Struck>();
  for (const trace of traces) {
    // What is wrong with a container beside this one is said of that.
    const fault = trace.faults.find(one => one.id === id && one.certain && !one.neighbours);
    const key = fault && placeKey(fault.place);
    if (fault && key !== undefined && !found.has(key)) found.set(key, { fault, trace });
  }
  return [...found.values()];
}

function describe({ fault, trace }: Struck, weighed: Weight): Sighting {
  const weight = fault.on ? { ...weighed, onRunner: ` on ${EXECUTORS[fault.on]}` } : weighed;
  const related = fault.related.flatMap(step =>
    step.place ? [{ message: step.message, place: step.place }] : [],
  );
  const { ifCopy } = trace;
  // Names come from the path of an image, whatever is in it.
  if (ifCopy === undefined || fault.id === 'service-alias-missing-registry-prefix')
    return { ...weight, fault, trace, ifCopy: '', related };
  return {
    fault,
    trace,
    severity: mild(weight).severity,
    confidence: weight.confidence === 'high' ? 'medium' : weight.confidence,
    onRunner: weight.onRunner,
    ifCopy: ` (if ${ifCopy} is the official image)`,
    related,
  };
}
