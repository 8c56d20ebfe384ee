/** What GitLab would hand to a runner for one job: every value with where it was written and how it came. */
import type { Origin, Place } from './known.js';

/** A text before variables are put in. */
export interface WrittenText {
  readonly text: string;
  readonly origin: Origin;
}

export interface EffectiveService {
  readonly name: WrittenText;
  readonly alias?: WrittenText;
  readonly command?: readonly WrittenText[];
  readonly entrypoint?: readonly WrittenText[];
  readonly variables: ReadonlyMap<string, EffectiveVariable>;
}

export interface EffectiveVariable extends WrittenText {
  /** Variables in it are left as they are: `expand: false`. */
  readonly raw: boolean;
}

/** Something that the files in view do not decide. */
export interface Hole {
  /** `image`, `services`, `variables.NAME` and so on. */
  readonly what: string;
  readonly why: string;
  /** The values that it may have, where they are known. */
  readonly alternatives?: readonly string[];
}

export interface EffectiveJob {
  readonly name: string;
  /** The key that names the job. */
  readonly place: Place;
  readonly image?: { readonly name: WrittenText; readonly entrypoint?: readonly WrittenText[] };
  readonly services: readonly EffectiveService[];
  readonly variables: ReadonlyMap<string, EffectiveVariable>;
  /** The rows of `parallel: matrix:` as written. */
  readonly matrix?: readonly ReadonlyMap<string, readonly string[]>[];
  readonly script: {
    readonly before: readonly WrittenText[];
    readonly main: readonly WrittenText[];
    readonly after: readonly WrittenText[];
  };
  readonly tags: readonly WrittenText[];
  readonly holes: readonly Hole[];
}
