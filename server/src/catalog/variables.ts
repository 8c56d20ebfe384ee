/** Shapes of the hover texts that lie in dist/data and are loaded on first use: variables and runner keys. */

import { keyIn } from './runner-sections.js';

/** What one environment variable does. */
export interface VariableDoc {
  readonly name: string;
  /** Which programs read it, as a phrase. */
  readonly who: string;
  /** Two to four sentences. */
  readonly text: string;
  readonly values?: readonly { readonly value: string; readonly means: string }[];
  readonly source: string;
}

/** dist/data/variables.json. */
export interface VariableTable {
  /** ISO date on which the texts were last looked over. */
  readonly date: string;
  readonly variables: readonly VariableDoc[];
}

/** What one key of config.toml does. */
export interface RunnerKeyDoc {
  /** Accepted TOML type in words: `string[]`, `integer`, `table<string,string>`. */
  readonly type: string;
  readonly default?: string;
  /** Why, or what to use instead; present only for deprecated keys. */
  readonly deprecated?: string;
  readonly description: string;
}

/** A name that people write, but the runner does not read. */
export interface DeadRunnerKey {
  readonly section: string;
  readonly key: string;
  /** The key that does it now, in the same section or in that of `movedTo`. */
  readonly replacedBy?: string;
  readonly movedTo?: string;
  /** Why it means nothing: the end of a sentence that starts with the key. */
  readonly note: string;
}

/** dist/data/runner-keys.json. */
export interface RunnerKeyTable {
  readonly source: string;
  readonly date: string;
  /** Section path (`''` is the top, `runners[]`, `runners[].docker`, `runners[].docker.services[]`) to its keys. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, RunnerKeyDoc>>>>;
  readonly deadKeys: readonly DeadRunnerKey[];
  /** Feature flag to its default. */
  readonly featureFlags: Readonly<Record<string, boolean>>;
}

/** The text on a variable, by its exact name; undefined when there is none. */
export function findVariable(table: VariableTable, name: string): VariableDoc | undefined {
  return table.variables.find(variable => variable.name === name);
}

/**
 * The text on a key of config.toml. As in the runner, an exact name wins and else the case does not count.
 * Undefined when the section or the key is unknown.
 */
export function findRunnerKey(table: RunnerKeyTable, section: string, key: string): RunnerKeyDoc | undefined {
  return keyIn(table, section, key)?.doc;
}
