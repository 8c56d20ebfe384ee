/** The actions that Docker publishes for builds: their majors, and the Node.js that each was made for. */

/** ISO date of the table. Source: `runs.using` in the action.yml of every major tag of the repositories. */
export const DOCKER_ACTIONS_DATE = '2026-08-21';

interface DockerAction {
  /** The newest release that is known. */
  readonly newest: string;
  /** The first major for Node.js 24, which GitHub's runners run actions with since June 2026. */
  readonly current: number;
  /** The first major for Node.js 20; older ones were made for 16 or 12. */
  readonly node20: number;
}

const ACTIONS: Readonly<Record<string, DockerAction>> = {
  'docker/bake-action': { newest: '7.1.0', current: 7, node20: 4 },
  'docker/build-push-action': { newest: '7.3.0', current: 7, node20: 5 },
  'docker/login-action': { newest: '4.6.0', current: 4, node20: 3 },
  'docker/metadata-action': { newest: '6.2.0', current: 6, node20: 5 },
  'docker/setup-buildx-action': { newest: '4.3.0', current: 4, node20: 3 },
  'docker/setup-docker-action': { newest: '5.4.0', current: 5, node20: 2 },
  'docker/setup-qemu-action': { newest: '4.2.0', current: 4, node20: 3 },
};

/** A release that was made for an older Node.js; `instead` is the ref to write in its place. */
export interface OldAction {
  readonly node: 'Node.js 20' | 'Node.js 16 or older';
  readonly instead: string;
  /** Its inputs are not those of today. */
  readonly other: boolean;
}

const VERSION = /^v?(\d+)(\.\d+(?:\.\d+)?)?$/;

/** `undefined` for current releases, for branches and commits, and for actions of others. */
export function oldAction(action: string, ref: string): OldAction | undefined {
  const known = ACTIONS[action];
  const [, written, rest] = VERSION.exec(ref) ?? [];
  const major = Number(written);
  if (!known || written === undefined || major >= known.current) return undefined;
  return {
    node: major >= known.node20 ? 'Node.js 20' : 'Node.js 16 or older',
    instead: rest === undefined ? `v${known.current}` : `v${known.newest}`,
    other: major === 1 && action === 'docker/build-push-action',
  };
}

/**
 * Commits of releases, for recipes. Sources: the workflows of moby/buildkit and of Docker's actions, which pin each
 * other by commit with the release beside it, and the repositories that have the commit.
 */
const PINS = {
  'actions/checkout': ['3d3c42e5aac5ba805825da76410c181273ba90b1', '7.0.1'],
  'docker/build-push-action': ['53b7df96c91f9c12dcc8a07bcb9ccacbed38856a', '7.3.0'],
  'docker/login-action': ['dbcb813823bdd20940b903addbd779551569679f', '4.6.0'],
  'docker/metadata-action': ['dc802804100637a589fabce1cb79ff13a1411302', '6.2.0'],
  'docker/setup-buildx-action': ['37fe631027851001ddb9b187196cc803df7f5f0e', '4.3.0'],
} as const;

/** What stands behind `uses:`: the action at a commit, and its release in a comment. */
export function pinnedAction(action: keyof typeof PINS): string {
  const [commit, release] = PINS[action];
  return `${action}@${commit} # v${release}`;
}
