/** What every file format gives to the product: it recognises, reads, lowers and writes. */
import type {
  BuildSite,
  DialectId,
  Environment,
  Runner,
  RunnerFile,
  ScriptText,
} from '../model/build-site.js';
import type { EffectiveJob } from '../model/effective.js';
import type { FixPlan, Related } from '../model/finding.js';
import type { Intent, Written } from '../model/intent.js';
import type { Place } from '../model/known.js';
import type { ScalarNode, SyntaxProblem, Tree } from '../syntax/tree.js';

/**
 * A file that another one refers to: one that it takes in, one of which it uses a part, or a text with variables.
 * `target` is a path or pattern from the root of the project that holds the file.
 */
export interface Link {
  readonly kind: 'include' | 'part' | 'variables';
  readonly target: string;
  /** The target is a path from the folder of the file. */
  readonly relative?: true;
  /** The other project that it lies in. */
  readonly project?: string;
}

/** Something wrong with files as such, for which no pipeline is made of them; `id` is one of our own rules. */
export interface Problem {
  readonly id:
    | 'include-missing'
    | 'include-cycle'
    | 'include-invalid'
    | 'input-missing'
    | 'input-unknown'
    | 'input-invalid'
    | 'extends-cycle'
    | 'extends-unknown'
    | 'reference-unknown'
    | 'default-twice'
    | 'services-nested'
    | 'words-not-list'
    | 'script-not-text'
    | 'script-missing'
    | 'services-not-list'
    | 'tags-not-list'
    | 'image-invalid'
    | 'variables-invalid'
    | 'date-unquoted';
  readonly place: Place;
  readonly message: string;
  /** The path that leads nowhere. */
  readonly target?: string;
  /** It is one only where the file is not included by others, which may bring what is missing. */
  readonly alone?: true;
  readonly related?: readonly Related[];
  readonly fixes?: readonly FixPlan[];
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
  /** For a text that stands inside of the file `path`. */
  readonly host?: EmbeddedHost;
  /**
   * The files that a link of the file `from` leads to, sorted by path: none when there is none, `undefined` when that
   * cannot be told. Missing where only this one file is looked at.
   */
  readonly follow?: (link: Link, from: string) => readonly LinkedFile[] | undefined;
  /**
   * Whether the project has a file, whatever it is, or one that a pattern of `*` and `**` stands for; `undefined` when
   * that cannot be told. Missing where only this one file is looked at.
   */
  readonly exists?: (path: string) => boolean | undefined;
}

/** A text of another format that a file holds in one of its values: TOML in Helm values, both in Terraform. */
export interface Embedded {
  readonly dialect: DialectId;
  /** The value that is the text. */
  readonly node: ScalarNode;
  readonly host: EmbeddedHost;
}

/** What the file around an embedded text says of it. */
export interface EmbeddedHost {
  readonly dialect: DialectId;
  /** What runs jobs where the text does not say. */
  readonly executor?: string;
  /** The name of a runner that has none. */
  readonly name?: string;
  /** Its language fills in parts of the text, so what looks wrong may be right in the end. */
  readonly filledIn?: boolean;
  /** What it runs in the containers of a pod. */
  readonly use?: PodUse;
}

/** What a file runs in the containers of a pod that stands in it, beside what the pod says: steps of a pipeline. */
export interface PodUse {
  /** Names all that it is made of. */
  readonly key: string;
  /** By the name of the container. */
  readonly scripts: ReadonlyMap<string, readonly ScriptText[]>;
  /** Variables that those scripts find, which win over those of the container. */
  readonly env: Environment;
}

export interface LinkedFile {
  readonly path: string;
  readonly tree: Tree;
}

/** A site that is worked out only when it is asked for, so that it can be kept while its inputs do not change. */
export interface SiteSource {
  readonly name: string;
  /** Equal keys mean equal sites: together they name every piece of text that the site is made of. */
  readonly key: string;
  /** The part of the key that all sites of the file have in common. */
  readonly shared: string;
  /**
   * One site, or several where it runs in several ways (`parallel:matrix`) or may run in one of several (`rules`).
   * None for a job that builds nothing itself, such as one that triggers another pipeline.
   */
  lower(): readonly BuildSite[];
}

export interface Lowered {
  readonly sites: readonly SiteSource[];
  readonly runners: readonly Runner[];
  readonly problems?: readonly Problem[];
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
  /** `path` is that of the file, from the root of the project. */
  links(tree: Tree, path: string): readonly Link[];
  lower(unit: Unit): Lowered;
  /** Whether a file says something by itself, although another one takes it in. */
  startsByItself?(file: { readonly path: string; readonly tree: Tree | undefined }): boolean;
  /** The texts of other formats that the file holds. */
  embedded?(tree: Tree, path: string): readonly Embedded[];
  /** What of a file is read, in Markdown, for formats of which only a part is. */
  about?(tree: Tree): string;
  /** Jobs as they go to a runner, for formats that put them together from parts. */
  jobs?(unit: Unit): readonly EffectiveJob[];
  write(intents: readonly Intent[], unit: Unit): Written;
  /** The text is a template from which such a file is made, so that what cannot be read in it is no mistake. */
  isTemplate?(text: string): boolean;
  /** Problems of the text that nobody else reports: editors have other extensions for YAML. */
  syntaxErrors(unit: Unit): readonly SyntaxProblem[];
}
