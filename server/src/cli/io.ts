/** What the command line needs from the process around it, so that a test can put its own in place. */
import { printable } from './cells.js';

export interface Sink {
  write(text: string | Uint8Array): void;
}

export interface CliIo {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** All of standard input. */
  readonly stdin: () => Promise<Uint8Array>;
  /** Absolute path of the current folder. */
  readonly cwd: string;
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number | undefined;
  /** Parsed JSON of `dist/data/NAME.json`. */
  readonly data: (name: string) => unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Wrong use, told in one line; the command ends with exit code 2. */
export class UsageError extends Error {}

export const exitCode = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;

/** A message on standard error, marked as ours. */
export function complain(io: CliIo, message: string): void {
  const lines = message.split('\n').map(printable);
  io.stderr.write(`drydock: ${lines.join('\n')}\n`);
}
