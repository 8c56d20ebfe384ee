/** Reads the variables of a job, with those that its runner puts below them. */
import type { Environment, PairedRunner } from '../model/build-site.js';
import { isLiteral } from '../model/text.js';
import type { Variable } from './shell-state.js';

/** The variables of a job with those of its runner below them. Source: gitlab-runner common/build.go, order of variables. */
export function withRunner(env: Environment, runner: PairedRunner | undefined): Environment {
  const below = runner?.runner.env;
  if (!below || below.names().length === 0) return env;
  return {
    get(name) {
      const own = env.get(name);
      return own.state === 'absent' ? below.get(name) : own;
    },
    names: () => [...new Set([...below.names(), ...env.names()])],
  };
}

/** Reads a variable; one that is unknown, or holds unknown parts, says why. */
export function readVariable(env: Environment, name: string): Variable {
  const found = env.get(name);
  if (found.state === 'absent') return { value: undefined, place: undefined };
  if (found.state === 'unknown') return { value: undefined, place: found.origin?.place, why: found.why };
  const { value, origin } = found;
  if (isLiteral(value)) return { value: value.text, place: origin.place };
  return { value: undefined, place: origin.place, why: `it holds ${value.holes.join(' and ')}` };
}
