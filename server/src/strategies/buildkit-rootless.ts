/** Rootless BuildKit without a daemon beside the job: buildkitd starts for one build and runs as an ordinary user. */
import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { COMPOSE_IMAGE, COMPOSE_UNCONFINED, composeAuthFile, composeFile } from './compose.js';
import { daemonlessTool, UNCONFINED, unconfinedInPods } from './daemonless.js';
import type { Strategy, StrategyFacts } from './define.js';
import { authFile, dockerRunner, emptyDir, gitlabJob, kubernetesRunner } from './gitlab.js';
import {
  AGENT_USER,
  buildContainer,
  buildkitSteps,
  dockerAgent,
  jenkinsfile,
  pod,
  podAgent,
  shellStep,
  UNCONFINED_ARGS,
  unconfined,
  variables,
} from './jenkins.js';

export const buildkitRootless: Strategy = {
  id: 'buildkit-rootless',
  title: 'Rootless BuildKit',
  recognises: trace => daemonlessTool(trace) === 'buildkit',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'The job starts BuildKit for one build and ends it afterwards, as user 1000 in a user namespace. BuildKit is what docker build uses itself.',
    when: 'Jobs build and push. It is the choice for new pipelines, and what GitLab names as the way on from kaniko.',
    whenNot:
      'Jobs need docker run, Compose or Testcontainers, or the seccomp and AppArmor profiles of the runner cannot be lifted.',
    pro: "Docker's own builder, as an ordinary user.",
    con: "For the job's container, seccomp and AppArmor have to be lifted.",
    needs: [
      'a runner that starts jobs without the default seccomp and AppArmor profiles',
      'user namespaces for ordinary users on the host',
    ],
    demands: { privileged: false, hostDaemon: false, runsContainers: false, multiPlatform: true },
    traits: {
      privilege: 'none; seccomp and AppArmor lifted, user 1000',
      takeover: 'its own user namespace, short of a hole in the kernel',
      isolation: 'a container for each job',
      cache: 'registry',
      speed: 'near native, steps in parallel',
      platforms: 'yes, with the emulators of the image or of the host',
      runs: 'no',
    },
    accepts: [],
    facts: [
      {
        text: 'In a container it needs seccomp=unconfined and apparmor=unconfined, and --oci-worker-no-process-sandbox where /proc stays masked.',
        source:
          'github.com/moby/buildkit, docs/rootless.md; https://docs.gitlab.com/ci/docker/using_buildkit/',
        date: '2026-08-21',
      },
      {
        text: 'The image\'s own entrypoint is the daemon, so a job hangs until entrypoint: [""] clears it.',
        source: 'https://gitlab.com/gitlab-org/gitlab/-/issues/549941',
        date: '2026-08-22',
      },
      {
        text: 'Version 0.32.2 is the newest release whose -rootless image was seen.',
        source: 'github.com/moby/buildkit, releases',
        date: '2026-08-04',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  subgraph job ["container of the job, user 1000"]',
      '    buildctl -- "unix socket" --> buildkitd["buildkitd in a user namespace"]',
      '  end',
      'end',
      'buildkitd -- "pull, push, cache" --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: pipeline(),
        runner: dockerRunner([...UNCONFINED, 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({
        pipeline: pipeline(),
        runner: kubernetesRunner([
          ...unconfinedInPods(['run_as_user = 1000', 'run_as_group = 1000']),
          ...emptyDir('buildkit', '/home/user/.local/share/buildkit'),
        ]),
      }),
      'github-hosted':
        'The docker of the machine builds with BuildKit already, and the machine ends with the job: that is hosted.',
      'github-self-hosted':
        "Steps in BuildKit's image run as its user 1000, whom the folders of the runner need not belong to; Buildah needs no daemon on the machine either.",
      'github-arc':
        'Steps run in the image of the runner, so rootless BuildKit runs beside it: that is buildx-remote.',
      'jenkins-docker': () =>
        jenkinsfile({
          about: ABOUT,
          needs: [AGENT_USER],
          agent: dockerAgent(pinnedImage('buildkit', 'rootless'), [
            '--entrypoint=""',
            ...UNCONFINED_ARGS,
            `-e BUILDKITD_FLAGS=${FLAGS}`,
          ]),
          steps: shellStep(buildkitSteps(), '#!/bin/sh -e'),
        }),
      'jenkins-kubernetes': () =>
        jenkinsfile({
          about: ABOUT,
          agent: podAgent(
            pod(
              buildContainer(pinnedImage('buildkit', 'rootless'), [
                ...unconfined(['runAsUser: 1000', 'runAsGroup: 1000']),
                ...variables({ BUILDKITD_FLAGS: FLAGS }),
                'volumeMounts:',
                '  - { name: buildkit, mountPath: /home/user/.local/share/buildkit }',
              ]),
              ['volumes:', '  - name: buildkit', '    emptyDir: {}'],
            ),
          ),
          steps: shellStep(buildkitSteps(), '#!/bin/sh -e'),
        }),
      compose: () => ({
        pipeline: composeFile({
          about: ABOUT,
          image: pinnedImage('buildkit', 'rootless'),
          shell: 'sh',
          environment: { BUILDKITD_FLAGS: FLAGS },
          keys: COMPOSE_UNCONFINED,
          script: [
            ...composeAuthFile('~/.docker'),
            'buildctl-daemonless.sh build \\',
            '  --frontend dockerfile.v0 \\',
            '  --local context=. \\',
            '  --local dockerfile=. \\',
            `  --import-cache type=registry,ref=${COMPOSE_IMAGE}/cache \\`,
            `  --export-cache type=registry,ref=${COMPOSE_IMAGE}/cache,mode=max \\`,
            `  --output "type=image,name=${COMPOSE_IMAGE}:$TAG,push=true"`,
          ],
        }),
      }),
    },
  }),
};

const ABOUT =
  "Builds the Dockerfile at the root with rootless BuildKit, and pushes to the project's registry.";

/** Where /proc stays masked, as in most containers. */
const FLAGS = '--oci-worker-no-process-sandbox';

function pipeline(): string {
  return gitlabJob({
    about: ABOUT,
    image: pinnedImage('buildkit', 'rootless'),
    clearEntrypoint: true,
    variables: { BUILDKITD_FLAGS: FLAGS },
    before: authFile('~/.docker'),
    script: [
      '- |',
      '  buildctl-daemonless.sh build \\',
      '    --frontend dockerfile.v0 \\',
      '    --local context=. \\',
      '    --local dockerfile=. \\',
      '    --import-cache "type=registry,ref=$CI_REGISTRY_IMAGE/cache" \\',
      '    --export-cache "type=registry,ref=$CI_REGISTRY_IMAGE/cache,mode=max" \\',
      '    --output "type=image,name=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA,push=true"',
    ],
  });
}
