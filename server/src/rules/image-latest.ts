/** Flags images whose tag moves under a pipeline's feet. */

import {
  BUILDER_IMAGES_DATE,
  buildsOrRuns,
  findBuilderImage,
  isFloatingBuilderTag,
  pinFor,
} from '../catalog/builder-images.js';
import { DOCKER_TAGS_DATE, newestPatch, parseDockerTag } from '../catalog/docker-tags.js';
import type { FixPlan } from '../model/finding.js';
import { prose } from '../model/prose.js';
import { show } from '../model/text.js';
import { daemonCommands } from '../trace/tools.js';
import { defineRule, type Report } from './define.js';
import {
  describe,
  imagesOf,
  imagesOfRunner,
  isOfficial,
  NAME_IMAGES,
  type NamedImage,
  onlyFix,
  retag,
} from './images.js';

export default defineRule({
  id: 'image-latest',
  severity: 'warning',
  profile: 'default',
  dialects: NAME_IMAGES,
  ...prose({
    title: 'Image with a tag that moves',
    why: 'latest, dind, cli and no tag at all may mean another version tomorrow. Such moves have broken pipelines: TLS by default in 19.03, nftables in December 2023, the oldest API that 29.0 takes.',
    remedy: 'Write the full version, as in docker:29.7.2-dind, and move it on purpose.',
    sources: [
      'https://docs.gitlab.com/ci/docker/docker_in_docker/',
      'https://github.com/docker-library/docker/issues/463',
    ],
  }),
  fixable: true,

  *site(context) {
    const everything = context.profile !== 'default';
    const callsDocker = daemonCommands(context.tools).some(({ shell, script }) => {
      const shared = script.origin.way === 'default' || script.origin.way === 'global';
      return script.part !== 'after' && !shared && !shell.tested;
    });
    for (const image of imagesOf(context.site)) {
      // The project's own images move when the project wants it.
      const foreign = image.role === 'image' && !PROJECTS_OWN.test(show(image.ref.text));
      yield* judge(image, (callsDocker && foreign && !context.site.self) || everything);
    }
  },

  *runner({ paired, profile }) {
    for (const image of imagesOfRunner(paired.runner)) yield* judge(image, profile !== 'default');
  },
});

const PROJECTS_OWN = /^\$CI_REGISTRY|\$\{\{\s*github\.repository(?:_owner)?\s*\}\}/;

/** `every` is for all images; without it only those that build or run containers are judged. */
function* judge(image: NamedImage, every: boolean): Iterable<Report> {
  const { ref, origin, docker } = image;
  if (ref.tag === undefined || ref.digest !== undefined || ref.name === undefined) return;
  if (!every && !docker && !buildsOrRuns(ref.repository)) return;
  // What nobody publishes any more does not move either; other rules say that.
  if (ABANDONED.test(ref.repository)) return;
  if (!isFloating(image)) return;
  const how = ref.tag === '' ? 'has no tag' : `has the moving tag "${ref.tag}"`;
  yield {
    at: origin.place,
    message: `${describe(image)}, ${how}: it may be another version tomorrow.`,
    fixes: () => pin(image),
  };
}

const ABANDONED = /^(?:gcr\.io\/kaniko-project\/|docker\/compose$|tiangolo\/docker-with-compose$)/;

function isFloating({ ref, docker }: NamedImage): boolean {
  const tag = ref.tag || 'latest';
  if (docker) return parseDockerTag(tag).floating && !FROZEN.test(tag);
  return tag === 'latest' || isFloatingBuilderTag(ref.repository, tag);
}

/** These names have stopped moving; that they are old is another matter. */
const FROZEN = /^(?:stable|edge|test|git)(?:-|$)/;

function pin(image: NamedImage): readonly FixPlan[] {
  const { ref, docker, site } = image;
  const builder = docker ? undefined : findBuilderImage(ref.repository);
  const published = docker
    ? isOfficial(image)
    : builder?.state === 'maintained' && builder.repositories.includes(onHub(ref.repository));
  const wanted = docker
    ? newestPatch(undefined, parseDockerTag(ref.tag || 'latest').variant)
    : pinFor(ref.repository, builder?.tool === 'kaniko' && site ? withShell(ref.tag) : ref.tag || undefined);
  if (wanted === undefined || !published) return [];
  const date = docker ? DOCKER_TAGS_DATE : BUILDER_IMAGES_DATE;
  const name = show({ ...ref.text, text: ref.repository });
  return onlyFix(`Pin to ${name}:${wanted} (newest known on ${date})`, 'unsafe', retag(image, wanted));
}

/** Jobs of GitLab need a shell, which of kaniko's images debug and alpine have. */
function withShell(tag: string | undefined): string {
  return /(?:^|-)alpine$/.test(tag ?? '') ? 'alpine' : 'debug';
}

function onHub(repository: string): string {
  return repository.replace(/^(?:index\.|registry-1\.)?docker\.io\//, '');
}
