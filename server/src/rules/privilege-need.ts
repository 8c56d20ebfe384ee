/** Tells containers that have no use for privilege. */

import { findBuilderImage } from '../catalog/builder-images.js';
import { dockerImage } from '../trace/docker-image.js';
import { socketMounts } from '../trace/socket-mounts.js';
import { opaquePrograms } from '../trace/tools.js';
import type { SiteContext } from './define.js';

/** Managers of runners, which start jobs through the socket. */
const MANAGERS = /(?:^|\/)(?:gitlab\/gitlab-runner|gitlab-org\/gitlab-runner)$/;

/**
 * The container builds through a socket that it is given, or with kaniko, which both take no privilege, and its image
 * is known to do nothing else.
 */
export function needsNoPrivilege({ site, blind }: SiteContext): boolean {
  const { self } = site;
  if (!self || blind.some(({ serves }) => serves)) return false;
  if (findBuilderImage(self.ref.repository)?.tool === 'kaniko') return true;
  // Another program that is run in docker's image may need what docker does not.
  const plain = dockerImage(self.ref) !== undefined && opaquePrograms(site).length === 0;
  const known = plain || MANAGERS.test(self.ref.repository);
  const hosted = blind.length > 0 && blind.every(({ daemon }) => daemon.kind === 'host-socket');
  return known && hosted && socketMounts(self.container).length > 0;
}
