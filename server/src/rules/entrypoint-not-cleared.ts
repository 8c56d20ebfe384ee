/** Flags jobs in images of builders whose entrypoint would take the place of the script. */

import { type BuilderImage, findBuilderImage } from '../catalog/builder-images.js';
import type { ImageUse } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { defineRule, type Report, type SiteContext } from './define.js';
import { onlyFix } from './images.js';
import { onRunners, runsDocker } from './surety.js';

const GITLAB = 'https://docs.gitlab.com/ci/docker/using_docker_images/#override-the-entrypoint-of-an-image';

const kaniko = defineRule({
  id: 'kaniko-entrypoint-not-cleared',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'Kaniko image with its own entrypoint',
    why: 'On a Docker executor the entrypoint of the image gets the shell that the runner starts as its arguments. The entrypoint of kaniko is kaniko itself, so the job ends with: Error: unknown command "sh" for "executor". The Kubernetes executor does not run entrypoints.',
    remedy: 'Clear it: image: { name: …, entrypoint: [""] }.',
    sources: ['https://github.com/osscontainertools/kaniko/blob/main/deploy/Dockerfile', GITLAB],
  }),
  fixable: true,
  needs: 'trace',
  *site(context) {
    yield* judge(context, 'kaniko', 'kaniko starts in place of the script');
  },
});

const buildkit = defineRule({
  id: 'buildkit-entrypoint-not-cleared',
  severity: 'error',
  profile: 'default',
  dialects: ['gitlab-ci'],
  ...prose({
    title: 'BuildKit image with its own entrypoint',
    why: 'On a Docker executor the entrypoint of the image gets the shell that the runner starts as its arguments. The entrypoint of moby/buildkit is the daemon buildkitd, which ignores them: the script never runs, and the job hangs until it times out, or ends with buildkitd. The Kubernetes executor does not run entrypoints. The example "Native BuildKit" in GitLab\'s documentation lacks the line.',
    remedy: 'Clear it: image: { name: …, entrypoint: [""] }.',
    sources: [
      'https://docs.gitlab.com/ci/docker/using_buildkit/',
      'https://github.com/moby/buildkit/blob/master/Dockerfile',
      GITLAB,
    ],
  }),
  fixable: true,
  needs: 'trace',
  *site(context) {
    yield* judge(context, 'buildkit', 'buildkitd starts in place of the script');
  },
});

export default [kaniko, buildkit];

function* judge(context: SiteContext, tool: BuilderImage['tool'], what: string): Iterable<Report> {
  const { site } = context;
  const image = settled(site.image);
  const known = image && findBuilderImage(image.ref.repository);
  if (!image || known?.tool !== tool || image.entrypoint.state !== 'absent') return;
  if (!site.scripts.some(({ part }) => part === 'main')) return;
  const surety = onRunners(context, runsDocker, ' on a Docker executor');
  if (!surety) return;
  const original = known.repositories.includes(image.ref.repository);
  yield {
    at: image.origin.place,
    message: `${titleOf(site)} keeps the entrypoint of its image, so ${what}${surety.onRunner}.`,
    severity: original ? surety.severity : 'warning',
    confidence: original ? surety.confidence : 'medium',
    fixes: () => clear(image),
  };
}

/** Harmless where entrypoints are not run. */
function clear({ origin }: ImageUse): ReturnType<typeof onlyFix> {
  return onlyFix('Clear the entrypoint of the image', 'safe', [
    { kind: 'clear-entrypoint', image: origin.place },
  ]);
}
