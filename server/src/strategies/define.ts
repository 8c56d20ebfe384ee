/** What a build strategy is: how it is recognised in a trace, and what is known about it. */
import type { Trace } from '../trace/types.js';
import type { PlatformId } from './platforms.js';
import type { Demands, Recipe } from './recipe.js';

export type StrategyId =
  | 'dind-tls'
  | 'dind-plain'
  | 'dind-socket'
  | 'dind-rootless'
  | 'dood'
  | 'socket-proxy'
  | 'sysbox'
  | 'kaniko'
  | 'buildah'
  | 'podman'
  | 'buildkit-rootless'
  | 'buildx-remote'
  | 'hosted';

/** The part that traces need; the rest lies in `dist/data/strategies.json`. */
export interface StrategyHead {
  readonly id: StrategyId;
  readonly title: string;
  /** Whether a trace shows it. At most one strategy does; names of jobs and comments are never looked at. */
  readonly recognises: (trace: Trace) => boolean;
}

export type StrategyState = 'maintained' | 'best-effort' | 'deprecated';

/** Something that is known, and who says so. */
export interface Fact {
  readonly text: string;
  readonly source: string;
  /** ISO date of the source as it was read, or of what it tells of. */
  readonly date: string;
}

/** The cells of the tables that compare strategies, a few words each. */
export interface Traits {
  /** What the containers of the job are allowed beyond an ordinary container. */
  readonly privilege: string;
  /** What a job can take over if its author wants to. */
  readonly takeover: string;
  /** What keeps jobs apart. */
  readonly isolation: string;
  readonly cache: string;
  readonly speed: string;
  readonly platforms: string;
  /** `docker run`, Compose and Testcontainers. */
  readonly runs: string;
}

export interface StrategyFacts {
  readonly state: StrategyState;
  readonly what: string;
  readonly when: string;
  readonly whenNot: string;
  /** One sentence each, for the ranking. */
  readonly pro: string;
  readonly con: string;
  /** What has to be there before the recipe works. */
  readonly needs: readonly string[];
  readonly demands: Demands;
  readonly traits: Traits;
  /** Rules whose findings come with the strategy; each is found in one of its recipes at least. */
  readonly accepts: readonly string[];
  readonly facts: readonly Fact[];
  /** Who talks to whom, as the body of a Mermaid flowchart. */
  readonly topology: readonly string[];
  /** Its recipe for a platform, or the reason why there is none. */
  readonly cells: Readonly<Record<PlatformId, (() => Recipe) | string>>;
}

export type Strategy = StrategyHead & StrategyFacts;
