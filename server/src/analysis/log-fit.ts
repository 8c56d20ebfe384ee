/** Holds the jobs of a project against a log: which of them it may be of. */
import type { LogEvidence, LogSite } from './log-evidence.js';
import { firstLine, type LogHints } from './log-hints.js';

/** The jobs that the log may be of. */
export interface Fit {
  readonly sites: readonly LogSite[];
  /** The log repeats commands of theirs, or names the job. */
  readonly proven: boolean;
}

/** All jobs where the log says nothing of its own; none where it says that it is of another project. */
export function fitSites({ sites }: LogEvidence, hints: LogHints): Fit {
  const named = sites.filter(({ name }) => name === hints.job);
  if (named.length > 0) return { sites: named, proven: true };
  const scored = sites
    .filter(site => goesWith(site, hints))
    .map(site => ({ site, score: score(site, hints) }))
    .filter(
      ({ site, score }) =>
        score > 0 || hints.commands.length === 0 || !site.whole || site.commands.length === 0,
    );
  const best = Math.max(0, ...scored.map(one => one.score));
  return { sites: scored.filter(one => one.score === best).map(({ site }) => site), proven: best > 0 };
}

/** The command of the job that the log repeats last before a place in it. */
export function commandBefore(
  site: LogSite,
  hints: LogHints,
  at: number,
): LogSite['commands'][number] | undefined {
  const before = hints.commands.filter(command => command.at < at).map(({ text }) => text);
  for (const text of before.reverse()) {
    const command = site.commands.find(one => firstLine(one.text) === text);
    if (command) return command;
  }
  return undefined;
}

function goesWith(site: LogSite, { image, services }: LogHints): boolean {
  if (image !== undefined && site.image?.test(image) === false) return false;
  return services === undefined || (site.services ?? []).every(one => services.some(name => one.test(name)));
}

/** How many of the log's commands are the job's. */
function score(site: LogSite, hints: LogHints): number {
  const own = new Set(site.commands.map(({ text }) => firstLine(text)));
  return new Set(hints.commands.filter(({ text }) => own.has(text)).map(({ text }) => text)).size;
}
