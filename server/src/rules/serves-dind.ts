/** What a runner's file says of dind on it. */
import type { Runner } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { dockerImage } from '../trace/docker-image.js';
import { covers } from '../trace/sharing.js';

/** What shows that a runner is there for dind: a volume for its client certificates, or a dind service of its own. */
export function servesDind(runner: Runner): boolean {
  const mounts = settled(runner.mounts) ?? [];
  const certificates = mounts.some(mount => mount.target !== '/' && covers(mount, '/certs/client'));
  return certificates || ownDind(runner) !== undefined;
}

/** A dind service that the runner adds to every job. */
export function ownDind(runner: Runner) {
  return (settled(runner.services) ?? []).find(({ ref }) => {
    const image = dockerImage(ref);
    return image !== undefined && image.variant !== 'cli';
  });
}
