/** Podman: builds as Buildah does, with the commands of docker. */
import { prose } from '../model/prose.js';
import { gitlabPipeline, inCompose, inJenkinsPod, onDockerAgent } from './buildah-recipes.js';
import { daemonlessTool, UNCONFINED, unconfinedInPods } from './daemonless.js';
import type { Strategy, StrategyFacts } from './define.js';
import { daemonlessSteps, HOSTED, SELF_HOSTED, workflow } from './github.js';
import { dockerRunner, kubernetesRunner } from './gitlab.js';

export const podman: Strategy = {
  id: 'podman',
  title: 'Podman',
  recognises: trace => daemonlessTool(trace) === 'podman',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: "Podman has Buildah inside and the command line of docker. It builds in a user namespace of the job's container, without a daemon.",
    when: 'Developers use Podman themselves, and the pipeline shall run the same commands as they do.',
    whenNot:
      'Jobs are to start containers too: that needs devices, networks and more rights than the recipe gives.',
    pro: 'No daemon, no privilege, and the commands of docker.',
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
      runs: 'on a machine; in a container not without more rights',
    },
    accepts: [],
    facts: [
      {
        text: 'Inside of podman build is Buildah, with the same needs: user namespaces, and mounts inside of them.',
        source: 'github.com/containers/podman, docs/source/markdown/podman-build.1.md.in',
        date: '2026-09-16',
      },
      {
        text: 'The image sets chroot isolation; its storage is overlay by fuse-overlayfs, which wants /dev/fuse, unless STORAGE_DRIVER says vfs.',
        source: 'github.com/containers/image_build, podman/Containerfile',
        date: '2026-10-01',
      },
      {
        text: "GitHub's Ubuntu 24.04 machines have Podman 5.8.4.",
        source: 'github.com/actions/runner-images, images/ubuntu/Ubuntu2404-Readme.md',
        date: '2026-08-21',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  subgraph job ["container of the job"]',
      '    podman["podman in a user namespace"]',
      '  end',
      'end',
      'podman -- "pull, push, cache" --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: gitlabPipeline('podman', ABOUT),
        runner: dockerRunner([...UNCONFINED, 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({
        pipeline: gitlabPipeline('podman', ABOUT),
        runner: kubernetesRunner(unconfinedInPods()),
      }),
      'github-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: HOSTED, steps: daemonlessSteps('podman') }),
        demands: RUNS_HERE,
      }),
      'github-self-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: SELF_HOSTED, steps: daemonlessSteps('podman') }),
        demands: RUNS_HERE,
        needs: ['Podman on the machine, and subordinate ids for the user of the runner'],
      }),
      'github-arc':
        'The image of the runner has no Podman; BuildKit beside it needs no daemon either: buildx-remote.',
      'jenkins-docker': () => onDockerAgent('podman', ABOUT),
      'jenkins-kubernetes': () => inJenkinsPod('podman', ABOUT),
      compose: () => inCompose('podman', ABOUT),
    },
  }),
};

const ABOUT = "Builds the Dockerfile at the root with Podman, and pushes to the project's registry.";

/** On a machine, without a container around it, it starts containers as well. */
const RUNS_HERE = { runsContainers: true };
