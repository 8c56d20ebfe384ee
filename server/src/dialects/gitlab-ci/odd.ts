/** Whether a pipeline has anything that GitLab may refuse; cheap, for it is asked after every keystroke. */
import type { GitlabConfig } from './config.js';
import { parentsOf } from './extends.js';
import type { Part } from './includes.js';
import { isPlain } from './site-key.js';
import { writtenIn } from './written.js';

export function looksOdd(config: GitlabConfig): boolean {
  return oldDefaults(config).length > 0 || config.parts.some(hasOddNodes) || hasLostParents(config);
}

/** Source: gitlabhq lib/gitlab/ci/config/entry/default.rb, entries with `inherit: true`. */
const OLD_DEFAULTS = ['image', 'services', 'before_script', 'after_script', 'cache'];

/** The old keys at the top that stand beside `default:`, which may not set the same ones. */
export function oldDefaults({ globals }: GitlabConfig): readonly string[] {
  return globals.has('default') ? OLD_DEFAULTS.filter(key => globals.has(key)) : [];
}

function hasOddNodes(part: Part): boolean {
  if (!('source' in part)) return false;
  return part.source.tree.documents.some(({ blocks }) =>
    blocks.some(({ root }) => {
      const found = root && writtenIn(root);
      if (!found) return false;
      const { references, dates, nestedServices, oddWords, oddScript } = found;
      return references.length + dates.length > 0 || nestedServices || oddWords || oddScript;
    }),
  );
}

function hasLostParents(config: GitlabConfig): boolean {
  for (const name of config.jobs.keys()) {
    if (!isPlain(config, name) && parentsOf(config, name).some(({ text }) => !config.jobs.has(text)))
      return true;
  }
  return false;
}
