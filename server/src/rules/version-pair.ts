/** The docker client of a job beside its dind daemon, with their versions. */
import { type DockerVersion, newestPatch } from '../catalog/docker-tags.js';
import type { ImageUse, Service } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { isHubLibrary } from '../model/image-ref.js';
import { settled } from '../model/known.js';
import { isLiteral } from '../model/text.js';
import { dindServices, dockerImage } from '../trace/docker-image.js';
import { imageCertDir } from '../trace/entrypoints.js';
import { daemonCommands } from '../trace/tools.js';
import type { SiteContext } from './define.js';

export interface Pair {
  readonly client: ImageUse;
  readonly daemon: Service;
  /** `undefined` for a current one. */
  readonly clientVersion: DockerVersion | undefined;
  readonly daemonVersion: DockerVersion | undefined;
}

/** The client in the image of a job and the one daemon beside it; `undefined` where more or less is in play. */
export function pairOf({ site, tools, blind }: SiteContext): Pair | undefined {
  const client = settled(site.image);
  const [daemon, more] = site.self
    ? [...new Set(blind.flatMap(({ reached }) => reached?.service ?? []))]
    : dindServices(site);
  const clientImage = client && dockerImage(client.ref);
  const daemonImage = daemon && dockerImage(daemon.ref);
  if (!client || !daemon || more || !clientImage?.versionKnown || !daemonImage?.versionKnown)
    return undefined;
  if (!site.self && daemonCommands(tools).length === 0) return undefined;
  return { client, daemon, clientVersion: clientImage.version, daemonVersion: daemonImage.version };
}

/** Whether both state a version and the two differ in more than the patch. */
export function differ({ clientVersion: a, daemonVersion: b }: Pair): boolean {
  if (!a || !b) return false;
  const minors = a.minor !== undefined && b.minor !== undefined && a.minor !== b.minor;
  return a.major !== b.major || minors;
}

/** Gives the client or the daemon, if it is an image of Docker Hub, the version of the other, where such a tag exists. */
export function align(context: SiteContext, side: 'client' | 'daemon'): readonly FixPlan[] {
  const pair = pairOf(context);
  if (!pair) return [];
  const { ref, origin, whole } = pair[side];
  // Older daemons know no TLS: with another one the job's variables would have to change too.
  if (side === 'daemon' && imageCertDir(pair.daemonVersion) !== '/certs') return [];
  const tag =
    side === 'client' ? newestPatch(pair.daemonVersion, 'cli') : newestPatch(pair.clientVersion, 'dind');
  const value = `${ref.repository}:${tag}`;
  if (tag === undefined || !whole || !isLiteral(ref.text) || !isHubLibrary(ref) || ref.digest) return [];
  if (value === ref.text.text) return [];
  return [
    {
      title: `Use ${value}, the version of the ${side === 'client' ? 'daemon' : 'client'}`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value }],
    },
  ];
}
