/** Flags images that are used as a cache although the job that makes them puts none in. */

import type { BuildSite } from '../model/build-site.js';
import { settled } from '../model/known.js';
import { prose } from '../model/prose.js';
import { titleOf } from '../model/site-words.js';
import { dockerImage } from '../trace/docker-image.js';
import { scriptSets } from '../trace/script-way.js';
import { type Build, buildsOf, valuesOf, variableOf } from './builds.js';
import { changeCommand } from './command-changes.js';
import { defineRule } from './define.js';
import type { FlagValue } from './docker-commands.js';
import { onlyFix } from './images.js';

const INLINE = 'BUILDKIT_INLINE_CACHE';

export default defineRule({
  id: 'cache-from-without-inline',
  severity: 'info',
  profile: 'default',
  dialects: ['gitlab-ci', 'github-actions', 'compose', 'kubernetes', 'jenkinsfile', 'shell'],
  ...prose({
    title: 'Cache from an image that holds none',
    why: 'BuildKit, the builder of docker since 23.0, takes a cache only from images that carry a description of it. Without one --cache-from finds nothing, and every build starts from the beginning; nothing in the log says so.',
    remedy:
      'Put the description into the image with --build-arg BUILDKIT_INLINE_CACHE=1, or keep the cache apart with --cache-to type=registry,mode=max.',
    sources: [
      'https://docs.gitlab.com/ci/docker/docker_layer_caching/',
      'https://docs.docker.com/build/cache/backends/inline/',
    ],
  }),
  fixable: true,
  needs: 'tool',

  *site({ site, tools }) {
    const builds = buildsOf(tools);
    if (!builds.every(build => build.whole) || !usesBuildKit(site)) return;
    // Another build of the job may make the image that this one takes its cache from.
    if (builds.some(build => keepsCache(build))) return;
    const made = new Set(builds.flatMap(build => valuesOf(build, '--tag', '-t').map(({ text }) => text)));
    for (const build of builds) {
      const { command } = build;
      const from = valuesOf(build, '--cache-from').find(value => made.has(imageOf(value) ?? ''));
      const flag = build.flags.find(({ value }) => value === from);
      if (build.by === 'podman' || build.by === 'buildah' || !from || !flag) continue;
      const at = flag.word.start;
      yield {
        at: command.script.place(from.start, from.end),
        message: `${titleOf(site)} looks for its cache in ${imageOf(from)}, but builds that image without one (${INLINE}).`,
        fixes: () =>
          onlyFix(
            'Put the cache into the image (BUILDKIT_INLINE_CACHE=1)',
            'unsafe',
            changeCommand(command, { start: at, end: at, text: `--build-arg ${INLINE}=1 ` }),
          ),
      };
    }
  },
});

/** The image of `--cache-from image` and of `--cache-from type=registry,ref=image`. */
function imageOf({ text }: FlagValue): string | undefined {
  if (!/^type=/.test(text)) return text;
  return /^type=registry,ref=([^,]+)$/.exec(text)?.[1];
}

function keepsCache(build: Build): boolean {
  if (valuesOf(build, '--cache-to').length > 0) return true;
  return valuesOf(build, '--build-arg').some(({ text }) => text.startsWith(INLINE) || text.startsWith('$'));
}

/** docker 23 and later build with BuildKit unless told otherwise; the older builder needs no description. */
function usesBuildKit(site: BuildSite): boolean {
  const asked = site.env.get('DOCKER_BUILDKIT');
  if (scriptSets(site, 'DOCKER_BUILDKIT') || asked.state === 'unknown') return false;
  if (asked.state === 'known') return variableOf(site, 'DOCKER_BUILDKIT') === '1';
  // Hosted machines have a newer one.
  if (site.runsOn?.paired.runner.engine !== undefined) return true;
  const use = settled(site.image);
  const image = use && dockerImage(use.ref);
  return image?.versionKnown === true && (image.version === undefined || image.version.major >= 23);
}
