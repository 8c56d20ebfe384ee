/** Gathers findings from all over a project: merged, levelled, ignored where people said so, and placed in files. */
import type { BuildSite } from '../model/build-site.js';
import type { Finding, Related, Severity } from '../model/finding.js';
import { type Place, placeKey } from '../model/known.js';
import { nounOf, titleOf } from '../model/site-words.js';
import type { Tree } from '../syntax/tree.js';
import type { DrydockConfig } from './config.js';
import { hostPlace } from './embedded.js';
import { type CommentIgnore, commentIgnores, covers, holds } from './ignores.js';

/** A finding with offsets from the start of its file. */
export interface Placed {
  readonly finding: Finding;
  readonly start: number;
  readonly end: number;
}

const MAX_RELATED = 20;

/**
 * What stands in a checkout of another project is shown where this one takes it in: at the job, else at the include.
 * Files of others are not ours to change.
 */
export function withinProject(finding: Finding, site: BuildSite): Finding {
  const { place } = finding;
  if (!isOutside(place)) return finding;
  const at = [site.place, site.includedAt].find(one => one && !isOutside(one));
  if (!at) return finding;
  const written = { place, message: 'It is written here, in another project.' };
  return { ...finding, place: at, related: [written, ...finding.related], fixes: () => [] };
}

function isOutside({ path }: Place): boolean {
  return path.startsWith('../');
}

/**
 * One fact is one finding: the same rule at the same place, however many jobs it comes up in. What is worst is said, and
 * counted in the jobs in which it is as bad.
 */
export function mergeFindings(
  findings: Iterable<{ finding: Finding; foundAt?: BuildSite }>,
): readonly Finding[] {
  const merged = new Map<string, Merged>();
  for (const { finding, foundAt } of findings) {
    const key = `${finding.rule} ${placeKey(finding.place)}`;
    const known = merged.get(key);
    const worse = known ? RANK[finding.severity] - RANK[known.finding.severity] : 1;
    if (!known || worse > 0) {
      const noun = foundAt ? nounOf(foundAt) : 'job';
      merged.set(key, { finding, others: [], sites: new Set([finding.site ?? '']), count: 0, noun });
      continue;
    }
    if (worse < 0 || (finding.site === undefined ? foundAt : known.sites.has(finding.site))) continue;
    known.sites.add(finding.site ?? '');
    known.count += 1;
    if (foundAt && known.others.length < MAX_RELATED) {
      known.others.push({ place: foundAt.place, message: `${titleOf(foundAt)} has it too.` });
    }
  }
  return [...merged.values()].map(({ finding, others, count, noun }) =>
    count === 0
      ? finding
      : {
          ...finding,
          message: withOthers(finding.message, count, noun),
          related: [...finding.related, ...others],
        },
  );
}

interface Merged {
  readonly finding: Finding;
  readonly others: Related[];
  readonly sites: Set<string>;
  count: number;
  readonly noun: string;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

function withOthers(message: string, count: number, noun: string): string {
  return message.replace(/\.?$/, ` (and in ${count} more ${count === 1 ? noun : `${noun}s`}).`);
}

/** Applies the levels of `.drydock.yml`. Only what is certain may be an error. */
export function withLevels(findings: readonly Finding[], config: DrydockConfig): readonly Finding[] {
  return findings.flatMap(finding => {
    const level = config.rules.get(finding.rule);
    if (level === 'off') return [];
    const severity = level ?? finding.severity;
    const capped = severity === 'error' && finding.confidence !== 'high' ? 'warning' : severity;
    return [capped === finding.severity ? finding : { ...finding, severity: capped }];
  });
}

/** The place of a finding in the current text; `undefined` when its block is gone. */
export function locate(
  place: Place,
  trees: (path: string) => Tree | undefined,
): { start: number; end: number } | undefined {
  const host = hostPlace(place);
  const start = trees(host.path)?.startOf(host.block);
  return start === undefined ? undefined : { start: start + host.start, end: start + host.end };
}

/** What ignoring needs of one file. */
export interface IgnoreContext {
  readonly path: string;
  readonly text: string;
  readonly config: DrydockConfig;
  readonly today: string;
  /** Whether an offset of the file lies in a quoted value. */
  readonly isText: (offset: number) => boolean;
  /** Comments begin with two slashes, too. */
  readonly slashes: boolean;
  /** Entries of the configuration that hid something; added to. */
  readonly used: Set<Place>;
}

export interface Kept {
  readonly kept: readonly Placed[];
  /** Comments that hid nothing, or lack their reason. */
  readonly unused: readonly CommentIgnore[];
  readonly unreasoned: readonly CommentIgnore[];
}

/** Takes out the findings of one file that a comment or the configuration ignores. */
export function applyIgnores(findings: readonly Placed[], context: IgnoreContext): Kept {
  const comments = commentIgnores(context.text, context.isText, context.slashes);
  const usedComments = new Set<CommentIgnore>();
  const lineOf = lineCounter(context.text);
  const kept = findings.filter(({ finding, start }) => {
    const line = comments.length > 0 || context.config.ignores.length > 0 ? lineOf(start) : 0;
    const comment = comments.find(
      one => one.rule === finding.rule && one.lines.includes(line) && holds(one, context.today),
    );
    if (comment) usedComments.add(comment);
    const located = {
      rule: finding.rule,
      path: context.path,
      line,
      ...(finding.site ? { site: finding.site } : {}),
    };
    const entry = context.config.ignores.find(one => covers(one, located) && holds(one, context.today));
    if (entry) context.used.add(entry.place);
    return comment === undefined && entry === undefined;
  });
  return {
    kept,
    unused: comments.filter(one => one.reason !== undefined && !usedComments.has(one)),
    unreasoned: comments.filter(one => one.reason === undefined),
  };
}

function lineCounter(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return offset => {
    if (!starts) {
      starts = [0];
      for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    }
    const next = starts.findIndex(start => start > offset);
    return (next < 0 ? starts.length : next) - 1;
  };
}
