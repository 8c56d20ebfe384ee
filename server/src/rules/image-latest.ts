/** Flags images whose tag moves under a pipeline's feet. */

import {
  BUILDER_IMAGES_DATE,
  buildsOrRuns,
  findBuilderImage,
  isFloatingBuilderTag,
  pinFor,
} from '../catalog/builder-images.js';
import { DOCKER_TAGS_DATE, newestPatch, parseDockerTag } from '../catalog/docker-tags.js';
import type { Service } from '../model/build-site.js';
import type { FixPlan } from '../model/finding.js';
import { type ImageRef, isHubLibrary } from '../model/image-ref.js';
import { written } from '../model/known.js';
import { prose } from '../model/prose.js';
import { isLiteral, show } from '../model/text.js';
import { dockerImage } from '../trace/docker-image.js';
import { daemonCommands } from '../trace/tools.js';
import { defineRule, type Report } from './define.js';

export default defineRule({
  id: 'image-latest',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  title: 'Image with a tag that moves',
  ...prose({
    why: 'latest, dind, cli and no tag at all mean another version tomorrow. Every major release of docker broke pipelines that had not pinned it: TLS in 19.03, nftables in December 2023, the API floor of 29.0.',
    remedy: 'Write the full version, as in docker:29.7.2-dind, and move it on purpose.',
    sources: [
      'https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker',
      'https://github.com/docker-library/docker/issues/463',
    ],
  }),
  fixable: true,

  *site(context) {
    const { site } = context;
    const who = `job "${site.name}"`;
    const everything = context.profile !== 'default';
    const image = written(site.image);
    // The project's own images move when the project wants it.
    const foreign = image !== undefined && !/^\$CI_REGISTRY/.test(show(image.ref.text));
    const callsDocker = daemonCommands(context.tools).some(({ shell, script }) => {
      const shared = script.origin.way === 'default' || script.origin.way === 'global';
      return script.part !== 'after' && !shared && !shell.tested;
    });
    if (image) yield* judge(image, who, (callsDocker && foreign) || everything);
    for (const service of written(site.services) ?? []) yield* judge(service, who, everything, ', a service');
  },

  *runner({ paired, profile }) {
    const { runner } = paired;
    const who = `runner "${runner.name}"`;
    const everything = profile !== 'default';
    if (runner.image.state === 'known') {
      yield* judge({ ref: runner.image.value, origin: runner.image.origin, whole: true }, who, everything);
    }
    for (const service of written(runner.services) ?? []) {
      yield* judge(service, who, everything, ', a service');
    }
  },
});

/** An image as written somewhere. */
type Use = Pick<Service, 'ref' | 'origin' | 'whole'>;

/** `every` is for all images; without it only those that build or run containers are judged. */
function* judge(use: Use, who: string, every: boolean, as = ', the image'): Iterable<Report> {
  const { ref, origin } = use;
  if (ref.tag === undefined || ref.digest !== undefined || ref.name === undefined) return;
  const docker = dockerImage(ref) !== undefined;
  if (!every && !docker && !buildsOrRuns(ref.repository)) return;
  if (!isFloating(ref, docker)) return;
  const how = ref.tag === '' ? 'has no tag' : `has the moving tag "${ref.tag}"`;
  yield {
    at: origin.place,
    message: `${show(ref.text)}${as} of ${who} ${how}: it may be another version tomorrow.`,
    fixes: () => pin(use, docker),
  };
}

function isFloating(ref: ImageRef, docker: boolean): boolean {
  const tag = ref.tag || 'latest';
  if (docker) return parseDockerTag(tag).floating && !FROZEN.test(tag);
  return tag === 'latest' || isFloatingBuilderTag(ref.repository, tag);
}

/** These names have stopped moving; that they are old is another matter. */
const FROZEN = /^(?:stable|edge|test|git)(?:-|$)/;

/** GitLab's pull-through cache of Docker Hub: what it serves is what is there. */
const PULL_THROUGH = /^\$\{?CI_DEPENDENCY_PROXY_\w*PREFIX\}?$/;

function pin({ ref, origin, whole }: Use, docker: boolean): readonly FixPlan[] {
  const known = isHubLibrary(ref) || PULL_THROUGH.test(show(ref.text).split('/docker')[0] ?? '');
  const builder = docker ? undefined : findBuilderImage(ref.repository);
  const published = docker
    ? known
    : builder?.state === 'maintained' && builder.repositories.includes(plain(ref));
  const wanted = docker
    ? newestPatch(undefined, parseDockerTag(ref.tag || 'latest').variant)
    : pinFor(ref.repository, ref.tag || undefined);
  if (wanted === undefined || !published || !whole || !isLiteral(ref.text)) return [];
  const image = `${ref.repository}:${wanted}`;
  const date = docker ? DOCKER_TAGS_DATE : BUILDER_IMAGES_DATE;
  return [
    {
      title: `Pin to ${image} (newest known on ${date})`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value: image }],
    },
  ];
}

function plain(ref: ImageRef): string {
  return ref.repository.replace(/^(?:index\.|registry-1\.)?docker\.io\//, '');
}
