/** How sure and how severe a finding is that hangs on a command of a script, or on the runner of its job. */

import type { Command, PairedRunner } from '../model/build-site.js';
import type { Confidence, Severity } from '../model/finding.js';
import { settled } from '../model/known.js';
import { failsTheJob, isCaught } from '../trace/script-way.js';
import type { SiteContext } from './define.js';

/** What a rule may say, and on which runner: ` on runner "x", the only one here`, or empty. */
export interface Surety {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly onRunner: string;
}

/**
 * The severity of a command that can only fail: an error where the job fails with it, a warning where it may not be
 * come to (in `if`, a function, `after_script`), nothing where the script sees to its failure (`|| true`).
 */
export function severityOf(command: Command): Severity | undefined {
  if (failsTheJob(command)) return 'error';
  return isCaught(command) ? undefined : 'warning';
}

/** The less severe of two. */
export function atMost(a: Severity, b: Severity): Severity {
  return RANK.indexOf(a) < RANK.indexOf(b) ? a : b;
}

const RANK: readonly Severity[] = ['info', 'warning', 'error'];

/**
 * For what goes wrong on runners of one kind. Certain if each runner that the job may run on is of that kind, likely
 * if it is so because there is only one, or if no runner is in view (`unseen` then says on which kind it strikes).
 * Undefined if one of them is of another kind.
 */
export function onRunners(
  { runners }: SiteContext,
  is: (paired: PairedRunner) => boolean,
  unseen: string,
): Surety | undefined {
  const [first] = runners;
  if (!first) return { severity: 'warning', confidence: 'medium', onRunner: unseen };
  if (!runners.every(is)) return undefined;
  const name = runners.length === 1 ? ` on runner "${first.runner.name}"` : '';
  if (first.how !== 'only-one') return { severity: 'error', confidence: 'high', onRunner: name };
  return { severity: 'warning', confidence: 'medium', onRunner: `${name}, the only one here` };
}

/** The runner puts jobs into containers of Docker, so that the image's entrypoint runs. */
export function runsDocker({ runner }: PairedRunner): boolean {
  return settled(runner.executor) === 'docker';
}

/** No runner in view runs jobs without containers, where the image counts for nothing. */
export function runsInImage({ runners }: SiteContext): boolean {
  return runners.every(({ runner }) => {
    const executor = settled(runner.executor);
    return executor !== 'shell' && executor !== 'other';
  });
}
