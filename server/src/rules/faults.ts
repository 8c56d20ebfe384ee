/** Turns a fault of the trace into what a rule may say about it: how sure, how severe, on which runner. */

import type { Confidence, Related, Severity } from '../model/finding.js';
import type { Way } from '../model/known.js';
import { daemonCommands } from '../trace/tools.js';
import type { Fault, Trace } from '../trace/types.js';
import type { SiteContext } from './define.js';

/** A fault that is sure enough to be reported. */
export interface Sighting {
  readonly fault: Fault;
  readonly trace: Trace;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** ` on runner "x", the only one here`, or empty when it strikes on any runner. */
  readonly onRunner: string;
  /** ` (if … is the official image)`, or empty. */
  readonly ifCopy: string;
  readonly related: readonly Related[];
}

/**
 * The fault `id`, if it strikes on every runner that the site may run on; without a runner, if it strikes on any.
 * A runner that was paired for being the only one makes it likely, not certain, so it is a warning then.
 */
export function sighting(context: SiteContext, id: string): Sighting | undefined {
  if (!dialsDocker(context)) return undefined;
  const sure = certain(context.blind, id);
  if (context.paired.length === 0) return sure && describe(context, sure, 'high', '');
  const found = context.paired.map(trace => certain([trace], id));
  const first = found[0];
  if (!first || found.some(one => one === undefined)) return undefined;
  if (sure) return describe(context, sure, 'high', '');
  const { runner } = first.trace;
  const lonely = runner?.how === 'only-one';
  const name = runner && context.runners.length === 1 ? ` on runner "${runner.runner.name}"` : '';
  return describe(
    context,
    first,
    lonely ? 'medium' : 'high',
    `${name}${lonely ? ', the only one here' : ''}`,
  );
}

/**
 * A job that calls docker, or that was given a daemon or an address of its own. One that only inherits both from
 * what holds for all jobs may have nothing to do with docker.
 */
function dialsDocker({ site, tools }: SiteContext): boolean {
  if (daemonCommands(tools).length > 0) return true;
  const shared = (way: Way): boolean => way === 'default' || way === 'global';
  const host = site.env.get('DOCKER_HOST');
  if (host.state === 'known' && !shared(host.origin.way)) return true;
  return site.services.state === 'known' && !shared(site.services.origin.way);
}

function certain(traces: readonly Trace[], id: string): { fault: Fault; trace: Trace } | undefined {
  for (const trace of traces) {
    const fault = trace.faults.find(one => one.id === id && one.certain);
    if (fault) return { fault, trace };
  }
  return undefined;
}

function describe(
  context: SiteContext,
  { fault, trace }: { fault: Fault; trace: Trace },
  confidence: Confidence,
  onRunner: string,
): Sighting {
  const related = fault.related.flatMap(step =>
    step.place ? [{ message: step.message, place: step.place }] : [],
  );
  const { ifCopy } = trace;
  const sure = ifCopy === undefined ? confidence : 'medium';
  const severity = sure === 'high' && !context.site.hidden ? 'error' : 'warning';
  const suffix = ifCopy === undefined ? '' : ` (if ${ifCopy} is the official image)`;
  return { fault, trace, severity, confidence: sure, onRunner, ifCopy: suffix, related };
}
