/** The recipes of Buildah and of Podman, which has Buildah inside: they differ in the word that is called. */
import { pinnedImage } from '../catalog/builder-images.js';
import { COMPOSE_IMAGE, COMPOSE_UNCONFINED, composeFile, composeLogin } from './compose.js';
import { gitlabJob, login } from './gitlab.js';
import {
  AGENT_USER,
  buildContainer,
  daemonlessSteps,
  dockerAgent,
  jenkinsfile,
  pod,
  podAgent,
  shellStep,
  UNCONFINED_ARGS,
  unconfined,
  variables,
} from './jenkins.js';
import type { Recipe } from './recipe.js';

type Tool = 'buildah' | 'podman';

/** What works in any container that may make user namespaces. */
const VFS = { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot', BUILDAH_FORMAT: 'docker' };

export function gitlabPipeline(tool: Tool, about: string): string {
  return gitlabJob({
    about,
    image: pinnedImage(tool),
    variables: VFS,
    before: [login(tool)],
    script: [
      '- |',
      `  ${tool} build --layers \\`,
      '    --cache-from "$CI_REGISTRY_IMAGE/cache" \\',
      '    --cache-to "$CI_REGISTRY_IMAGE/cache" \\',
      '    --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .',
      `- ${tool} push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"`,
    ],
  });
}

export function onDockerAgent(tool: Tool, about: string): Recipe {
  return jenkinsfile({
    about,
    needs: [AGENT_USER],
    agent: dockerAgent(pinnedImage(tool), [
      ...UNCONFINED_ARGS,
      ...Object.entries(VFS).map(([name, value]) => `-e ${name}=${value}`),
    ]),
    steps: shellStep(daemonlessSteps(tool)),
  });
}

export function inJenkinsPod(tool: Tool, about: string): Recipe {
  return jenkinsfile({
    about,
    agent: podAgent(pod(buildContainer(pinnedImage(tool), [...unconfined(), ...variables(VFS)]))),
    steps: shellStep(daemonlessSteps(tool)),
  });
}

export function inCompose(tool: Tool, about: string): Recipe {
  const pipeline = composeFile({
    about,
    image: pinnedImage(tool),
    environment: VFS,
    keys: COMPOSE_UNCONFINED,
    script: [
      composeLogin(tool),
      `${tool} build --layers \\`,
      `  --cache-from ${COMPOSE_IMAGE}/cache \\`,
      `  --cache-to ${COMPOSE_IMAGE}/cache \\`,
      `  --tag "${COMPOSE_IMAGE}:$TAG" .`,
      `${tool} push "${COMPOSE_IMAGE}:$TAG"`,
    ],
  });
  return { pipeline };
}
