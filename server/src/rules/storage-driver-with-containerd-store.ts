/** Flags a graph driver in DOCKER_DRIVER where the daemon asks containerd for it. */

import { prose } from '../model/prose.js';
import { nameOf } from '../model/site-words.js';
import { defineRule } from './define.js';
import { driverOf, removeDriver, usesContainerd } from './docker-driver.js';

const GRAPH_DRIVERS = /^(?:overlay2|vfs|aufs|overlay|devicemapper)$/;

export default defineRule({
  id: 'storage-driver-with-containerd-store',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'shell', 'dockerfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Storage driver that the containerd image store does not know',
    why: 'With --feature containerd-snapshotter the daemon hands DOCKER_DRIVER to containerd, which knows overlayfs and no overlay2: "snapshotter not loaded: overlay2: invalid argument". The variable also wins over --storage-driver.',
    remedy: 'Remove DOCKER_DRIVER, or set it to overlayfs.',
    sources: [
      'https://github.com/moby/moby/issues/46254',
      'https://github.com/moby/moby/blob/master/daemon/image_store_choice.go',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site({ site }) {
    const set = driverOf(site);
    if (!set || !usesContainerd(site) || !GRAPH_DRIVERS.test(set.driver)) return;
    yield {
      at: set.origin.place,
      message: `containerd has no snapshotter ${set.driver}, which DOCKER_DRIVER of ${nameOf(site)} asks for: pulls and builds fail.`,
      fixes: () => removeDriver(set.origin),
    };
  },
});
