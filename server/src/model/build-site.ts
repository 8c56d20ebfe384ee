/** The build view: what a file says about the places where container builds run, in terms of no format. */
import type { ShellCommand } from '../syntax/shell.js';
import type { Container } from './container.js';
import type { Related } from './finding.js';
import type { ImageRef } from './image-ref.js';
import type { Known, Origin, Place, Sourced } from './known.js';
import type { Text } from './text.js';
import type { WorkflowJob } from './workflow.js';

export type { Container, PublishedPort, Wait } from './container.js';

/** Formats of files about builds, in the order of lists. */
export const FORMATS = [
  'gitlab-ci',
  'gitlab-runner',
  'helm-values',
  'github-actions',
  'compose',
  'kubernetes',
  'jenkinsfile',
  'shell',
  'dockerfile',
] as const;

/** All that a file may be taken for. */
export const DIALECT_IDS = [...FORMATS, 'drydock-config'] as const;

export type DialectId = (typeof DIALECT_IDS)[number];

/** GitLab: `image:` of a job; GitHub Actions: `container:`. */
export interface ImageUse {
  readonly ref: ImageRef;
  /** Where the reference is written; for one that is nothing but a variable, where that is set. */
  readonly origin: Origin;
  /** It is written there in one piece, so that it can be replaced as a whole. */
  readonly whole: boolean;
  readonly entrypoint: Known<readonly string[]>;
}

/**
 * A container that runs beside the site. GitLab and GitHub Actions: an entry of `services:`; a runner:
 * `[[runners.docker.services]]`; Compose: another service.
 */
export interface Service {
  readonly ref: ImageRef;
  readonly origin: Origin;
  /** The reference is written there in one piece. */
  readonly whole: boolean;
  /** Names given by hand, already split. */
  readonly aliases: Known<readonly string[]>;
  readonly entrypoint: Known<readonly string[]>;
  readonly command: Known<readonly string[]>;
  /** What it gets of variables: its own, and below them those of the site where the format hands them on. */
  readonly variables: Environment;
  /** Missing where a runner decides on that. */
  readonly container?: Container;
}

/** Variables by name. */
export interface Environment {
  /** What the files say of the variable. Values come with variables inside them put in. */
  get(name: string): Known<Text>;
  /** Names that the files in view set. */
  names(): readonly string[];
}

/** A command of a script, with what is needed to find it in the file again. */
export interface Command {
  readonly shell: ShellCommand;
  readonly script: ScriptText;
  /** Another shell runs it, or none: it stands in a quoted word, or is the words that a container is told to run. */
  readonly nested: boolean;
  /** The quotes of that word. */
  readonly quote?: "'" | '"';
}

/** One entry of a script: the text that the shell gets, and where it stands. */
export interface ScriptText {
  readonly text: string;
  readonly origin: Origin;
  readonly part: 'before' | 'main' | 'after';
  /** It runs in a shell of its own, to which the variables that others made are lost. */
  readonly ownShell?: true;
  /** No shell reads it: its words are those of one program, and operators mean nothing. */
  readonly bare?: true;
  /** Variables that it alone gets, above those of the site. */
  readonly env?: Environment;
  /** Names of variables that it hands on to the texts behind it; `unknown` where they cannot be told. */
  readonly handsOn?: readonly string[] | 'unknown';
  /** `maybe`: it is run under a condition only. `tolerated`: its failure does not fail the site. */
  readonly runs?: 'maybe' | 'tolerated';
  /** Place of the range `start`–`end` of `text` in the file. */
  place(start: number, end: number): Place;
}

/** One of several ways in which a site runs. */
export interface SiteWay {
  /** A matrix runs all of them; of rules, one applies. */
  readonly by: 'matrix' | 'rules';
  /** What tells it from the others: `DOCKER_VERSION: 28`. */
  readonly label: string;
  readonly others: number;
}

/** A place where builds run: a job of GitLab or of GitHub Actions, a Compose service. */
export interface BuildSite {
  readonly dialect: DialectId;
  /** The file that names it. */
  readonly path: string;
  /** The file that it is run from, which may include that one. */
  readonly root: string;
  readonly name: string;
  /** What people call it where no name stands in the file: `the pipeline`. */
  readonly called?: string;
  /** The key that names the site. */
  readonly place: Place;
  /** Where the file that it is run from takes in the one that names it. */
  readonly includedAt?: Place;
  /** A template that runs only through those that extend it. */
  readonly hidden: boolean;
  /** It runs for every branch and tag: nothing in the files says for which. */
  readonly everyRef: boolean;
  /** Missing for a site that runs in one way only. */
  readonly way?: SiteWay;
  readonly image: Known<ImageUse>;
  readonly services: Known<readonly Service[]>;
  /** The site as the container that it is, where no runner makes that. It then has neighbours in place of services. */
  readonly self?: Service & { readonly container: Container };
  /** The other containers of its project, which live on their own. */
  readonly neighbours?: readonly (Service & { readonly container: Container })[];
  readonly env: Environment;
  readonly commands: readonly Command[];
  readonly scripts: readonly ScriptText[];
  /** What it asks of its runner. */
  readonly tags: Known<readonly Sourced<string>[]>;
  /** What its own file says of where it runs; missing where runners are looked for elsewhere. */
  readonly runsOn?: RunsOn;
  /** What only workflows of GitHub Actions say. */
  readonly workflow?: WorkflowJob;
  /** Keys of the file that names it which its tool no longer reads. */
  readonly obsoleteKeys?: readonly Sourced<string>[];
  /** Why parts of the site may be written where we cannot see, in words; empty when all is in view. */
  readonly gaps: readonly string[];
  /** Where values stand that parameters of a file put into the text at a place. */
  readonly givenAt?: (place: Place) => readonly Related[];
}

/** Where a site runs as far as its own file tells. */
export interface RunsOn {
  readonly paired: PairedRunner;
  /** The same where somebody declares that its labels are those of a hosted machine. */
  readonly ifHosted: PairedRunner;
}

/** A path that is put into the containers of a site. */
export interface Mount {
  /**
   * A path of the host, or the name of something that is none (`pvc:cache`, `volume:certs`). Absent for a volume of a
   * runner without a source: fresh, and shared by the containers of a job; `anonymous:…` is one that they share only by
   * taking each other's.
   */
  readonly source: string | undefined;
  readonly target: string;
  readonly mode: string;
  readonly origin: Origin;
  /** It comes with all the mounts of another container, where it is looked at. */
  readonly taken?: true;
}

export type Executor = 'docker' | 'kubernetes' | 'shell' | 'other';

/**
 * One `[[runners]]` entry, or a hosted runner. Image, privileges, runtime, mounts and services are those of the section
 * of its executor, `[runners.docker]` or `[runners.kubernetes]`.
 */
export interface Runner {
  readonly path: string;
  readonly name: string;
  /** The header of the entry. */
  readonly place: Place;
  readonly executor: Known<Executor>;
  readonly image: Known<ImageRef>;
  readonly privileged: Known<boolean>;
  readonly servicesPrivileged: Known<boolean>;
  readonly runtime: Known<string>;
  readonly mounts: Known<readonly Mount[]>;
  readonly services: Known<readonly Service[]>;
  readonly env: Environment;
  /** Shell text that runs in every job before its script. */
  readonly preScript: Known<string>;
  /**
   * The container that the job runs in, where its own file says how it is set up. A job on the host itself has the
   * root of the host mounted at its own.
   */
  readonly job?: Container;
  /** Whether the entrypoint of a job's image is run; missing where the executor decides. */
  readonly runsEntrypoint?: boolean;
  /** A job that runs on the host itself has services too, and reaches them by the ports that they publish there. */
  readonly servicesOnHost?: true;
  /** The version of the docker of its host, where that is known. */
  readonly engine?: string;
  /** The first key of that name, such as `docker.network_mode`, counted from `[[runners]]`; arrays of tables are `kubernetes.services[]`. */
  setting(path: string): Setting | undefined;
  /** Where a key of `[runners.docker]` goes that is not there yet. */
  readonly docker: Place | undefined;
}

/** A value of a runner's configuration. `text` is what the reader of TOML makes of it. */
export type SettingValue =
  | {
      readonly kind: 'string' | 'integer' | 'float' | 'boolean' | 'date';
      readonly text: string;
      /** Holds marks of a template language, so what it comes to is not known. */
      readonly templated: boolean;
    }
  | { readonly kind: 'array'; readonly items: readonly SettingItem[] }
  | { readonly kind: 'table' };

export interface SettingItem {
  readonly value: SettingValue;
  readonly place: Place;
}

/** A key of a runner's configuration as it is written. */
export interface Setting extends SettingItem {
  /** Tables around it: `''` is the top, `runners[]` is `[[runners]]`, `runners[].docker.services[]` and so on. */
  readonly section: string;
  /** As written; TOML keys count without regard to case where no exact match is there. */
  readonly key: string;
  readonly keyPlace: Place;
  /** Key and value. */
  readonly entry: Place;
  /** Which `[[runners]]` it stands in, from 0; `undefined` outside. */
  readonly runner: number | undefined;
}

/** A file of runners, key by key. */
export interface RunnerFile {
  readonly path: string;
  /** How `settings` are spelt: those of `helm-values` are the chart's own keys, below `values.runners`. */
  readonly dialect: DialectId;
  /** The format of the file that the text stands in, for a text inside of another file. */
  readonly host: DialectId | undefined;
  /** What that file says that runs jobs where the text does not. */
  readonly executor: string | undefined;
  /** Every key, in the order in which they are written. */
  readonly settings: readonly Setting[];
  readonly runners: readonly Runner[];
  /** Lines were left out that could not be read (a template), so a key that is not there may be there in the end. */
  readonly doubtful: boolean;
  /** Sets of GitHub's runners whose pods it describes. */
  readonly scaleSets?: readonly ScaleSet[];
}

/** GitHub's runners in pods that are made for one job each. */
export interface ScaleSet {
  readonly path: string;
  /** The label by which jobs ask for it; missing where the chart is told elsewhere. */
  readonly name: string | undefined;
  /** Changes whenever the file does. */
  readonly key: string;
  /** The container in which the steps of jobs run that have no container of their own; missing where the chart adds to the pod. */
  readonly runner: () => BuildSite | undefined;
}

/**
 * How a runner was found for a site; a lonely runner is only a likely one. `unseen` is not any runner in particular,
 * but what the site itself says of it.
 */
export type Pairing = 'declared' | 'only-one' | 'hosted' | 'candidate' | 'unseen';

export type Exposure = 'shared' | 'single-tenant' | 'ephemeral';

export interface PairedRunner {
  readonly runner: Runner;
  readonly how: Pairing;
  readonly exposure: Exposure | undefined;
}

/** A job that none of the declared runners takes, for all that is declared. */
export interface Unserved {
  /** The tags of the job; empty for one without, where no declared runner takes such jobs. */
  readonly tags: readonly Sourced<string>[];
  /** The tags that declared runners have. */
  readonly known: readonly string[];
}
