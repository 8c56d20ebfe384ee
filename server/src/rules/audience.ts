/** Who runs jobs on a runner: what is declared of it, or what its configuration makes certain. */
import type { PairedRunner, Runner } from '../model/build-site.js';
import type { Severity } from '../model/finding.js';
import { scalarOf } from './runner-facts.js';

/** What that makes of what hands out privilege. */
export interface Audience {
  /** Declared, or by the configuration itself, nobody but those who may be root there anyway. */
  readonly trusted: boolean;
  readonly severity: Severity;
  /** For the end of a message. */
  readonly words: string;
}

export function audienceOf({ runner, exposure }: PairedRunner): Audience {
  if (exposure === 'shared') return { trusted: false, severity: 'error', words: '(declared shared)' };
  if (exposure) return { trusted: true, severity: 'info', words: `(declared ${exposure})` };
  return oneJobPerMachine(runner)
    ? { trusted: true, severity: 'info', words: '(each job gets a machine of its own)' }
    : { trusted: false, severity: 'warning', words: 'if others can run jobs here' };
}

/** Source: gitlab-runner docs/security: one job for each autoscaled machine. */
function oneJobPerMachine(runner: Runner): boolean {
  const capacity = scalarOf(runner, 'autoscaler.capacity_per_instance')?.text ?? '1';
  const uses = scalarOf(runner, 'autoscaler.max_use_count')?.text;
  return (uses === '1' && capacity === '1') || scalarOf(runner, 'machine.MaxBuilds')?.text === '1';
}
