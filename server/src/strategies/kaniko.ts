/** Kaniko, in the fork that is maintained: builds inside of an ordinary container by unpacking over its own root. */
import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { COMPOSE_IMAGE, composeAuthFile, composeFile } from './compose.js';
import { daemonlessTool } from './daemonless.js';
import type { Strategy, StrategyFacts } from './define.js';
import { authFile, dockerRunner, gitlabJob, kubernetesRunner } from './gitlab.js';
import { buildContainer, jenkinsfile, kanikoSteps, pod, podAgent, shellStep } from './jenkins.js';

export const kaniko: Strategy = {
  id: 'kaniko',
  title: 'Kaniko (maintained fork)',
  recognises: trace => daemonlessTool(trace) === 'kaniko',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'The executor runs the steps of a Dockerfile in its own container, as root of that container, and pushes what changed. It needs neither a daemon nor user namespaces.',
    when: 'The runner gives away nothing: no privilege, no other seccomp profile, no runtime. It is also the shortest way on from the archived original.',
    whenNot:
      'New pipelines where the runner can give rootless BuildKit what it needs: BuildKit is faster, builds for several architectures, and is what Dockerfiles are written for.',
    pro: 'It works in a container that is allowed nothing.',
    con: 'It is slower, knows no other architectures, and not every Dockerfile feature.',
    needs: ['nothing but an ordinary runner'],
    demands: { privileged: false, hostDaemon: false, runsContainers: false, multiPlatform: false },
    traits: {
      privilege: 'none',
      takeover: 'its own container',
      isolation: 'a container for each job',
      cache: 'registry',
      speed: 'slower: it looks through all files after each step',
      platforms: 'no',
      runs: 'no',
    },
    accepts: [],
    facts: [
      {
        text: 'The original was archived on 2025-06-03 with v1.24.0; the fork at osscontainertools is maintained, v1.28.3 being the newest seen.',
        source:
          'github.com/GoogleContainerTools/kaniko; github.com/osscontainertools/kaniko README and CHANGELOG',
        date: '2026-08-13',
      },
      {
        text: 'Only the tags -debug and -alpine have a shell, which a job needs.',
        source: 'github.com/osscontainertools/kaniko, README',
        date: '2026-08-22',
      },
      {
        text: 'It extracts files and runs commands without mounts or namespaces, which no other builder does without some right beyond an ordinary container.',
        source: 'https://gitlab.com/gitlab-org/gitlab-runner/-/issues/38957',
        date: '2025-09-18',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: kaniko executor"]',
      'end',
      'job -- "pull, push, cache" --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: pipeline(),
        runner: dockerRunner(['privileged = false', 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({ pipeline: pipeline(), runner: kubernetesRunner([]) }),
      'github-hosted':
        "Kaniko's image cannot run the steps of GitHub's actions, and the machine has docker, which builds faster.",
      'github-self-hosted':
        "Kaniko's image cannot run the steps of GitHub's actions; Buildah needs no daemon on the machine either.",
      'github-arc':
        "Kaniko's image cannot run the steps of GitHub's actions, and the image of the runner has no Kaniko.",
      'jenkins-docker':
        'Kaniko has to be root of its container, and Jenkins starts containers on a machine as the user of the agent.',
      'jenkins-kubernetes': () =>
        jenkinsfile({
          about: ABOUT,
          agent: podAgent(pod(buildContainer(pinnedImage('kaniko', 'debug'), [], '/busybox/cat'))),
          steps: shellStep(kanikoSteps(), '#!/busybox/sh -e'),
        }),
      compose: () => ({
        pipeline: composeFile({
          about: ABOUT,
          image: pinnedImage('kaniko', 'debug'),
          shell: '/busybox/sh',
          script: [
            ...composeAuthFile('/kaniko/.docker'),
            '/kaniko/executor \\',
            '  --context /workspace \\',
            '  --dockerfile /workspace/Dockerfile \\',
            '  --cache=true \\',
            `  --cache-repo ${COMPOSE_IMAGE}/cache \\`,
            `  --destination "${COMPOSE_IMAGE}:$TAG"`,
          ],
        }),
      }),
    },
  }),
};

const ABOUT = "Builds the Dockerfile at the root with Kaniko, and pushes to the project's registry.";

function pipeline(): string {
  return gitlabJob({
    about: ABOUT,
    image: pinnedImage('kaniko', 'debug'),
    clearEntrypoint: true,
    before: authFile('/kaniko/.docker'),
    script: [
      '- |',
      '  /kaniko/executor \\',
      '    --context "$CI_PROJECT_DIR" \\',
      '    --dockerfile "$CI_PROJECT_DIR/Dockerfile" \\',
      '    --cache=true \\',
      '    --cache-repo "$CI_REGISTRY_IMAGE/cache" \\',
      '    --destination "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"',
    ],
  });
}
