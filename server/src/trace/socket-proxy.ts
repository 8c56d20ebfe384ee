/** Services that stand in front of the docker socket of the host and let a part of its API through. */
import { findBuilderImage } from '../catalog/builder-images.js';
import type { Service } from '../model/build-site.js';
import { type ImageRef, isHubLibrary } from '../model/image-ref.js';
import { readVariable } from './variables.js';

/**
 * Repositories, without registry, whose images listen on 2375 in plain HTTP. Sources: READMEs of
 * Tecnativa/docker-socket-proxy, linuxserver/docker-socket-proxy and wollomatic/socket-proxy.
 */
const PROXIES =
  /(?:^|\/)(?:tecnativa\/docker-socket-proxy|linuxserver\/(?:docker-)?socket-proxy|wollomatic\/socket-proxy)$/;

export function isSocketProxy(ref: ImageRef): boolean {
  if (isHubLibrary(ref)) return false;
  return PROXIES.test(ref.repository) || findBuilderImage(ref.repository)?.role === 'proxy';
}

/**
 * Whether the switches of a proxy let clients write; `undefined` where its settings are not variables, or are not
 * known. Without them every POST is answered with 403. Source: haproxy.cfg of Tecnativa/docker-socket-proxy.
 */
export function letsWrite(service: Service): boolean | undefined {
  if (/wollomatic\//.test(service.ref.repository)) return undefined;
  const post = readVariable(service.variables, 'POST');
  if (post.why !== undefined) return undefined;
  return /^(?:1|true|on|yes)$/i.test(post.value ?? '');
}
