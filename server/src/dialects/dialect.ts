/** What every file format gives to the product: it recognises, reads, lowers and writes. */
import type { BuildSite, DialectId, Runner, RunnerFile } from '../model/build-site.js';
import type { Intent, Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { SyntaxProblem, Tree } from '../syntax/tree.js';

/** A file that another one refers to. `target` is a path or pattern as written, from the project's root. */
export interface Link {
  readonly kind: 'include';
  readonly target: string;
}

/** Variables that people set outside the files and have named in `.drydock.yml`; they win over those of a pipeline. */
export interface OutsideVariables {
  /** Changes whenever the values do. */
  readonly key: string;
  readonly values: ReadonlyMap<string, { readonly value: string; readonly place: Place }>;
}

/** A file read and taken for a dialect. */
export interface Unit {
  readonly variables: OutsideVariables;
  readonly path: string;
  readonly tree: Tree;
  /** The file that includes this one; its values may then be changed from there. */
  readonly includedBy?: string;
}

/** A site that is worked out only when it is asked for, so that it can be kept while its inputs do not change. */
export interface SiteSource {
  readonly name: string;
  /** Equal keys mean equal sites: it names every piece of text that the site is made of. */
  readonly key: string;
  /** `undefined` for a job that builds nothing itself, such as one that triggers another pipeline. */
  lower(): BuildSite | undefined;
}

export interface Lowered {
  readonly sites: readonly SiteSource[];
  readonly runners: readonly Runner[];
  /** The keys of a file of runners. */
  readonly runnerFile?: RunnerFile;
}

/** A file format. The intents of one fix are written together, for they may touch the same lines. */
export interface Dialect {
  readonly id: DialectId;
  /** Whether a file is of this format, by its path (relative, with `/`) and its text. */
  recognise(path: string, text: string): boolean;
  /** Reads a text; with the tree of an earlier version, what did not change is taken over. */
  read(text: string, previous?: Tree): Tree;
  links(tree: Tree): readonly Link[];
  lower(unit: Unit): Lowered;
  write(intents: readonly Intent[], unit: Unit): Written;
  /** Problems of the text that nobody else reports: editors have other extensions for YAML. */
  syntaxErrors(unit: Unit): readonly SyntaxProblem[];
}
