/** Tells which build strategy a site follows, from its trace and the tools that it runs. */
import type { Trace } from '../trace/types.js';
import type { StrategyHead } from './define.js';
import { strategies } from './index.js';

/** `undefined` where the trace leaves it open. Names of jobs and comments are never looked at. */
export function recogniseStrategy(trace: Trace): StrategyHead | undefined {
  return strategies.find(strategy => strategy.recognises(trace));
}
