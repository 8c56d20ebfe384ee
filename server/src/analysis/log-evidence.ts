/** Gathers what a project says about its jobs that a job log can be held against. */
import type { Severity } from '../model/finding.js';
import { type Place, settled } from '../model/known.js';
import { HOLE, type Text } from '../model/text.js';
import type { CheckedFile, Range, ReportedFinding } from './api.js';
import type { CheckedSite } from './run-rules.js';

/** The job fails of it, whatever is not known; it is there; or the files do not rule it out. */
export type Strength = 'fails' | 'found' | 'possible';

/** Something in a file that may be the cause of a failure. */
export interface LogSuspect {
  readonly failure: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  readonly range: Range;
  readonly strength: Strength;
  /** The title of the fix that the editor offers there; worked out when asked for. */
  readonly fix: () => string | undefined;
}

/** A job as a log shows it. Texts with parts that are not known are expressions. */
export interface LogSite {
  readonly name: string;
  readonly range: Range;
  /** `undefined` where it is not known, or not the files that say. */
  readonly image: RegExp | undefined;
  readonly services: readonly RegExp[] | undefined;
  /** The commands as a log repeats them. */
  readonly commands: readonly { readonly text: string; readonly range: Range }[];
  /** All commands are in view. */
  readonly whole: boolean;
  /** What its docker clients dial; `undefined` where that is not known of one of them. */
  readonly endpoints: readonly string[] | undefined;
  readonly suspects: readonly LogSuspect[];
}

export interface LogEvidence {
  readonly sites: readonly LogSite[];
  /** What is found in files of no job. */
  readonly others: readonly LogSuspect[];
}

type Locate = (place: Place) => Range | undefined;

/** `files` are what `check` reports, whose fixes are told. */
export function gatherEvidence(
  sites: readonly CheckedSite[],
  files: readonly CheckedFile[],
  locate: Locate,
): LogEvidence {
  const reported = new Map(
    files.flatMap(file => file.findings.map(one => [keyOf(one.rule, one), one] as const)),
  );
  const all = sites.map(site => ({ site: siteOf(site, reported, locate), hidden: site.site.hidden }));
  const ofSites = new Set(all.flatMap(({ site }) => site.suspects.map(one => keyOf(one.failure, one.range))));
  return {
    sites: all.filter(({ hidden }) => !hidden).map(({ site }) => site),
    others: [...reported.values()].filter(one => !ofSites.has(keyOf(one.rule, one))).map(asSuspect),
  };
}

function siteOf(
  checked: CheckedSite,
  reported: ReadonlyMap<string, ReportedFinding>,
  locate: Locate,
): LogSite {
  const { site, traces } = checked;
  const here = locate(site.place) ?? { path: site.path, start: 0, end: 0 };
  const image = settled(site.image);
  const endpoints = traces.flatMap(({ client }) => (client ? [client.endpoint] : []));
  return {
    name: site.name,
    range: here,
    image: image && pattern(image.ref.text),
    services: settled(site.services)?.map(({ ref }) => pattern(ref.text)),
    commands: site.scripts.map(({ text, place }) => ({ text, range: locate(place(0, text.length)) ?? here })),
    whole: site.gaps.length === 0,
    endpoints: endpoints.every(one => one !== undefined) ? endpoints : undefined,
    suspects: [...findingsOf(checked, reported, locate), ...faultsOf(checked, reported, locate)],
  };
}

function findingsOf(
  { findings }: CheckedSite,
  reported: ReadonlyMap<string, ReportedFinding>,
  locate: Locate,
): readonly LogSuspect[] {
  return findings.flatMap(({ rule, message, place, severity }) => {
    const range = locate(place);
    return range
      ? [
          {
            failure: rule,
            message,
            range,
            strength: ofFinding(severity),
            fix: () => fixAt(rule, range, reported),
          },
        ]
      : [];
  });
}

/** Also what the trace only holds for possible: the log is there to say that it came true. */
function faultsOf(
  { traces }: CheckedSite,
  reported: ReadonlyMap<string, ReportedFinding>,
  locate: Locate,
): readonly LogSuspect[] {
  return traces.flatMap(({ faults }) =>
    faults.flatMap(({ id, because, place, certain }) => {
      const range = locate(place);
      return range
        ? [
            {
              failure: id,
              message: because,
              range,
              strength: certain ? 'fails' : 'possible',
              fix: () => fixAt(id, range, reported),
            },
          ]
        : [];
    }),
  );
}

function asSuspect(finding: ReportedFinding): LogSuspect {
  const { rule, message, severity, path, start, end } = finding;
  const range = { path, start, end };
  return { failure: rule, message, range, strength: ofFinding(severity), fix: () => fixOf(finding) };
}

function ofFinding(severity: Severity): Strength {
  return severity === 'error' ? 'fails' : 'found';
}

function fixAt(
  rule: string,
  range: Range,
  reported: ReadonlyMap<string, ReportedFinding>,
): string | undefined {
  const finding = reported.get(keyOf(rule, range));
  return finding && fixOf(finding);
}

function fixOf(finding: ReportedFinding): string | undefined {
  const fixes = finding.fixes();
  return (fixes.find(({ preferred }) => preferred) ?? fixes[0])?.title;
}

function keyOf(rule: string, { path, start, end }: Range): string {
  return `${rule} ${path}:${start}-${end}`;
}

function pattern({ text }: Text): RegExp {
  const parts = text.split(HOLE).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
