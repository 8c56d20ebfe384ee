/** Feature flags of a runner, wherever its configuration sets them. */
import type { Runner } from './build-site.js';
import { ABSENT, type Known, known, unknown } from './known.js';
import { isLiteral } from './text.js';

/**
 * What a runner's configuration says of a feature flag: `[runners.feature_flags]` wins, else `environment` counts.
 * Absent where it says nothing; a job's variables and the flag's default come after that.
 */
export function runnerFlag(runner: Runner, name: string): Known<boolean> {
  const setting = runner.setting(`feature_flags.${name}`);
  if (setting) {
    const { value, place, entry } = setting;
    const origin = { place, way: 'runner', entry } as const;
    if (value.kind !== 'boolean' || value.templated) return unknown(`${name} cannot be read`, origin);
    return known(value.text === 'true', origin);
  }
  const variable = runner.env.get(name);
  if (variable.state === 'absent') return ABSENT;
  if (variable.state === 'unknown' || !isLiteral(variable.value)) return unknown(`${name} cannot be read`);
  return known(/^(?:true|t|1)$/i.test(variable.value.text), variable.origin);
}
