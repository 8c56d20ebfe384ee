/** Flags Buildah and Podman that would keep layers with overlay where no container may. */

import { findBuilderImage } from '../catalog/builder-images.js';
import type { BuildSite, ImageUse } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { failsTheJob, scriptSets } from '../trace/script-way.js';
import { defineRule, type SiteContext } from './define.js';
import { failsOn, STORAGE, withoutFuse } from './unprivileged-builders.js';

export default defineRule({
  id: 'buildah-overlay-unprivileged',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  ...prose({
    title: 'Buildah with overlay in a container without privilege',
    why: 'The images of Buildah and Podman keep layers with fuse-overlayfs, which needs /dev/fuse. A container without privilege does not have it: "fuse: device not found, try \'modprobe fuse\' first", "fuse-overlayfs: cannot mount".',
    remedy:
      'Set STORAGE_DRIVER: vfs, which copies each layer and is slow; or give the runner devices = ["/dev/fuse"]. Both need security_opt = ["seccomp=unconfined", "apparmor=unconfined"] on a docker runner.',
    sources: [
      'https://github.com/containers/image_build/blob/main/buildah/Containerfile',
      'https://github.com/podman-container-tools/buildah/issues/5456',
    ],
  }),
  fixable: false,
  needs: 'tool',
  *site(context) {
    const image = overlayBuilder(context);
    if (!image) return;
    yield* failsOn(context, image, withoutFuse, 'overlay storage needs a privileged container or /dev/fuse');
  },
});

const BUILDS = /^(?:bud|build|build-using-dockerfile|from|run)$/;

/** The official image of Buildah or Podman of a job that builds with it and leaves its storage as it is. */
function overlayBuilder({ site, tools }: SiteContext): ImageUse | undefined {
  const image = settled(site.image);
  const known = image && findBuilderImage(image.ref.repository);
  if (known?.tool !== 'buildah' && known?.tool !== 'podman') return undefined;
  const builds = tools.some(
    ({ tool, args, command }) =>
      (tool === 'buildah' || tool === 'podman') && BUILDS.test(args[0]?.text ?? '') && failsTheJob(command),
  );
  return builds && keepsStorage(site) ? image : undefined;
}

function keepsStorage(site: BuildSite): boolean {
  const told = STORAGE.some(name => site.env.get(name).state !== 'absent' || scriptSets(site, name));
  return (
    !told && !site.scripts.some(({ text }) => /storage\.conf|--storage-|mount_program|\bvfs\b/.test(text))
  );
}
