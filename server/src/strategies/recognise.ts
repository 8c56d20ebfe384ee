/** Tells which build strategy a site follows, from its trace and the tools that it runs. */
import { findBuilderImage } from '../catalog/builder-images.js';
import { settled } from '../model/known.js';
import { toolsOf } from '../trace/tools.js';
import type { Trace } from '../trace/types.js';

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

/** `undefined` where the trace leaves it open. Names of jobs and comments are never looked at. */
export function recogniseStrategy(trace: Trace): StrategyId | undefined {
  const { client, daemon, runner } = trace;
  if (!client) return daemonless(trace);
  if (daemon.kind === 'host-socket') return 'dood';
  if (daemon.kind === 'socket-proxy') return 'socket-proxy';
  if (daemon.kind === 'dind-rootless') return 'dind-rootless';
  if (daemon.kind !== 'dind') return undefined;
  if (runner && /sysbox/.test(settled(runner.runner.runtime) ?? '')) return 'sysbox';
  if (client.endpoint?.startsWith('unix:')) return 'dind-socket';
  const tcp = daemon.listens.find(({ endpoint }) => endpoint.startsWith('tcp:'));
  return tcp && (tcp.tls === 'none' ? 'dind-plain' : 'dind-tls');
}

function daemonless({ site, tool: used }: Trace): StrategyId | undefined {
  const image = settled(site.image);
  const tool = used ?? toolsOf(site)[0]?.tool ?? (image && findBuilderImage(image.ref.repository)?.tool);
  if (tool === 'kaniko' || tool === 'buildah' || tool === 'podman') return tool;
  return tool === 'buildkit' ? 'buildkit-rootless' : undefined;
}
