/** The error texts that job logs are searched for, as the product loads them: `dist/data/log-signatures.json`. */

/**
 * An error text. In it `*` stands for any stretch of a line, `{host}` for a name without dots, any other `{name}` for a
 * stretch without blanks and quotes.
 */
export interface LogSignature {
  readonly text: string;
  /** Other programs print it too: it counts only where the log shows that containers are built. */
  readonly generic?: boolean;
  /** Ids of the failure catalogue, in order of likelihood. */
  readonly failures: readonly string[];
}

/** A failure that no rule words. */
export interface LogFailure {
  readonly id: string;
  readonly formats: readonly string[];
  readonly title: string;
  readonly fix: string;
}

export interface LogTable {
  readonly date: string;
  /** Of texts that overlap in a log the first one counts. */
  readonly signatures: readonly LogSignature[];
  readonly failures: readonly LogFailure[];
}
