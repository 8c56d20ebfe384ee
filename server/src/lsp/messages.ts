/** Messages and options beyond the Language Server Protocol, shared by the server and the VS Code client; see docs/lsp.md. */

/** A range of the Language Server Protocol. */
export interface MessageRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** What a client may say in `initializationOptions`; every part may be missing. */
export interface InitializationOptions {
  /** The client answers `drydock/readFile` and `drydock/findFiles` for schemes other than `file`. */
  readonly filePort?: boolean;
  /**
   * The client has the command `drydock.previewConversion` and asks for conversions by `drydock/convert`. Otherwise
   * code actions carry the edits themselves.
   */
  readonly conversionPreview?: boolean;
  /** Kind of the colour theme; hovers then hold pictures. A client that cannot show images in Markdown leaves it out. */
  readonly theme?: Theme;
  /** The client's command that a code lens runs, with the URI of the document and a position; none when missing. */
  readonly lensCommand?: string;
  /** Put in front of a rule's id in the `href` of a diagnostic; `drydock:/rules/` when missing. */
  readonly rulePageBase?: string;
  /** Put in front of a strategy's id in the links of hovers; without it the name of a strategy is no link. */
  readonly strategyPageBase?: string;
}

/** Settings under `drydock`, asked for by folder with `workspace/configuration`. */
export interface Settings {
  readonly enable: boolean;
  /** `default` leaves the choice to the project's `.drydock.yml`. */
  readonly profile: 'default' | 'strict' | 'pedantic';
  /** Whether a code lens above each job says what it uses and whether that works. */
  readonly codeLens: boolean;
}

export type Theme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** From 0, characters in UTF-16, as in the protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Notification from the client to the server: the colour theme is another one now. */
export const THEME_CHANGED = 'drydock/didChangeTheme';

export interface ThemeChangedParams {
  readonly theme: Theme;
}

/** Notification from the server to the client, without parameters: answers to the requests below may be others now. */
export const RESULTS_CHANGED = 'drydock/didChangeResults';

/** Request from the client to the server: the document of all jobs of the project that a file belongs to. */
export const ALL_JOBS = 'drydock/allJobs';

export interface AllJobsParams {
  /** An open document; the first project that holds files of ours when missing. */
  readonly uri?: string;
}

export interface AllJobsResult {
  /** Markdown; links to places are URIs with `#L` and the line, from 1. */
  readonly markdown: string;
}

/** Request from the client to the server: the effective job at a position of an open document; `null` where none is. */
export const EFFECTIVE_JOB = 'drydock/effectiveJob';

export interface EffectiveJobParams {
  readonly uri: string;
  readonly position: Position;
}

export interface EffectiveJobResult {
  readonly job: string;
  /** YAML with comments. */
  readonly text: string;
  /** The parts of comments that name a place, and where they lead. */
  readonly links: readonly { readonly start: Position; readonly end: Position; readonly target: string }[];
}

/** Request from the client to the server: what an open document is taken for, and what may be chosen instead. */
export const FILE_STATUS = 'drydock/fileStatus';

export interface FileStatusParams {
  readonly uri: string;
}

export interface FileStatusResult {
  /** Whether the document is one of ours. */
  readonly ours: boolean;
  /** A few words: `GitLab CI · build-vm`. */
  readonly label: string;
  /** Markdown. */
  readonly explanation: string;
  readonly choices: readonly { readonly id: string; readonly label: string; readonly detail: string }[];
}

/** Request from the client to the server: what a choice of `drydock/fileStatus` changes in `.drydock.yml`. */
export const CHOOSE = 'drydock/choose';

export interface ChooseParams {
  readonly uri: string;
  readonly choice: string;
}

/** `edit` is a `WorkspaceEdit` of the protocol. */
export type ChooseResult = { readonly config: string; readonly edit: object } | { readonly refused: string };

export const RULE_PAGE_BASE = 'drydock:/rules/';
export const STRATEGY_PAGE_BASE = 'drydock:/strategies/';

/** Request from the server to the client: the text of one file, for schemes that the server cannot read. */
export const READ_FILE = 'drydock/readFile';

export interface ReadFileParams {
  readonly uri: string;
  /** Files with more bytes need not be read. */
  readonly maxBytes: number;
}

export interface ReadFileResult {
  /** `null` for a file that is not there, cannot be read, or is too large. */
  readonly text: string | null;
}

/** Request from the server to the client: the files under a folder that match a glob. */
export const FIND_FILES = 'drydock/findFiles';

export interface FindFilesParams {
  /** URI of the folder. */
  readonly folder: string;
  /** A glob of the Language Server Protocol, from the folder. */
  readonly glob: string;
  /** Names of folders that are not searched. */
  readonly skip: readonly string[];
  /** At most so many files are wanted. */
  readonly max: number;
}

export interface FindFilesResult {
  readonly uris: readonly string[];
}

/** Request from the client to the server: what the known errors in a job log come from. */
export const EXPLAIN_LOG = 'drydock/explainLog';

export interface ExplainLogParams {
  /** The log, or a piece of it. */
  readonly text: string;
  /** The line of `source` that `text` begins at, from 0; 0 when missing. */
  readonly line?: number;
  /** URI of the document that the text was taken from, for links to its lines. */
  readonly source?: string;
}

export interface ExplainLogResult {
  /** In the order of the log. */
  readonly matches: readonly ExplainedError[];
  /** The same as a Markdown document. Places are linked by `URI#L1`, lines from 1, rules by `rulePageBase`. */
  readonly markdown: string;
}

export interface ExplainedError {
  /** From 0, in `source`. */
  readonly line: number;
  /** The words that matched, without secrets. */
  readonly text: string;
  /** The likeliest first. */
  readonly causes: readonly LikelyCause[];
}

export interface LikelyCause {
  /** An id of the failure catalogue; where a rule has it, that rule explains it. */
  readonly failure: string;
  readonly title: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** The job that the log is of, or may be of. */
  readonly site?: string;
  /** Where the cause stands. */
  readonly location?: { readonly uri: string; readonly range: MessageRange };
  readonly fix: string;
}

/** The command of code actions that convert a job, with a `ConvertParams` as its argument. */
export const PREVIEW_CONVERSION = 'drydock.previewConversion';

/** Request from the client to the server: what a job would be under another build strategy. Nothing is changed. */
export const CONVERT = 'drydock/convert';

export interface ConvertParams {
  /** The open document that names the job. */
  readonly uri: string;
  readonly job: string;
  /** Id of the strategy: `buildkit-rootless`, `buildah`, `kaniko`, `dind-tls`, `dood`. */
  readonly to: string;
}

export type ConvertResult =
  | {
      /** The files that change, the document first. */
      readonly files: readonly ConvertedFile[];
      /** What the job does in another way from then on, and what its runner has to allow, one sentence each. */
      readonly notes: readonly string[];
    }
  | {
      /** Why the job stays as it is. */
      readonly refused: string;
      /** The line that it is about, from 0. */
      readonly at?: { readonly uri: string; readonly line: number };
    };

export interface ConvertedFile {
  readonly uri: string;
  /** Version of the open document that the edits are for, `null` for a file that is not open. */
  readonly version: number | null;
  /** The whole new text. */
  readonly text: string;
  readonly edits: readonly { readonly range: MessageRange; readonly newText: string }[];
}

/** Request from the client to the server: which build strategy fits, and what its files change. Nothing is changed. */
export const PLAN = 'drydock/plan';

export interface PlanParams {
  /** The document in the editor. The pipeline goes into it where it is one of that kind, or holds nothing. */
  readonly uri?: string;
  /** Its text, for a document that the server was not told of. */
  readonly text?: string;
  /** The folder that new files are for; without it that of the document. */
  readonly folder?: string;
  /** Ids of the options that are chosen, of all questions. */
  readonly answers: readonly string[];
  /** Id of a strategy of the ranking, when its change is asked for. */
  readonly strategy?: string;
}

export interface PlanResult {
  /** All of them, in their order, whatever is answered. */
  readonly questions: readonly PlanQuestion[];
  /** The best first, those that are ruled out last; there once each question has an answer. */
  readonly ranking?: readonly RankedStrategy[];
  readonly change?: PlannedChange;
  /** Why there is no ranking, or no change. */
  readonly refused?: string;
}

export interface PlanQuestion {
  readonly id: string;
  readonly title: string;
  /** Several options may be chosen, or none, for which `none` is the answer. */
  readonly many: boolean;
  readonly none?: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly detail: string }[];
  /** What the workspace answers, and where it says so. Such an answer counts only if it is sent. */
  readonly told?: { readonly answers: readonly string[]; readonly because: string };
}

export interface RankedStrategy {
  readonly id: string;
  readonly title: string;
  /** A sentence for it, and one against it. */
  readonly pro: string;
  readonly con: string;
  /** Why it cannot be chosen. */
  readonly excluded?: string;
}

export interface PlannedChange {
  /** The pipeline first. */
  readonly files: readonly PlannedFile[];
  /** What the strategy needs, and what is left as it is, one sentence each. */
  readonly notes: readonly string[];
}

export interface PlannedFile {
  /** Missing for a new file where there is no folder for it. */
  readonly uri?: string;
  readonly path: string;
  readonly part: 'pipeline' | 'runner';
  /** The file is made; no other one is ever replaced. */
  readonly isNew: boolean;
  /** Version of the open document that the edit is for, `null` for a file that is not open. */
  readonly version: number | null;
  readonly languageId: string;
  /** The whole new text. */
  readonly text: string;
  readonly edit: { readonly range: MessageRange; readonly newText: string };
  /** The new text of the edit as a snippet of the protocol. */
  readonly snippet?: string;
}
