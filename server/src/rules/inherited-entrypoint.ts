/** Tells where the image of a job may have docker's entrypoint although it is not called docker. */
import { isHubLibrary } from '../model/image-ref.js';
import { settled } from '../model/known.js';
import { show } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import type { SiteContext } from './define.js';

/**
 * ` (unless … is made from docker's image)` for an image that may be, which keeps the entrypoint; `undefined` for one
 * of Docker Hub's library, such as python, which is not, and for docker itself.
 */
export function unlessInherited({ site }: SiteContext): string | undefined {
  const image = settled(site.image);
  if (image?.entrypoint.state !== 'absent') return undefined;
  if (dockerImage(image.ref) || isHubLibrary(image.ref)) return undefined;
  return ` (unless ${show(image.ref.text)} is made from docker's image)`;
}
