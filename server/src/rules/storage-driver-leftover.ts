/** Flags DOCKER_DRIVER where the daemon no longer has the driver, or where it says what holds anyway. */

import { comparable } from '../catalog/docker-tags.js';
import { DRIVER_REMOVED_IN } from '../catalog/storage-drivers.js';
import type { BuildSite } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { daemonArguments } from '../trace/daemon-arguments.js';
import { type DockerImage, dindServices, dockerImage } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { driverOf, removeDriver, usesContainerd } from './docker-driver.js';

export default defineRule({
  id: 'storage-driver-leftover',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Storage driver that is removed or needless',
    why: 'dind up to 28 takes overlay2 by itself wherever it can; 29 keeps images in the containerd store. DOCKER_DRIVER only narrows that down: aufs and overlay were removed in 24.0, devicemapper in 25.0 ("the overlay storage-driver has been deprecated and removed"), vfs copies every layer whole, and in 29 overlay2 keeps the daemon off the containerd store.',
    remedy: 'Remove the variable.',
    sources: [
      'https://docs.docker.com/engine/deprecated/#legacy-overlay-storage-driver',
      'https://github.com/moby/moby/blob/master/daemon/image_store_choice.go',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site({ site, profile, blind, paired }) {
    // A job that has nothing to do with a daemon only gets the variable because all do.
    if (blind.length + paired.length === 0) return;
    const set = driverOf(site);
    // A snapshotter that is not there is worse than one that is left over.
    if (!set || usesContainerd(site)) return;
    const { driver, origin } = set;
    const job = nameOf(site);
    const removed = DRIVER_REMOVED_IN[driver];
    const base = { at: origin.place, fixes: () => removeDriver(origin) };
    if (removed) {
      const lacks = daemonsOf(site).some(({ version }) => !version || comparable(version, removed) >= 0);
      const message = lacks
        ? `The daemon of ${job} has no storage driver ${driver}: it was removed in ${removed.major}.0.`
        : `DOCKER_DRIVER of ${job} names ${driver}, which docker ${removed.major}.0 removed.`;
      yield { ...base, message, severity: lacks ? 'error' : 'info' };
    } else if (driver === 'vfs') {
      yield {
        ...base,
        message: `DOCKER_DRIVER of ${job} is vfs, which copies every layer whole: slow and big.`,
      };
    } else if (driver === 'overlay2' && profile !== 'default') {
      // Harmless, and many have it.
      const message = `DOCKER_DRIVER of ${job} is overlay2, which docker up to 28 takes by itself; 29 has the containerd image store instead.`;
      yield { ...base, message };
    }
  },
});

/** The dind images of a job whose version is known, and that take the variable from the job. */
function daemonsOf(site: BuildSite): readonly DockerImage[] {
  return dindServices(site).flatMap(service => {
    const image = dockerImage(service.ref);
    const own = settled(service.variables.get('DOCKER_DRIVER'))?.text;
    const same = own === settled(site.env.get('DOCKER_DRIVER'))?.text;
    return image?.versionKnown && !image.mirrored && same && daemonArguments(service) ? [image] : [];
  });
}
