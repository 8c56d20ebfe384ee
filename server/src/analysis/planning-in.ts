/** Gives plans what they need of a project. */
import type { Tree } from '../syntax/tree.js';
import type { Project } from './api.js';
import type { Planning } from './plan-api.js';
import { jobRows, type Shown } from './shown.js';
import { strategyInfos } from './strategy-infos.js';

/** @param fresh makes an empty project with the same options */
export function planningIn(shown: Shown, config: Tree | undefined, fresh: () => Project): Planning {
  const { view, files, options } = shown;
  return {
    view,
    files,
    config,
    jobs: () => jobRows(shown),
    strategies: strategyInfos(options.data?.('strategies')),
    fresh() {
      const project = fresh();
      const profile = options.profile ?? view.config.profile;
      project.setOptions({ ...options, ...(profile ? { profile } : {}) });
      return project;
    },
  };
}
