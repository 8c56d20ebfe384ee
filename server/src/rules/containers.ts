/** What rules ask of a site that is a container of its own. */

import type { Container, Service } from '../model/build-site.js';
import { settled } from '../model/known.js';
import type { Text } from '../model/text.js';
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

/** The address of another daemon than that of a socket, where the container is given one. */
export function otherDaemon({ env }: SiteContext['site']): Text | undefined {
  const host = settled(env.get('DOCKER_HOST'));
  return host && /^(?:tcp|ssh|https?):\/\//.test(host.text) ? host : undefined;
}

/** The container, if it is a daemon. */
export function daemonContainer({ site, blind }: SiteContext): Self | undefined {
  return site.self && blind.some(({ serves }) => serves) ? site.self : undefined;
}
