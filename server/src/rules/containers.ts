/** What rules ask of a site that is a container of its own. */

import { findBuilderImage } from '../catalog/builder-images.js';
import type { Container, Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import type { Text } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import type { SiteContext } from './define.js';

/** The site as a container. */
export type Self = Service & { readonly container: Container };

/**
 * The container, if it has to do with docker: it is a client, a daemon, a builder, or a proxy in front of one. What
 * others do is none of our business.
 */
export function ownContainer({ site, blind }: SiteContext): Self | undefined {
  const { self } = site;
  return self && (blind.length > 0 || isSocketProxy(self.ref)) ? self : undefined;
}

/** The container of a site that uses a daemon, and is none. */
export function clientContainer({ site, blind }: SiteContext): Self | undefined {
  return site.self && blind.some(({ client }) => client !== undefined) ? site.self : undefined;
}

/** The image is known, and is none of docker's: what its program makes of docker's variables is its own affair. */
export function isForeign({ site, tools }: SiteContext): boolean {
  const image = settled(site.image);
  if (!site.self || !image || tools.length > 0) return false;
  return !dockerImage(image.ref) && findBuilderImage(image.ref.repository) === undefined;
}

/** The address of another daemon than that of a socket, where the container is given one. */
export function otherDaemon({ env }: SiteContext['site']): Text | undefined {
  const host = settled(env.get('DOCKER_HOST'));
  return host && /^(?:tcp|ssh|https?):\/\//.test(host.text) ? host : undefined;
}

/** The container, if it is a daemon. */
export function daemonContainer({ site, blind }: SiteContext): Self | undefined {
  return site.self && blind.some(({ serves }) => serves) ? site.self : undefined;
}
