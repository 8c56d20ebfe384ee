/** Podman: builds as Buildah does, with the commands of docker. */
import { pinnedImage } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { daemonlessTool, UNCONFINED, unconfinedInPods } from './daemonless.js';
import type { Strategy, StrategyFacts } from './define.js';
import { dockerRunner, gitlabJob, kubernetesRunner, login } from './gitlab.js';

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
      runs: 'not in a container without more rights',
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
        pipeline: pipeline(),
        runner: dockerRunner([...UNCONFINED, 'volumes = ["/cache"]']),
      }),
      'gitlab-kubernetes': () => ({ pipeline: pipeline(), runner: kubernetesRunner(unconfinedInPods()) }),
    },
  }),
};

function pipeline(): string {
  return gitlabJob({
    about: "Builds the Dockerfile at the root with Podman, and pushes to the project's registry.",
    image: pinnedImage('podman'),
    variables: { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot', BUILDAH_FORMAT: 'docker' },
    before: [login('podman')],
    script: [
      '- |',
      '  podman build --layers \\',
      '    --cache-from "$CI_REGISTRY_IMAGE/cache" \\',
      '    --cache-to "$CI_REGISTRY_IMAGE/cache" \\',
      '    --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .',
      '- podman push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"',
    ],
  });
}
