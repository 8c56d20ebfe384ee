/** What planning with somebody who is asked takes and gives. */
import type { TextEdit } from '../syntax/patch.js';
import type { Tree } from '../syntax/tree.js';
import type { JobRow, Project } from './api.js';
import type { Choice } from './decide.js';
import type { FileState } from './file-state.js';
import type { View } from './shown.js';
import type { StrategyInfo } from './strategy-infos.js';

/** A project as planning needs it. */
export interface Planning {
  readonly view: View;
  readonly files: ReadonlyMap<string, FileState>;
  readonly jobs: () => readonly JobRow[];
  /** The tree of `.drydock.yml`, where there is one. */
  readonly config: Tree | undefined;
  readonly strategies: readonly StrategyInfo[];
  /** Makes an empty project that reports as much. */
  readonly fresh: () => Project;
}

export interface PlanRequest {
  /** Ids of options of the questions. */
  readonly answers: readonly string[];
  /** The strategy whose change is asked for: one of the ranking. */
  readonly strategy?: string | undefined;
  /** The document in the editor; `path` is of no meaning where it is not a file of the project. */
  readonly document?: PlanDocument | undefined;
  /** Texts of further files by path: those of `plannedPaths` that are there. */
  readonly found?: ReadonlyMap<string, string> | undefined;
}

export interface PlanDocument {
  readonly path: string;
  readonly text: string;
  /** It was never saved, so that its name says nothing. */
  readonly unnamed?: true | undefined;
}

export interface QuestionOption {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
}

export interface Question {
  readonly id: 'platform' | 'privilege' | 'exposure' | 'jobs';
  readonly title: string;
  /** Several options may be chosen, or none; the answer is `none` then. */
  readonly many: boolean;
  readonly none?: string;
  readonly options: readonly QuestionOption[];
  /** What the project answers by itself, and where. */
  readonly told?: { readonly answers: readonly string[]; readonly because: string };
}

export interface PlanAnswer {
  readonly questions: readonly Question[];
  /** The best first, once each question has an answer. */
  readonly ranking?: readonly Choice[];
  /** Once a strategy is asked for. */
  readonly change?: PlannedChange;
  /** Why there is no ranking, or no change. */
  readonly refused?: string;
}

export interface PlannedChange {
  /** The pipeline first. */
  readonly files: readonly FileChange[];
  /** Sentences on what the strategy needs, and on what is left as it is. */
  readonly notes: readonly string[];
}

/** A file that comes, or grows. */
export interface FileChange {
  readonly path: string;
  readonly part: 'pipeline' | 'runner';
  /** The text as it is; `undefined` for a file that is not there. */
  readonly before: string | undefined;
  readonly after: string;
  readonly edit: TextEdit;
  /** The new text of the edit as a snippet, its places being tab stops. */
  readonly snippet?: string;
}
