/** Flags images whose tag moves under a pipeline's feet. */
import {
  BUILDER_IMAGES_DATE,
  buildsOrRuns,
  isFloatingBuilderTag,
  pinFor,
} from '../catalog/builder-images.js';
import { DOCKER_TAGS_DATE, newestPatch, parseDockerTag } from '../catalog/docker-tags.js';
import type { FixPlan } from '../model/finding.js';
import { type ImageRef, isDockerImage } from '../model/image-ref.js';
import { type Origin, settled } from '../model/known.js';
import { isLiteral, show } from '../model/text.js';
import { daemonCommands } from '../trace/tools.js';
import { defineRule, type Report } from './define.js';

export default defineRule({
  id: 'image-latest',
  severity: 'warning',
  profile: 'default',
  dialects: ['gitlab-ci', 'gitlab-runner'],
  title: 'Image with a tag that moves',
  why: 'latest, dind, cli and no tag at all mean another version tomorrow. Every major release of docker broke pipelines that had not pinned it: TLS in 19.03, nftables in December 2023, the API floor of 29.0.',
  remedy: 'Write the full version, as in docker:28.5.2-dind, and move it on purpose.',
  sources: [
    'https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker',
    'https://github.com/docker-library/docker/issues/463',
  ],
  fixable: true,

  *site(context) {
    const { site } = context;
    const image = settled(site.image);
    const callsDocker = daemonCommands(context.tools).length > 0;
    if (image)
      yield* judge(
        image.ref,
        image.origin,
        `Job "${site.name}"`,
        callsDocker || context.profile !== 'default',
      );
    for (const service of settled(site.services) ?? []) {
      yield* judge(service.ref, service.origin, `Job "${site.name}"`, context.profile !== 'default');
    }
  },

  *runner({ paired, profile }) {
    const { runner } = paired;
    const who = `Runner "${runner.name}"`;
    if (runner.image.state === 'known')
      yield* judge(runner.image.value, runner.image.origin, who, profile !== 'default');
    for (const service of settled(runner.services) ?? []) {
      yield* judge(service.ref, service.origin, who, profile !== 'default');
    }
  },
});

/** `every` is for all images; without it only those that build or run containers are judged. */
function* judge(ref: ImageRef, origin: Origin, who: string, every: boolean): Iterable<Report> {
  if (ref.tag === undefined || ref.digest !== undefined || ref.name === undefined) return;
  const docker = isDockerImage(ref);
  if (!every && !docker && !buildsOrRuns(ref.repository)) return;
  if (!isFloating(ref, docker)) return;
  const written = show(ref.text);
  const how = ref.tag === '' ? 'has no tag' : `has the moving tag "${ref.tag}"`;
  yield {
    at: origin.place,
    message: `${who} uses ${written}, which ${how} and may be another version tomorrow.`,
    fixes: () => pin(ref, origin, docker),
  };
}

function isFloating(ref: ImageRef, docker: boolean): boolean {
  const tag = ref.tag || 'latest';
  if (docker) return parseDockerTag(tag).floating && !FROZEN.test(tag);
  return tag === 'latest' || isFloatingBuilderTag(ref.repository, tag);
}

/** These names have stopped moving; that they are old is another matter. */
const FROZEN = /^(?:stable|edge|test|git)(?:-|$)/;

function pin(ref: ImageRef, origin: Origin, docker: boolean): readonly FixPlan[] {
  const tag = ref.tag || 'latest';
  const wanted = docker
    ? newestPatch(undefined, parseDockerTag(tag).variant)
    : pinFor(ref.repository, ref.tag || undefined);
  if (wanted === undefined || !isLiteral(ref.text)) return [];
  const date = docker ? DOCKER_TAGS_DATE : BUILDER_IMAGES_DATE;
  return [
    {
      title: `Pin to ${ref.name}:${wanted} (newest in the table of ${date})`,
      safety: 'unsafe',
      preferred: true,
      intents: [{ kind: 'replace-value', at: origin.place, value: `${ref.repository}:${wanted}` }],
    },
  ];
}
