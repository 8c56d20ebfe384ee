/** Decides which build strategy fits what is asked for: a table of orders, and reasons that rule strategies out. */
import type { Exposure } from '../model/build-site.js';
import type { StrategyId } from '../strategies/define.js';
import type { PlatformId } from '../strategies/platforms.js';
import type { Demands } from '../strategies/recipe.js';
import type { StrategyInfo } from './strategy-infos.js';

/** What has to be known to choose. */
export interface Answers {
  readonly platform: PlatformId;
  /** Whether the runner may run privileged containers. */
  readonly privileged: boolean;
  /** Who may run jobs there. */
  readonly exposure: Exposure;
  /** Jobs start containers: `docker run`, Compose, Testcontainers. */
  readonly run: boolean;
  /** Images are for several architectures. */
  readonly multiArch: boolean;
}

/** One strategy in a ranking. */
export interface Choice {
  readonly id: StrategyId;
  readonly title: string;
  /** A sentence for it, and one against it. */
  readonly pro: string;
  readonly con: string;
  /** Why it cannot be taken; such choices come last. */
  readonly excluded?: string;
}

/** Best first, by what jobs need; every strategy stands in each. */
const ORDERS: Readonly<Record<'build' | 'multiArch' | 'run', readonly StrategyId[]>> = {
  // BuildKit is what Dockerfiles are written for; after it what asks least of the runner.
  build: [
    'hosted',
    'buildkit-rootless',
    'kaniko',
    'buildah',
    'podman',
    'buildx-remote',
    'sysbox',
    'dind-tls',
    'dind-socket',
    'dind-rootless',
    'dood',
    'dind-plain',
    'socket-proxy',
  ],
  // What needs no setting up first, then native nodes, then what needs emulators on the host.
  multiArch: [
    'hosted',
    'buildkit-rootless',
    'buildx-remote',
    'buildah',
    'podman',
    'sysbox',
    'dind-tls',
    'dind-socket',
    'dind-rootless',
    'dind-plain',
    'kaniko',
    'dood',
    'socket-proxy',
  ],
  // Where privilege is allowed, what every runner can do comes before what must be installed on its machine.
  run: [
    'hosted',
    'dind-tls',
    'dind-socket',
    'sysbox',
    'dind-rootless',
    'dood',
    'dind-plain',
    'buildkit-rootless',
    'buildx-remote',
    'buildah',
    'podman',
    'kaniko',
    'socket-proxy',
  ],
};

/** What a strategy demands on a platform. */
export function demandsOn({ demands, cells }: StrategyInfo, platform: PlatformId): Demands {
  const cell = cells[platform];
  return typeof cell === 'string' ? demands : { ...demands, ...cell.demands };
}

/** Gives the reason why a strategy cannot be taken, if it is one. */
type Reason = (strategy: Pick<StrategyInfo, 'cells' | 'demands'>, answers: Answers) => string | undefined;

/** The first that holds is told. */
const REASONS: readonly Reason[] = [
  (strategy, { platform }) => {
    const cell = strategy.cells[platform];
    return typeof cell === 'string' ? cell : undefined;
  },
  ({ demands }, { run }) =>
    run && !demands.runsContainers ? 'It builds only, and jobs need to start containers.' : undefined,
  ({ demands }, { multiArch }) =>
    multiArch && !demands.multiPlatform ? 'It builds for the architecture of its machine alone.' : undefined,
  ({ demands }, { privileged }) =>
    demands.privileged && !privileged
      ? 'Its service is privileged, which the runner may not allow.'
      : undefined,
  ({ demands }, { privileged }) =>
    demands.hostDaemon && !privileged
      ? 'It makes every job root on the host, which is more than privileged containers are.'
      : undefined,
  ({ demands }, { exposure }) =>
    exposure === 'shared' && (demands.privileged || demands.hostDaemon)
      ? 'Anyone who may run a job could take over the machine that others use.'
      : undefined,
];

/** Every strategy, the best first, those that cannot be taken last. At least one can. */
export function rank(answers: Answers, strategies: readonly StrategyInfo[]): readonly Choice[] {
  const order = ORDERS[answers.run ? 'run' : answers.multiArch ? 'multiArch' : 'build'];
  const choices = strategies
    .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    .map(strategy => choiceOf(strategy, answers));
  return [...choices.filter(one => !one.excluded), ...choices.filter(one => one.excluded)];
}

function choiceOf(strategy: StrategyInfo, answers: Answers): Choice {
  const { id, title, pro, con, cells } = strategy;
  const here = { cells, demands: demandsOn(strategy, answers.platform) };
  const excluded = REASONS.map(reason => reason(here, answers)).find(text => text !== undefined);
  return { id, title, pro, con, ...(excluded === undefined ? {} : { excluded }) };
}

/** Who may run jobs where nobody says: those whom the strategy is fit for. */
export function usualExposure({ demands }: StrategyInfo): Exposure {
  return demands.privileged || demands.hostDaemon ? 'single-tenant' : 'shared';
}
