/** Words and fixes for docker images whose tag does not say that they are the daemon: `docker:29`, `docker:latest`. */

import { isKnownTag, newestPatch, parseDockerTag } from '../catalog/docker-tags.js';
import type { BuildSite } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { show } from '../model/text.js';
import { programOf } from '../syntax/shell.js';
import { imagesOf, isOfficial, type NamedImage, onlyFix, retag } from './images.js';

/** The image of a container that starts dockerd for lack of a command, where nothing in its tag tells so. */
function unawares(site: BuildSite): NamedImage | undefined {
  if (!site.self) return undefined;
  const image = imagesOf(site).find(({ role }) => role === 'image');
  const isBare = image?.docker?.variant === 'dind' && !/dind/.test(image.ref.tag ?? '');
  return isBare ? image : undefined;
}

/** `dind dies`, or what it takes to see that there is one. */
export function dindDies(site: BuildSite): string {
  const image = unawares(site);
  return image ? `${show(image.ref.text)} is dind where it gets no command, and it dies` : 'dind dies';
}

/** The client for who meant the client. */
export function clientInstead(site: BuildSite): readonly FixPlan[] {
  const image = unawares(site);
  return image ? useClient(image, site) : [];
}

/** Puts the cli variant of the same version in the place of the daemon's image. */
export function useClient(image: NamedImage, site: BuildSite): readonly FixPlan[] {
  const { version } = parseDockerTag(image.ref.tag || 'latest');
  if (!isOfficial(image) || (version && !isKnownTag(image.ref.tag ?? ''))) return [];
  // Clients older than 27.0.3 came without git, which the dind image had earlier.
  const git = site.commands.some(({ shell }) => programOf(shell)?.name === 'git');
  if (git && version && version.major < 28) return [];
  const tag = newestPatch(version, 'cli');
  return tag === undefined
    ? []
    : onlyFix(`Use docker:${tag}, without the daemon`, 'unsafe', retag(image, tag));
}
