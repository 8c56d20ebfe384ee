/** Which storage drivers dockerd no longer has, and since when. */
import type { DockerVersion } from './docker-tags.js';

/** First version without a driver. Source: docker/cli docs/deprecated.md; moby daemon/graphdriver/register. */
export const DRIVER_REMOVED_IN: Readonly<Record<string, DockerVersion>> = {
  aufs: { major: 24, minor: 0, patch: 0 },
  overlay: { major: 24, minor: 0, patch: 0 },
  devicemapper: { major: 25, minor: 0, patch: 0 },
};
