/** Flags git in docker images from before it was added to them. */

import type { DockerVersion } from '../catalog/docker-tags.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import type { DockerImage } from '../trace/docker-image.js';
import { defineRule } from './define.js';
import { callOf, install, officialImage } from './straight-way.js';

export default defineRule({
  id: 'git-missing-in-cli-image',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'kubernetes', 'jenkinsfile', 'compose', 'github-actions'],
  ...prose({
    title: 'git in a docker image that has none',
    why: 'The cli images have git since 27.0.3 (1 July 2024), the dind images since February 2024; older ones say "git: not found".',
    remedy: 'Take a newer image, docker:29.7.2-cli, or run apk add --no-cache git first.',
    sources: ['https://github.com/docker-library/docker/commit/b348a31fc955dd6500a4aa9537bbef51688a181e'],
  }),
  fixable: true,

  *site(context) {
    const image = officialImage(context);
    if (!image || !lacksGit(image.docker, image.tag)) return;
    const call = callOf('git', context);
    if (!call) return;
    yield {
      at: call.at,
      message: `${titleOf(context.site)} calls git, which ${image.text} does not have.`,
      fixes: () => (image.docker.variant === 'dind-rootless' ? [] : install('git', call.command)),
    };
  },
});

/**
 * First patch with git by line, in cli and in dind images. Lines that were still built in 2024 got it with a
 * rebuild. Source: docker-library/docker, commits b348a31 (2024-07-01) and 485fefe (2024-02-23).
 */
const FIRST_IN_CLI: Readonly<Record<string, number>> = { '24.0': 9, '25.0': 5, '26.1': 4, '27.0': 3 };
const FIRST_IN_DIND: Readonly<Record<string, number>> = { '24.0': 9, '25.0': 3 };

function lacksGit({ variant, version }: DockerImage, tag: string): boolean {
  if (!version || /(?:^|-)git$/.test(tag)) return false;
  if (version.major <= 23) return true;
  const first = (variant === 'cli' ? FIRST_IN_CLI : FIRST_IN_DIND)[lineOf(version)];
  if (first === undefined) return variant === 'cli' && lineOf(version) === '26.0';
  return version.patch !== undefined && version.patch < first;
}

function lineOf({ major, minor }: DockerVersion): string {
  return minor === undefined ? `${major}` : `${major}.${minor}`;
}
