/** The docker daemon of the host, whose socket is mounted into jobs. */
import { prose } from '../model/prose.js';
import { composeClient } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import { buildxSteps, SELF_HOSTED, workflow } from './github.js';
import { dockerImage, dockerRunner, gitlabJob, login } from './gitlab.js';
import { dockerAgent, HOME, hostSteps, jenkinsfile, shellStep } from './jenkins.js';

export const dood: Strategy = {
  id: 'dood',
  title: 'Socket of the host (DooD)',
  recognises: ({ client, daemon }) => client !== undefined && daemon.kind === 'host-socket',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'The runner mounts /var/run/docker.sock of its host into every job. Containers that a job starts are its neighbours, not its children.',
    when: "One trusted team has a machine to itself and wants the host's own cache.",
    whenNot:
      'Anyone else may run jobs there, or something else runs on the machine: the socket is root on the host, also when it is mounted read-only.',
    pro: 'Builds start at once, with a warm cache.',
    con: 'Every job is root on the host, and can destroy what other jobs run.',
    needs: [
      'a runner with docker on its host, and the socket among its volumes',
      'something on the host that clears away old images and containers',
    ],
    demands: { privileged: false, hostDaemon: true, runsContainers: true, multiPlatform: false },
    traits: {
      privilege: 'none, but the socket of the host',
      takeover: 'the machine, at once',
      isolation: 'none',
      cache: "the host's, shared by all jobs",
      speed: 'no start, warm cache',
      platforms: "as the host's daemon",
      runs: 'yes, beside the job; paths are those of the host',
    },
    accepts: ['docker-sock-mount'],
    facts: [
      {
        text: 'A socket mounted read-only still takes every request: the mode is about the file, not about what is sent through it.',
        source: 'github.com/amir20/dozzle issues 3088 and 4873',
        date: '2026-11-21',
      },
      {
        text: 'Volumes of a runner are mounted into its services as well, so a dind service dies beside a mounted socket: "device or resource busy".',
        source: 'run of a real dockerd; gitlab.com/gitlab-org/gitlab-runner, executors/docker/docker.go',
        date: '2026-11-21',
      },
      {
        text: 'One team reports about 40 % less use of resources than with dind, and a cache that grew to between 50 and 80 GB.',
        source: 'a report of a single author, without method',
        date: '2026-06-03',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: docker CLI"] --> socket(["/var/run/docker.sock"])',
      '  socket --> daemon["dockerd of the host, root"]',
      '  daemon --> others["containers of all jobs"]',
      'end',
      'daemon -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () => ({
        pipeline: gitlabJob({
          about: ABOUT,
          image: dockerImage('cli'),
          services: '[]',
          variables: { DOCKER_HOST: 'unix:///var/run/docker.sock' },
          before: [login('docker')],
          script: INLINE_PUSH,
        }),
        runner: dockerRunner([
          'privileged = false',
          'volumes = ["/var/run/docker.sock:/var/run/docker.sock", "/cache"]',
        ]),
      }),
      'gitlab-kubernetes':
        'Nodes of today run containerd and have no docker socket; where one has, a job would be root on the node.',
      'github-hosted': 'The daemon of the machine serves one job only and ends with it: that is hosted.',
      'github-self-hosted': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: SELF_HOSTED, steps: buildxSteps([], []) }),
        engine: 'docker',
      }),
      'github-arc':
        'Nodes of today run containerd and have no docker socket; where one has, a job would be root on the node.',
      'jenkins-docker': () =>
        jenkinsfile({
          about: ABOUT,
          agent: dockerAgent(dockerImage('cli'), [
            '-v /var/run/docker.sock:/var/run/docker.sock',
            '--group-add @group@',
            HOME,
          ]),
          steps: shellStep(hostSteps()),
        }),
      'jenkins-kubernetes':
        'Nodes of today run containerd and have no docker socket; where one has, a job would be root on the node.',
      compose: () => ({
        pipeline: composeClient({ about: ABOUT, volumes: ['/var/run/docker.sock:/var/run/docker.sock'] }),
      }),
    },
  }),
};

const ABOUT =
  "Builds the Dockerfile at the root with the docker daemon of the host, and pushes to the project's registry.";

/** How the host keeps its images is not known, and the cache inside of the image works in both ways. */
const INLINE_PUSH: readonly string[] = [
  '- |',
  '  docker buildx build --push \\',
  '    --cache-from "type=registry,ref=$CI_REGISTRY_IMAGE:cache" \\',
  '    --cache-to "type=inline" \\',
  '    --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" \\',
  '    --tag "$CI_REGISTRY_IMAGE:cache" .',
];
