/** Buildah: builds in a user namespace of the job's own container, without a daemon. */
import { prose } from '../model/prose.js';
import { gitlabPipeline, inCompose, inJenkinsPod, onDockerAgent } from './buildah-recipes.js';
import { daemonlessTool, UNCONFINED, unconfinedInPods } from './daemonless.js';
import type { Strategy, StrategyFacts } from './define.js';
import { daemonlessSteps, HOSTED, SELF_HOSTED, workflow } from './github.js';
import { dockerRunner, kubernetesRunner } from './gitlab.js';

export const buildah: Strategy = {
  id: 'buildah',
  title: 'Buildah',
  recognises: trace => daemonlessTool(trace) === 'buildah',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: "Buildah builds Dockerfiles in a user namespace inside of the job's container, with chroot for the steps and plain folders for the layers.",
    when: "OpenShift and other places where Red Hat's tools are at home, or images are put together by scripts and not by a Dockerfile.",
    whenNot: 'Images are large: plain folders copy every layer, which takes time and room.',
    pro: 'No daemon, no privilege, and scripts besides Dockerfiles.',
    con: 'With vfs it copies whole layers, and seccomp and AppArmor have to be lifted.',
    needs: [
      'a runner that starts jobs without the default seccomp and AppArmor profiles',
      'user namespaces for ordinary users on the host',
    ],
    demands: { privileged: false, hostDaemon: false, runsContainers: false, multiPlatform: true },
    traits: {
      privilege: 'none; seccomp and AppArmor lifted',
      takeover: 'its own user namespace, short of a hole in the kernel',
      isolation: 'a container for each job',
      cache: 'registry',
      speed: 'slower: vfs copies layers',
      platforms: 'yes, with emulators on the host',
      runs: 'no',
    },
    accepts: [],
    facts: [
      {
        text: 'Under Docker\'s default seccomp profile it stops with "Error during unshare(CLONE_NEWUSER): Operation not permitted", also with chroot and vfs; with seccomp=unconfined the same build runs.',
        source:
          'runs of buildah 1.28.2 in containers of docker 20.10.24; github.com/containers/buildah/issues/4538; gitlab.com/gitlab-org/gitlab/-/issues/574252',
        date: '2026-11-29',
      },
      {
        text: '1.44 mounts an overlay over the context whatever the storage, which fails in many pods; the image is pinned to 1.43.',
        source: 'github.com/containers/buildah/issues/6910',
        date: '2026-05-31',
      },
      {
        text: "The images are built from Fedora's packages and lag behind releases of the software.",
        source: 'github.com/containers/image_build, README',
        date: '2026-10-01',
      },
      {
        text: "GitHub's Ubuntu 24.04 machines have Buildah 1.33.7.",
        source: 'github.com/actions/runner-images, images/ubuntu/Ubuntu2404-Readme.md',
        date: '2026-08-21',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  subgraph job ["container of the job"]',
      '    buildah["buildah in a user namespace"]',
      '  end',
      'end',
      'buildah -- "pull, push, cache" --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: gitlabPipeline('buildah', ABOUT),
        runner: dockerRunner([...UNCONFINED, 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({
        pipeline: gitlabPipeline('buildah', ABOUT),
        runner: kubernetesRunner(unconfinedInPods()),
      }),
      'github-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: HOSTED, steps: daemonlessSteps('buildah') }),
      }),
      'github-self-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: SELF_HOSTED, steps: daemonlessSteps('buildah') }),
        needs: ['Buildah on the machine, and subordinate ids for the user of the runner'],
      }),
      'github-arc':
        'The image of the runner has no Buildah; BuildKit beside it needs no daemon either: buildx-remote.',
      'jenkins-docker': () => onDockerAgent('buildah', ABOUT),
      'jenkins-kubernetes': () => inJenkinsPod('buildah', ABOUT),
      compose: () => inCompose('buildah', ABOUT),
    },
  }),
};

const ABOUT = "Builds the Dockerfile at the root with Buildah, and pushes to the project's registry.";
