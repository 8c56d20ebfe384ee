/** Puts the likely causes of an error text in order, by what the project, the log and the catalogue say. */
import type { LogFailure } from '../catalog/log-signatures.js';
import type { Confidence } from '../model/finding.js';
import type { LogCause, RuleInfo } from './api.js';
import type { LogEvidence, LogSite, LogSuspect, Strength } from './log-evidence.js';
import { commandBefore, type Fit } from './log-fit.js';
import type { Executor, LogHints, Platform } from './log-hints.js';
import type { LogMatch } from './log-matches.js';

/** What causes are found in. */
export interface Inquiry {
  readonly hints: LogHints;
  readonly projects: readonly { readonly evidence: LogEvidence; readonly fit: Fit }[];
  readonly words: ReadonlyMap<string, FailureWords>;
}

/** What is said about a failure, wherever it comes from. */
interface FailureWords {
  readonly title: string;
  readonly fix: string;
  readonly formats: readonly string[];
  readonly isRule: boolean;
}

/** A failure with a place that may be its cause, as far as one is known. */
interface Candidate {
  readonly failure: string;
  readonly site?: LogSite;
  readonly suspect?: LogSuspect;
  /** The project of both, by its number. */
  readonly project?: number;
}

const WEIGHTS: Readonly<Record<Strength, number>> = { fails: 4, found: 3, possible: 1 };

const MAX_CAUSES = 20;
/** Without a place for any of them, so many are told in full. */
const MAX_TOLD = 3;

/** Formats of one platform alone. */
const FORMATS: Readonly<Record<string, Platform>> = { 'github-actions': 'github', jenkinsfile: 'jenkins' };

/** Failures that come up where GitLab Runner runs jobs in one way only. */
const ON_EXECUTOR: ReadonlyMap<string, Executor> = new Map([
  ['certs-volume-missing-k8s', 'kubernetes'],
  ['dind-no-readiness-wait-k8s', 'kubernetes'],
  ['k8s-docker-sock-hostpath', 'kubernetes'],
  ['mtu-not-set-k8s', 'kubernetes'],
  ['service-alias-underscore-k8s', 'kubernetes'],
  ['service-port-conflict-k8s', 'kubernetes'],
  ['certs-volume-missing', 'docker'],
  ['docker-host-localhost-docker-executor', 'docker'],
]);

/** The words of all failures: those of rules, else of the table. */
export function failureWords(
  rules: readonly RuleInfo[],
  failures: readonly LogFailure[],
): ReadonlyMap<string, FailureWords> {
  return new Map<string, FailureWords>([
    ...failures.map(one => [one.id, { ...one, isRule: false }] as const),
    ...rules.map(
      ({ id, title, remedy, dialects }) =>
        [id, { title, fix: remedy, formats: dialects, isRule: true }] as const,
    ),
  ]);
}

/**
 * The causes of one match, the likeliest first.
 * @param told failures that the log named before: what struck first is the cause of what follows
 */
export function causesOf(match: LogMatch, inquiry: Inquiry, told: ReadonlySet<string>): readonly LogCause[] {
  const { failures } = match.signature;
  const here = failures.filter(
    id => mayBe(inquiry.words.get(id), inquiry.hints.platform) && isOn(id, inquiry.hints.executor),
  );
  const ids = here.length > 0 ? here : failures;
  const possible = ids.flatMap(failure => candidatesFor(failure, match, inquiry));
  const near = possible.filter(
    ({ failure, suspect }) => suspect || !isFarFrom(inquiry.words.get(failure), inquiry.hints),
  );
  const candidates = near.length > 0 ? near : possible;
  const weight = ({ failure, suspect }: Candidate): number =>
    (suspect ? WEIGHTS[suspect.strength] : 0) +
    (told.has(failure) ? 2 : 0) +
    (isOf(inquiry.words.get(failure), inquiry.hints.platform) ? 1 : 0);
  const ranked = candidates
    .map(candidate => ({ candidate, weight: weight(candidate) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_CAUSES);
  const found = ranked.some(({ candidate }) => candidate.suspect);
  return ranked.map(({ candidate }, index) => {
    const sure = confidence(candidate, index, candidates, match, told);
    const seen = found || inquiry.words.get(candidate.failure)?.isRule;
    const shown = seen ? candidate : whereItStopped(candidate, match, inquiry);
    const isTold = candidate.suspect !== undefined || (!found && index < MAX_TOLD);
    return cause(shown, sure, isTold, inquiry);
  });
}

/** A failure of one platform does not come up in a log of another. */
function mayBe(words: FailureWords | undefined, platform: Platform | undefined): boolean {
  if (!words) return false;
  if (platform === undefined || words.formats.length === 0) return true;
  return words.formats.some(format => (FORMATS[format] ?? platform) === platform);
}

/** What the log says of the executor rules out what another one has to do with. */
function isOn(failure: string, executor: Executor | undefined): boolean {
  const needed = ON_EXECUTOR.get(failure);
  return executor === undefined || needed === undefined || needed === executor;
}

/** Jobs of GitLab have their daemons as services; those that start one with Compose have a file that shows it. */
function isFarFrom(words: FailureWords | undefined, { platform }: LogHints): boolean {
  return platform === 'gitlab' && words?.formats.every(format => format === 'compose') === true;
}

/** Whether a failure comes up on one platform only, which is the one of the log. */
function isOf(words: FailureWords | undefined, platform: Platform | undefined): boolean {
  return platform !== undefined && words?.formats.every(format => FORMATS[format] === platform) === true;
}

function candidatesFor(failure: string, match: LogMatch, inquiry: Inquiry): readonly Candidate[] {
  const suspected = inquiry.projects.flatMap(({ evidence, fit }, project) => {
    const sites = fit.sites.filter(site => dials(site, match.text));
    const inSites = sites.flatMap(site =>
      suspectsOf(site, failure).map(suspect => ({ failure, project, site, suspect })),
    );
    const others = evidence.others.filter(one => one.failure === failure);
    return [...inSites, ...others.map(suspect => ({ failure, project, suspect }))];
  });
  return suspected.length > 0 ? suspected : [{ failure }];
}

/** The strongest, one for each place; the words of a finding are better than those of a fault behind it. */
function suspectsOf(site: LogSite, failure: string): readonly LogSuspect[] {
  const places = new Map<string, LogSuspect>();
  for (const suspect of site.suspects.filter(one => one.failure === failure)) {
    const { path, start } = suspect.range;
    const key = `${path}:${start}`;
    const first = places.get(key) ?? suspect;
    const { strength } = WEIGHTS[suspect.strength] > WEIGHTS[first.strength] ? suspect : first;
    places.set(key, { ...first, strength });
  }
  const all = [...places.values()];
  const strongest = Math.max(...all.map(({ strength }) => WEIGHTS[strength]));
  return all.filter(({ strength }) => WEIGHTS[strength] === strongest);
}

/**
 * Where no file can show a cause, the command that the log repeats last is at least where the job died. Told only where
 * nothing better is known.
 */
function whereItStopped({ failure }: Candidate, match: LogMatch, { projects, hints }: Inquiry): Candidate {
  const proven = projects.flatMap(({ fit }, project) =>
    fit.proven ? fit.sites.map(site => ({ site, project })) : [],
  );
  const [only, ...more] = proven;
  const command = only && more.length === 0 ? commandBefore(only.site, hints, match.start) : undefined;
  if (!only || !command) return { failure };
  const message = `The log stops at this command of job "${only.site.name}".`;
  return {
    failure,
    ...only,
    suspect: { failure, message, range: command.range, strength: 'possible', fix: () => undefined },
  };
}

const ADDRESS = /\b(?:tcp|https?):\/\/([\w.-]+:\d+)|unix:\/\/([^\s;]+)/;

/** Whether a job may be the one that dialled the address that the message names. */
function dials({ endpoints }: LogSite, text: string): boolean {
  const [, tcp, unix] = ADDRESS.exec(text) ?? [];
  if (endpoints === undefined || endpoints.length === 0 || (tcp ?? unix) === undefined) return true;
  const wanted = tcp === undefined ? `unix://${unix}` : `tcp://${tcp}`;
  return endpoints.includes(wanted);
}

function confidence(
  { failure, suspect, site }: Candidate,
  index: number,
  all: readonly Candidate[],
  { signature: { failures, generic } }: LogMatch,
  told: ReadonlySet<string>,
): Confidence {
  if (suspect?.strength === 'fails') {
    const rivals = new Set(
      all.filter(one => one.suspect?.strength === 'fails' && one.failure === failure).map(one => one.site),
    );
    return rivals.size === 1 || site === undefined ? 'high' : 'medium';
  }
  if (suspect?.strength === 'found') return 'medium';
  if (failures.length === 1) return generic ? 'medium' : 'high';
  if (told.has(failure)) return 'medium';
  return index === 0 && !generic ? 'medium' : 'low';
}

function cause(
  { failure, project, site, suspect }: Candidate,
  sure: Confidence,
  told: boolean,
  { words }: Inquiry,
): LogCause {
  const { title = '', fix = '', isRule = false } = words.get(failure) ?? {};
  return {
    failure,
    title,
    confidence: sure,
    ...(site ? { site: site.name } : {}),
    ...(suspect && project !== undefined ? { project, range: suspect.range, message: suspect.message } : {}),
    fix: suspect?.fix() ?? fix,
    told,
    isRule,
  };
}
