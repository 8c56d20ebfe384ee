/** Jobs without a script, and keys at the top that are no jobs, for which GitLab makes no pipeline. */
import { onlyClosest } from '../../model/closest.js';
import type { Entry } from '../../syntax/tree.js';
import type { Problem } from '../dialect.js';
import { type GitlabConfig, GLOBAL_KEYS } from './config.js';
import { blankScript, isWithoutScript, noJobs } from './odd.js';
import { jobFields, sureJobs } from './refused.js';
import { isTainted } from './words.js';

/**
 * Where something out of view is included, it may bring what is missing, but not a script in place of an empty one.
 * Source: gitlabhq lib/gitlab/ci/config/entry/jobs.rb, each_unmatched_job, and entry/job.rb, `validates :script`.
 */
export function missingScripts(config: GitlabConfig): readonly Problem[] {
  const jobs = sureJobs(config).filter(name => !name.includes('$[['));
  const empty = jobs.flatMap(name => emptyScript(config, name));
  if (config.gaps.length > 0) return empty;
  return [
    ...empty,
    ...jobs.flatMap(name => noScript(config, name)),
    ...noJobs(config).flatMap(entry => {
      const { text } = entry.key;
      return problem(config, entry, `"${text}" at the top is neither a keyword nor a job`, hint(text));
    }),
  ];
}

function emptyScript(config: GitlabConfig, name: string): readonly Problem[] {
  const entry = blankScript(config.jobs.get(name) ?? []);
  const script = entry && jobFields(config, name)?.get('script');
  // What comes later in the order of files may have another one.
  if (script?.entry !== entry || script?.doubt !== undefined || !entry) return [];
  return problem(config, entry, `The script of job "${name}" is empty`);
}

function noScript(config: GitlabConfig, name: string): readonly Problem[] {
  const definitions = config.jobs.get(name) ?? [];
  const entry = definitions.at(-1)?.entry;
  if (!entry || !isWithoutScript(config, definitions)) return [];
  return problem(config, entry, `Job "${name}" has neither a script nor a trigger`, hint(name));
}

/** Keywords that are no longer any, or are none in what a pipeline is made of. */
const OTHERS: ReadonlySet<string> = new Set(['types', 'spec']);

function hint(name: string): string {
  const keywords = [...GLOBAL_KEYS].filter(key => !OTHERS.has(key) && name.length < key.length + 3);
  const meant = onlyClosest(name, keywords);
  return meant === undefined ? '.' : `; did you mean "${meant}"?`;
}

function problem(config: GitlabConfig, { key }: Entry, says: string, ending = '.'): readonly Problem[] {
  if (isTainted(config, key)) return [];
  const message = `${says}, so GitLab makes no pipeline${ending}`;
  return [{ id: 'script-missing', place: config.place(key), alone: true, message }];
}
