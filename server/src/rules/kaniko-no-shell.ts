/** Flags jobs whose image is kaniko without a shell to run their script. */

import { findBuilderImage, pinFor } from '../catalog/builder-images.js';
import type { BuildSite, ImageUse } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { isLiteral, show } from '../model/text.js';
import { defineRule } from './define.js';
import { onlyFix } from './images.js';
import { runsInImage } from './surety.js';

/** Tags of the executor that hold nothing but kaniko. Alpine and debug ones have a shell. */
const WITHOUT_SHELL = /^(?:latest|slim|v?\d+(?:\.\d+){0,2}(?:-slim)?|[0-9a-f]{40})$/;

export default defineRule({
  id: 'kaniko-no-shell',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'Kaniko image without a shell as the image of a job',
    why: 'A runner hands the script of a job to a shell in the job\'s image. The plain kaniko image holds nothing but kaniko, so the job ends with exec: "sh": executable file not found in $PATH, or hangs.',
    remedy:
      'Take the -debug image of the same version, which brings the shell of busybox, and clear its entrypoint: image: { name: …-debug, entrypoint: [""] }.',
    sources: [
      'https://github.com/osscontainertools/kaniko#debug-image',
      'https://github.com/GoogleContainerTools/kaniko/issues/430',
    ],
  }),
  fixable: true,
  needs: 'trace',

  *site(context) {
    const { site } = context;
    const image = settled(site.image);
    if (!image || !runsInImage(context) || !wantsShell(site, image)) return;
    const known = findBuilderImage(image.ref.repository);
    if (known?.tool !== 'kaniko' || /warmer$/.test(image.ref.repository)) return;
    const tag = image.ref.tag === '' && !image.ref.digest ? 'latest' : image.ref.tag;
    if (tag === undefined || !WITHOUT_SHELL.test(tag)) return;
    const original = known.repositories.includes(image.ref.repository);
    yield {
      at: image.origin.place,
      message: `${titleOf(site)} runs its script in ${show(image.ref.text)}, a kaniko image without a shell; the -debug images have one.`,
      ...(original ? {} : { severity: 'warning', confidence: 'medium' }),
      fixes: () => withShell(image, tag),
    };
  },
});

/** A runner hands scripts to a shell; a container of its own may be told to run one, or be entered with one. */
function wantsShell({ self, scripts }: BuildSite, { entrypoint }: ImageUse): boolean {
  if (!self) return scripts.some(({ part }) => part === 'main');
  const [program] = settled(self.entrypoint) ?? [];
  return (
    settled(entrypoint)?.length === 0 || /^(?:.*\/)?(?:(?:ba|da|a)?sh|cat|sleep|tail)$/.test(program ?? '')
  );
}

function withShell({ ref, origin, whole }: ImageUse, tag: string): readonly FixPlan[] {
  if (!whole || !isLiteral(ref.text) || ref.digest !== undefined) return [];
  const version = /^v[1-9]\d*(?:\.\d+){2}(?=-slim$|$)/.exec(tag)?.[0];
  const wanted = version === undefined ? pinFor(ref.repository, 'debug') : `${version}-debug`;
  if (wanted === undefined) return [];
  const image = `${ref.repository}:${wanted}`;
  const intents = [{ kind: 'replace-value', at: origin.place, value: image }] as const;
  return onlyFix(`Use ${image}, which has a shell`, version === undefined ? 'unsafe' : 'safe', intents);
}
