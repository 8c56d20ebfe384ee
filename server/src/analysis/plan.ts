/** Plans the files of a strategy on a platform, chosen by name or by what is needed. */
import type { Exposure } from '../model/build-site.js';
import { type FileOptions, type PlannedFile, recipeFiles } from '../strategies/files.js';
import { PLATFORMS, type Platform, type PlatformId } from '../strategies/platforms.js';
import { type Answers, type Choice, rank, usualExposure } from './decide.js';
import type { StrategyInfo } from './strategy-infos.js';

export function platforms(): readonly Platform[] {
  return PLATFORMS;
}

/** Words that say what is needed; those of one group exclude each other. */
const NEEDS = {
  jobs: ['build', 'run', 'multi-arch'],
  privilege: ['privileged', 'unprivileged'],
  exposure: ['shared', 'single-tenant', 'ephemeral'],
} as const;

export function needWords(): readonly string[] {
  return Object.values(NEEDS).flat();
}

/**
 * What is asked for, from the words of `needWords`. What is not said is taken to be the most careful: no privilege,
 * and anyone may run jobs.
 * @returns the two words that exclude each other, where there are such
 */
export function readNeeds(
  platform: PlatformId,
  words: readonly string[],
): Answers | { readonly conflict: readonly [string, string] } {
  for (const group of [NEEDS.privilege, NEEDS.exposure]) {
    const [first, second] = group.filter(word => words.includes(word));
    if (first !== undefined && second !== undefined) return { conflict: [first, second] };
  }
  return {
    platform,
    privileged: words.includes('privileged'),
    exposure: NEEDS.exposure.find(word => words.includes(word)) ?? 'shared',
    run: words.includes('run'),
    multiArch: words.includes('multi-arch'),
  };
}

/** The strategies for what is asked for, the best first. */
export function choose(answers: Answers, strategies: readonly StrategyInfo[]): readonly Choice[] {
  return rank(answers, strategies);
}

/**
 * The files of a strategy, or the reason why it has none there. Without `exposure` the runner is declared for those
 * whom the strategy is fit for; without `runner` the platform's usual runner file is made.
 */
export function planFiles(
  strategy: StrategyInfo,
  platform: Platform,
  options: Partial<FileOptions> = {},
): readonly PlannedFile[] | string {
  const cell = strategy.cells[platform.id];
  if (typeof cell === 'string') return cell;
  const exposure: Exposure = options.exposure ?? usualExposure(strategy);
  const runner = options.runner ?? platform.runners[0] ?? 'config';
  return recipeFiles(platform, cell, { ...options, runner, exposure });
}
