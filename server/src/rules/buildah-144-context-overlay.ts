/** Flags the buildah releases that mount an overlay over the build context although overlays do not work. */

import { findBuilderImage, pinFor } from '../catalog/builder-images.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { buildsOf, valuesOf, variableOf } from './builds.js';
import { defineRule, type SiteContext } from './define.js';
import { onlyFix } from './images.js';
import { severityOf } from './surety.js';

export default defineRule({
  id: 'buildah-144-context-overlay',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Buildah 1.44 or 1.45 with vfs storage',
    why: 'Since 1.44 buildah mounts an overlay over the folder that it builds, whatever its storage driver is. In a container that needs vfs because overlays do not work there, it ends with: mounting an overlay over build context directory: … invalid argument. It is reported from Kubernetes and OpenShift with chroot isolation, and open in 1.45.',
    remedy: 'Pin a 1.43 image, quay.io/buildah/stable:v1.43.4, until it is fixed.',
    sources: [
      'https://github.com/podman-container-tools/buildah/issues/6910',
      'https://github.com/podman-container-tools/buildah/issues/6892',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site(context) {
    const { site } = context;
    const image = settled(site.image);
    if (!image || findBuilderImage(image.ref.repository)?.tool !== 'buildah') return;
    if (!/^v?1\.4[45](?:\.|$)/.test(image.ref.tag ?? '') || !buildsInVfs(context)) return;
    const pin = pinFor(image.ref.repository, undefined);
    yield {
      at: image.origin.place,
      message: `${titleOf(site)} builds with vfs storage, but since 1.44 buildah mounts an overlay all the same, and fails where none works.`,
      confidence: 'medium',
      fixes: () =>
        pin !== undefined && image.whole && isLiteral(image.ref.text) && image.ref.digest === undefined
          ? onlyFix(`Go back to ${image.ref.repository}:${pin}`, 'unsafe', [
              { kind: 'replace-value', at: image.origin.place, value: `${image.ref.repository}:${pin}` },
            ])
          : [],
    };
  },
});

function buildsInVfs({ site, tools }: SiteContext): boolean {
  const chosen = variableOf(site, 'STORAGE_DRIVER');
  return buildsOf(tools).some(build => {
    if (build.by !== 'buildah' || !severityOf(build.command)) return false;
    const driver = valuesOf(build, '--storage-driver')[0]?.text ?? chosen;
    const isolation =
      valuesOf(build, '--isolation')[0]?.text ?? variableOf(site, 'BUILDAH_ISOLATION') ?? 'chroot';
    return driver === 'vfs' && isolation === 'chroot';
  });
}
