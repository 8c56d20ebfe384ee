/** What people tell in `.drydock.yml` about runners, rules and ignores. */
import type { OutsideVariables } from '../dialects/dialect.js';
import type { DialectId, Exposure } from '../model/build-site.js';
import type { Profile, Severity } from '../model/finding.js';
import type { Place } from '../model/known.js';

export interface DeclaredRunner {
  readonly place: Place;
  readonly name: string | undefined;
  /** Path of the runner's file, and the name of the entry in it. */
  readonly config: string | undefined;
  readonly entry: string | undefined;
  readonly hosted: string | undefined;
  /** `docker` for a machine that has it, where that is said. */
  readonly engine: string | undefined;
  /** Missing where nobody lists them. */
  readonly tags: readonly string[] | undefined;
  readonly untagged: boolean | undefined;
  readonly exposure: Exposure | undefined;
}

export interface ConfigIgnore {
  readonly place: Place;
  readonly rule: string;
  readonly path: string | undefined;
  readonly site: string | undefined;
  readonly reason: string | undefined;
  /** ISO date of the last day on which it holds. */
  readonly until: string | undefined;
}

export interface ConfigProblem {
  readonly place: Place;
  readonly message: string;
}

export interface DrydockConfig {
  readonly profile: Profile | undefined;
  readonly runners: readonly DeclaredRunner[];
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly place: Place }>;
  readonly files: readonly { readonly dialect: DialectId; readonly globs: readonly string[] }[];
  /** Folders with checkouts of other projects, from the root, by the name of the project. */
  readonly projects: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly ignores: readonly ConfigIgnore[];
  readonly problems: readonly ConfigProblem[];
  /** The file is not YAML throughout. */
  readonly broken: boolean;
}

export const NO_CONFIG: DrydockConfig = {
  profile: undefined,
  runners: [],
  variables: new Map(),
  files: [],
  projects: new Map(),
  rules: new Map(),
  ignores: [],
  problems: [],
  broken: false,
};

const NO_VARIABLES: OutsideVariables = { key: '', values: new Map() };

/** The variables that the configuration says are set outside of the files. */
export function outsideVariables(config: DrydockConfig): OutsideVariables {
  if (config.variables.size === 0) return NO_VARIABLES;
  return {
    key: JSON.stringify(
      [...config.variables].map(([name, { value, place }]) => [name, value, place.block.id, place.start]),
    ),
    values: config.variables,
  };
}
