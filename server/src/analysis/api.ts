/** What the two edges, language server and command line, get from the core: plain data with offsets. */
import type { DialectId } from '../model/build-site.js';
import type { EffectiveJob } from '../model/effective.js';
import type { Confidence, Profile, Safety, Severity } from '../model/finding.js';
import type { FileEdit } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { RuleMeta, RuleProse } from '../rules/define.js';
import type { LogEvidence } from './log-evidence.js';
import type { Planning } from './plan-api.js';

/** A stretch of a file: UTF-16 offsets from its start, half-open. Paths are relative to the project's root, with `/`. */
export interface Range {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface ReportedFinding extends Range {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly related: readonly (Range & { readonly message: string })[];
  /** Worked out when asked for. A fix that cannot be written is left out. */
  fixes(): readonly ReportedFix[];
}

export interface ReportedFix {
  readonly title: string;
  readonly safety: Safety;
  readonly preferred: boolean;
  /** Edits by file; those of one file do not overlap. */
  readonly edits: readonly FileEdit[];
}

export interface CheckedFile {
  readonly path: string;
  readonly dialect: DialectId;
  /** Sorted by range, then rule. */
  readonly findings: readonly ReportedFinding[];
  /** Why the file was not analysed: too large, binary. */
  readonly skipped?: string;
  /** Where the text cannot be read as YAML, from offset `at` on; what it touches is not judged. Editors tell it by other means. */
  readonly broken?: { readonly at: number; readonly message: string };
}

export interface Hover extends Range {
  readonly markdown: string;
}

/** One row of `drydock trace`; the shape is the one of its json output, with offsets for ranges. */
export interface TraceRow {
  readonly path: string;
  /** The files that the site is run from, with the same outcome; not part of the json output. */
  readonly roots: readonly string[];
  readonly dialect: DialectId;
  readonly site: string;
  readonly range: Range;
  readonly from: 'job' | 'script';
  /** The first docker command that the row is about, for people; not part of the json output. */
  readonly command?: Range;
  readonly strategy: string | null;
  readonly client: {
    readonly endpoint: string | null;
    readonly tls: 'verify' | 'unverified' | 'none' | 'unknown';
    readonly certPath: string | null;
  } | null;
  readonly daemon: {
    readonly kind: string;
    readonly image: string | null;
    readonly listens: readonly { readonly endpoint: string; readonly tls: string }[];
  };
  readonly runner: { readonly path: string; readonly name: string; readonly how: string } | null;
  readonly verdict: 'reaches' | 'fails' | 'no-daemon-needed' | 'cannot-tell';
  readonly failure?: string;
  /** All that in one line, for people; not part of the json output. */
  readonly summary: string;
  readonly assumptions: readonly string[];
  readonly because: readonly { readonly message: string; readonly range?: Range }[];
  /** What goes wrong whatever becomes of the daemon; in the json output the last of `because`. Empty where the site fails. */
  readonly errors: readonly { readonly rule: string; readonly message: string; readonly range?: Range }[];
  /** What is not known and decides, for people; not part of the json output. */
  readonly missing: readonly string[];
}

/** A job as it goes to a runner; offsets of its values come with `locate`. */
export interface JobRow {
  /** The file that names the job, and the one that it is run from. */
  readonly path: string;
  readonly root: string;
  readonly range: Range;
  readonly job: EffectiveJob;
  readonly locate: (place: Place) => Range | undefined;
}

/** A line of an effective job as YAML, without its comment. */
export interface JobLine {
  readonly text: string;
  readonly from?: JobSource;
  /** What the files leave open; the line holds nothing else. */
  readonly hole?: string;
}

/** Where a value of a job comes from. */
export interface JobSource {
  /** `extends .docker`; empty for what the job itself says. */
  readonly how: string;
  readonly path: string;
  /** Missing where the text is no longer at hand. */
  readonly range: Range | undefined;
}

/** What sites use and whether it works, each in one line; the range is the name of the site. */
export interface SiteLine extends Range {
  readonly texts: readonly string[];
}

/** What a file is taken for, and what may be chosen instead. */
export interface FileStatus {
  readonly dialect: DialectId | undefined;
  /** A few words: `GitLab CI · build-vm`. */
  readonly label: string;
  /** Markdown. */
  readonly explanation: string;
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
}

/** Kind of the editor's colour theme. */
export type Theme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** How hovers and documents are shown. */
export interface Showing {
  /** A Markdown link to a place, where the editor can follow one; `label`, in Markdown, is the name of the place when missing. */
  readonly link?: ((range: Range, label?: string) => string) | undefined;
  /** The address of the page of a strategy. */
  readonly page?: ((strategy: string) => string) | undefined;
  /** Pictures are drawn for it; missing where none can be shown. */
  readonly theme?: Theme | undefined;
}

/** What a job log says, in its order; the shape is the one of `drydock log`, with offsets for ranges. */
export interface LogReport {
  readonly matches: readonly LogMatchRow[];
  /** So many lines at the start of a very long log were not looked at. */
  readonly unreadLines: number;
}

export interface LogMatchRow {
  /** From 0, of the log. */
  readonly line: number;
  /** The words that matched, without secrets. */
  readonly text: string;
  /** How often the log says the same; not part of the json output. */
  readonly times: number;
  /** The likeliest first. */
  readonly causes: readonly LogCause[];
}

export interface LogCause {
  /** An id of the failure catalogue. */
  readonly failure: string;
  readonly title: string;
  readonly confidence: Confidence;
  /** The job that the log is of, or may be of. */
  readonly site?: string;
  /** Where the cause stands, or where the job stopped, in the project of that number. */
  readonly range?: Range;
  readonly project?: number;
  /** What is wrong there, for people; not part of the json output. */
  readonly message?: string;
  readonly fix: string;
  /** Worth its words; of the others the ids are enough. Not part of the json output. */
  readonly told: boolean;
  /** Whether there is a rule of that id, with a page. */
  readonly isRule: boolean;
}

export interface ConversionRequest {
  /** The file that names the job. */
  readonly path: string;
  readonly job: string;
  /** The strategy that it is to follow: one of `conversionTargets`. */
  readonly to: string;
}

/** A job, and the strategies that it may be asked to follow instead; whether it can shows when it is converted. */
export interface OfferedConversions {
  readonly job: string;
  readonly to: readonly { readonly id: string; readonly title: string }[];
}

/** What a conversion came to: the new texts of files, or why the job stays as it is. */
export type Conversion =
  | {
      readonly edits: readonly FileEdit[];
      /** The files that change, as they are afterwards. */
      readonly texts: ReadonlyMap<string, string>;
      /** Sentences on what the job does in another way from now on, and what its runner has to allow. */
      readonly notes: readonly string[];
    }
  | {
      /** One or two sentences. */
      readonly refused: string;
      /** What in the files it is about. */
      readonly at?: Range;
      /** No file has a job of that name. */
      readonly unknown?: true;
    };

export interface ProjectOptions {
  /** Wins over the profile of `.drydock.yml`; `default` when neither says. */
  readonly profile?: Profile;
  /** Dialects given by hand (`--as`), by path; they win over recognition. */
  readonly associations?: ReadonlyMap<string, DialectId>;
  /** ISO date of today, for ignores that expire. */
  readonly today: string;
  /** Parsed JSON of `dist/data/NAME.json`, read on first use; hovers are shorter without it. */
  readonly data?: (
    name: 'variables' | 'runner-keys' | 'rule-texts' | 'log-signatures' | 'strategies',
  ) => unknown;
  /** Whether a file that is included and not given is known not to be there. */
  readonly absent?: (path: string) => boolean;
  /** Gets one line for each thing that went wrong inside, such as a rule that threw. */
  readonly log?: (message: string) => void;
}

/** The files of one project, and what is to be said about them. All methods are synchronous and never throw on user text. */
export interface Project {
  setOptions(options: ProjectOptions): void;
  /** Gives or replaces the text of a file; `undefined` takes the file away. */
  setFile(path: string, text: string | undefined): void;
  has(path: string): boolean;
  text(path: string): string | undefined;
  /**
   * Paths of files that are included and not loaded, and patterns of such paths (`isPattern`); a file there may be
   * missing. Those that begin with `../` lie in checkouts that the configuration names.
   */
  wanted(): readonly string[];
  /** What a file is taken for; `undefined` when it is none of ours. */
  dialectOf(path: string): DialectId | undefined;
  /** Results for every file of ours in the project, sorted by path; kept until a file or an option changes. */
  check(): readonly CheckedFile[];
  trace(): readonly TraceRow[];
  /** The jobs of all pipelines as they go to a runner, without the secrets that stand in them. */
  jobs(): readonly JobRow[];
  /** Converts a job; the files of the project stay as they are. */
  convert(request: ConversionRequest): Conversion;
  /** The strategies that the job around an offset can be asked to be converted to, best first. */
  conversions(path: string, offset: number): OfferedConversions | undefined;
  hover(path: string, offset: number, showing?: Showing): Hover | undefined;
  /** The job that is written at an offset of a file. */
  jobAt(path: string, offset: number): JobRow | undefined;
  /** What the sites that a file names use, and whether that works, in a line each. */
  lines(path: string): readonly SiteLine[];
  /** The document of all jobs as Markdown: which daemon each of them reaches, with pictures. */
  overview(showing: Showing): string;
  /** What a file is taken for, also one that is none of ours, and which runners it is paired with. */
  status(path: string): FileStatus;
  /** What a choice of `status` writes into the configuration, which may have to be made; or why it cannot. */
  choose(path: string, choice: string): FileEdit | { readonly refused: string };
  /** What `answerPlan` needs of the project. */
  planning(): Planning;
  /** What job logs are held against. */
  logEvidence(): LogEvidence;
  /** Edits of all safe fixes of one document that touch that document alone, without overlaps. */
  fixAll(path: string): FileEdit;
}

/** Metadata of a rule, for `drydock rules`, `explain`, hovers and docs. */
export type RuleInfo = RuleMeta & RuleProse;
