/** What only GitHub Actions says of a job: what starts it, what its token may, and which actions it uses. */
import type { ScriptText } from './build-site.js';
import type { Known, Place } from './known.js';

export interface WorkflowJob {
  /** By the name of the event. Unknown for a job that other files call. */
  readonly events: Known<ReadonlyMap<string, WorkflowEvent>>;
  /** What `permissions:` of the job, else of the workflow, leaves to the token; absent where nobody says. */
  readonly permissions: Known<Permissions>;
  readonly steps: readonly WorkflowStep[];
  /** Its `if:`, and those of the jobs that call it. */
  readonly conditions: readonly string[];
  /** It waits for the rules of an environment, which may ask somebody. */
  readonly guarded: boolean;
}

export interface WorkflowEvent {
  readonly place: Place;
  /** The kinds of the event that count; missing where nothing limits them. */
  readonly types?: readonly string[];
}

export interface Permissions {
  /** `read-all` and `write-all` say the same of every scope. */
  readonly all?: 'read' | 'write';
  readonly scopes: ReadonlyMap<string, Permission>;
  /** The map that further scopes can be written into; missing where none is written. */
  readonly map?: Place;
}

export interface Permission {
  readonly level: string;
  readonly place: Place;
}

export interface WorkflowStep {
  readonly id: string | undefined;
  /** Its `run:` or `uses:`. */
  readonly place: Place;
  readonly condition: string | undefined;
  readonly uses: ActionUse | undefined;
  /** `with:`, by names in lower case. */
  readonly inputs: ReadonlyMap<string, ActionInput>;
  /** The `with:` that further inputs can be written into. */
  readonly inputsMap: Place | undefined;
  /** Its own script, or the commands that its action is known to run. */
  readonly script: ScriptText | undefined;
}

/** `owner/repository/path@ref`, the name in lower case; `ref` is as written. */
export interface ActionUse {
  readonly action: string;
  readonly ref: string;
  readonly place: Place;
}

export interface ActionInput {
  /** As written, expressions and all. */
  readonly text: string;
  readonly place: Place;
}
