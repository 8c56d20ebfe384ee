/** What rules ask of a container that is a socket proxy. */

import type { Place } from '../model/known.js';
import { switchPlace } from '../trace/proxy-switches.js';
import { isSocketProxy } from '../trace/socket-proxy.js';
import type { Self } from './containers.js';
import type { SiteContext } from './define.js';

/** The container, if it is a proxy. */
export function proxyIn({ site: { self } }: SiteContext): Self | undefined {
  return self && isSocketProxy(self.ref) ? self : undefined;
}

/** Where a switch of it stands. */
export function switchOf(proxy: Self, name: string): Place {
  return switchPlace(proxy, name) ?? proxy.origin.place;
}
