/** Tells containers that have no use for privilege. */

import { findBuilderImage } from '../catalog/builder-images.js';
import { socketMounts } from '../trace/socket-mounts.js';
import type { SiteContext } from './define.js';

/**
 * The container builds through a socket that it is given, or with kaniko, which both take no privilege. What else runs
 * in it is not known, but for images that do nothing else.
 */
export function needsNoPrivilege({ site, blind }: SiteContext): boolean {
  const { self } = site;
  if (!self || blind.some(({ serves }) => serves)) return false;
  if (findBuilderImage(self.ref.repository)?.tool === 'kaniko') return true;
  const hosted = blind.length > 0 && blind.every(({ daemon }) => daemon.kind === 'host-socket');
  return hosted && socketMounts(self.container).length > 0;
}
