/** Flags images of the archived kaniko project. */

import { pinnedImage } from '../catalog/builder-images.js';
import type { FixPlan } from '../model/finding.js';
import type { ImageRef } from '../model/image-ref.js';
import { type Origin, written } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral } from '../model/text.js';
import { defineRule } from './define.js';

const ARCHIVED = /^gcr\.io\/kaniko-project\/(?:executor|warmer)$/;

export default defineRule({
  id: 'kaniko-archived',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'dockerfile'],
  ...prose({
    title: 'Image of the archived kaniko project',
    why: 'GoogleContainerTools/kaniko was archived on 2025-06-03; v1.24.0 is its last release, and nobody fixes what is found in it.',
    remedy:
      'Use the maintained fork, ghcr.io/osscontainertools/kaniko, which takes the same flags; or move to rootless BuildKit.',
    sources: [
      'https://github.com/GoogleContainerTools/kaniko',
      'https://github.com/osscontainertools/kaniko',
    ],
  }),
  fixable: true,

  *site({ site }) {
    const uses = [written(site.image), ...(written(site.services) ?? [])];
    for (const use of uses) {
      if (!use || !ARCHIVED.test(use.ref.repository)) continue;
      yield {
        at: use.origin.place,
        message: `${titleOf(site)} uses ${use.ref.repository}; that project was archived in June 2025 and gets no fixes.`,
        fixes: () => replace(use.ref, use.origin, site.self === undefined),
      };
    }
  },
});

/** Jobs of GitLab need a shell, and of both projects the debug images have one. */
function replace(ref: ImageRef, origin: Origin, runsScript: boolean): readonly FixPlan[] {
  if (ref.name !== 'executor' || ref.tag === undefined || !isLiteral(ref.text)) return [];
  const image = pinnedImage('kaniko', runsScript || /debug/.test(ref.tag) ? 'debug' : '');
  return [
    {
      title: `Use the maintained fork, ${image}`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value: image }],
    },
  ];
}
