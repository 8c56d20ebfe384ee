/** What it means for jobs that GitLab makes no pipeline of their files: they run nowhere, whatever else is right. */
import type { Problem } from '../dialects/dialect.js';
import { START_FILE } from '../dialects/gitlab-ci/index.js';
import type { EffectiveJob } from '../model/effective.js';
import type { Trace } from '../trace/types.js';
import type { DrydockConfig } from './config.js';
import type { CheckedSite } from './run-rules.js';

/**
 * The problems of the pipeline that starts with the file `path` which are certain. Local includes count from the root
 * of the repository, and other projects take files in where we cannot see; both are sure where GitLab's first file
 * lies. Files of others are not ours to judge.
 */
export function certainProblems(
  path: string,
  problems: readonly Problem[],
  absent: ((path: string) => boolean) | undefined,
): readonly Problem[] {
  const starts = path === START_FILE;
  return problems.filter(({ target, alone, place }) => {
    if (place.path.startsWith('..')) return false;
    return target === undefined ? starts || !alone : starts && absent?.(target) === true;
  });
}

/** The first of the problems that people have not turned off. */
export function refusalIn(problems: readonly Problem[], config: DrydockConfig): Problem | undefined {
  return problems.find(({ id }) => config.rules.get(id) !== 'off');
}

/** Sites of a pipeline that is not made: whether they would reach a daemon cannot be told. */
export function refuseSites(sites: readonly CheckedSite[], problem: Problem): readonly CheckedSite[] {
  const { message, place } = problem;
  const refused = ({ wantsRunner: _, ...trace }: Trace): Trace => ({
    ...trace,
    verdict: 'cannot-tell',
    because: [{ message, place }, ...trace.because],
    missing: ['whether it runs: no pipeline is made of these files', ...trace.missing],
  });
  return sites.map(site => ({
    ...site,
    traces: site.traces.map(trace => (trace.verdict === 'no-daemon-needed' ? trace : refused(trace))),
  }));
}

/** A job of a pipeline that is not made, with that as its first hole. */
export function refuseJob(job: EffectiveJob, { message }: Problem): EffectiveJob {
  return { ...job, holes: [{ what: 'pipeline', why: message }, ...job.holes] };
}
