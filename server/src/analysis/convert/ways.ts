/** Which strategies a job can be converted to; small, since every request for code actions asks. */
import type { DialectId } from '../../model/build-site.js';
import type { StrategyId } from '../../strategies/define.js';
import type { TraceRow } from '../api.js';

export type ConversionTarget = Extract<
  StrategyId,
  'buildkit-rootless' | 'buildah' | 'kaniko' | 'dind-tls' | 'dood' | 'socket-proxy'
>;

/** What people call each target, the best first. */
const TITLES: Readonly<Record<ConversionTarget, string>> = {
  'buildkit-rootless': 'rootless BuildKit',
  buildah: 'Buildah',
  kaniko: 'the maintained Kaniko',
  'dind-tls': 'Docker-in-Docker with TLS',
  dood: "the host's docker socket",
  'socket-proxy': 'a socket proxy',
};

export const TARGETS = Object.keys(TITLES) as readonly ConversionTarget[];

export function conversionTargets(): readonly string[] {
  return TARGETS;
}

/** The targets that a job may be converted to, by the rows of its trace. */
export function offeredTargets(
  rows: readonly TraceRow[],
): readonly { readonly id: ConversionTarget; readonly title: string }[] {
  const isOffered = (to: ConversionTarget): boolean =>
    rows.length > 0 && rows.every(row => isWay(strategyNow(row), to, row.dialect));
  return TARGETS.filter(isOffered).map(id => ({
    id,
    title: TITLES[id],
  }));
}

/** A job that dials the socket of the host is made for it, whether or not its runner has one. */
export function strategyNow({ strategy, client, daemon }: TraceRow): string | null {
  const isOpen = daemon.kind === 'unknown' || daemon.kind === 'none';
  const dialsSocket = client?.endpoint === 'unix:///var/run/docker.sock' && isOpen;
  return strategy ?? (dialsSocket ? 'dood' : null);
}

/** A job whose daemon cannot be told is like one that has one. */
export function isWay(from: string | null, to: ConversionTarget, dialect: DialectId = 'gitlab-ci'): boolean {
  if (dialect === 'compose') return from === 'dood' && to === 'socket-proxy';
  if (to === 'socket-proxy') return false;
  if (to === 'dind-tls') return from === 'dind-plain' || from === 'dood';
  if (to === 'dood') return from === 'dind-tls' || from === 'dind-plain';
  return from === null || from === 'dood' || from === 'kaniko' || from.startsWith('dind-');
}
