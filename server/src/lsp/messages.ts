/** Messages and options beyond the Language Server Protocol, shared by the server and the VS Code client; see docs/lsp.md. */

/** What a client may say in `initializationOptions`; every part may be missing. */
export interface InitializationOptions {
  /** The client answers `drydock/readFile` and `drydock/findFiles` for schemes other than `file`. */
  readonly filePort?: boolean;
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
}

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
  /** Where the cause stands; a range of the Language Server Protocol. */
  readonly location?: {
    readonly uri: string;
    readonly range: {
      readonly start: { readonly line: number; readonly character: number };
      readonly end: { readonly line: number; readonly character: number };
    };
  };
  readonly fix: string;
}
