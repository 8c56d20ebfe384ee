/** Services that stand in front of the docker socket of the host and let a part of its API through. */
import { findBuilderImage } from '../catalog/builder-images.js';
import { type ImageRef, isHubLibrary } from '../model/image-ref.js';

/** Others, of which it is only known what they are for. Sources: their READMEs. */
const OTHER_PROXIES =
  /(?:^|\/)(?:11notes\/(?:docker-)?socket-proxy|hectorm\/cetusguard|cerede2000\/docker-socket-proxy)$/;

/**
 * Repositories, without registry, whose images listen on 2375 in plain HTTP. Sources: READMEs of
 * Tecnativa/docker-socket-proxy, linuxserver/docker-socket-proxy and wollomatic/socket-proxy.
 */
const PROXIES =
  /(?:^|\/)(?:tecnativa\/docker-socket-proxy|linuxserver\/(?:docker-)?socket-proxy|wollomatic\/socket-proxy)$/;

export function isSocketProxy(ref: ImageRef): boolean {
  if (isHubLibrary(ref)) return false;
  return hasSwitches(ref) || OTHER_PROXIES.test(ref.repository);
}

/** Its settings are known. */
export function hasSwitches({ repository }: ImageRef): boolean {
  return PROXIES.test(repository) || findBuilderImage(repository)?.role === 'proxy';
}
