/** Puts together what goes wrong in the possible ways of a site: what strikes in all of them is certain. */
import type { Completion } from './completion.js';
import type { Played } from './play-all.js';
import type { FoundFault } from './run.js';
import type { Scene } from './scene.js';
import type { Outcome } from './simulate.js';
import type { Fault } from './types.js';

/** What executors are called in sentences. */
export const EXECUTORS: Readonly<Record<Completion['executor'], string>> = {
  docker: 'the Docker executor',
  kubernetes: 'the Kubernetes executor',
  shell: 'the shell executor',
};

/**
 * A fault is certain when every way has it; its words are those of the first way that does. `decided`: nothing is
 * missing without which nothing can be said.
 */
export function mergeFaults(outcomes: readonly Outcome[], scene: Scene, decided: boolean): readonly Fault[] {
  const merged = new Map<string, Fault>();
  for (const outcome of outcomes) {
    for (const { doubtful, of: _, ...fault } of outcome.faults) {
      if (merged.has(fault.id)) continue;
      const same = outcomes.map(other => other.faults.find(one => one.id === fault.id));
      const sure = decided || (fault.plainly === true && scene.servicesKnown) || fault.beforeScript === true;
      merged.set(fault.id, {
        ...fault,
        certain: !doubtful && sure && same.every(one => one !== undefined),
        fatal: same.every(one => one === undefined || one.fatal),
      });
    }
  }
  return [...merged.values()];
}

/**
 * Where no fault strikes in all ways and yet each executor has one of its own that stops the client, it is stopped in
 * any case: these are certain too, each on its executor. For what is decided but for the runner.
 */
export function withThoseOfExecutors(
  faults: readonly Fault[],
  played: readonly Played<Outcome>[],
): readonly Fault[] {
  if (faults.some(({ certain, fatal }) => certain && fatal)) return faults;
  const executors = new Set(played.flatMap(({ ways }) => ways.map(({ executor }) => executor)));
  const stops = new Map<string, Completion['executor']>();
  for (const executor of executors) {
    const id = stopOf(played.filter(({ ways }) => ways.some(way => way.executor === executor)));
    if (id === undefined) return faults;
    stops.set(id, executor);
  }
  return faults.map(fault => {
    const on = stops.get(fault.id);
    if (on === undefined) return fault;
    return { ...fault, certain: true, fatal: true, on, because: `On ${EXECUTORS[on]}: ${fault.because}` };
  });
}

/** The fault that stops the client in all of these ways. */
function stopOf(played: readonly Played<Outcome>[]): string | undefined {
  const [first, ...others] = played;
  const stops = (one: FoundFault): boolean => one.fatal && !one.doubtful;
  return first?.result.faults.find(
    fault =>
      stops(fault) &&
      others.every(({ result }) => result.faults.some(one => one.id === fault.id && stops(one))),
  )?.id;
}
