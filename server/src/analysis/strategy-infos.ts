/** What is known about each strategy, for help, docs, hovers and plans. */
import type { StrategyFacts, StrategyId } from '../strategies/define.js';
import { strategies } from '../strategies/index.js';
import type { PlatformId } from '../strategies/platforms.js';
import type { Recipe } from '../strategies/recipe.js';

/** A strategy as data: the json of `dist/data/strategies.json` is a list of these. */
export interface StrategyInfo extends Omit<StrategyFacts, 'cells'> {
  readonly id: StrategyId;
  readonly title: string;
  /** Its recipe for each platform, or why there is none. */
  readonly cells: Readonly<Record<PlatformId, Recipe | string>>;
}

/** Every strategy, in the order of pages and tables. `data` is needed in the bundles, which do not hold the facts. */
export function strategyInfos(data?: unknown): readonly StrategyInfo[] {
  if (data !== undefined) return data as readonly StrategyInfo[];
  return strategies
    .filter(strategy => 'cells' in strategy)
    .map(({ recognises, cells, ...rest }) => ({
      ...rest,
      cells: Object.fromEntries(
        Object.entries(cells).map(([platform, cell]) => [platform, typeof cell === 'string' ? cell : cell()]),
      ) as StrategyInfo['cells'],
    }));
}

/** The platforms that a strategy has a recipe for, in the order of tables. */
export function platformsOf({ cells }: StrategyInfo): readonly PlatformId[] {
  return (Object.keys(cells) as PlatformId[]).filter(platform => typeof cells[platform] !== 'string');
}
