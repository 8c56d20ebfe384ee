/** The docker that comes with a hosted machine, which is new for every job. */
import { prose } from '../model/prose.js';
import type { Strategy, StrategyFacts } from './define.js';
import { builder, buildxSteps, GITHUB_CACHE, HOSTED, workflow } from './github.js';

export const hosted: Strategy = {
  id: 'hosted',
  title: 'Docker of a hosted machine',
  recognises: ({ client, daemon }) => client !== undefined && daemon.kind === 'hosted',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'The machine is made for one job and thrown away after it, and a docker daemon runs on it already.',
    when: 'The provider has it: nothing is to be set up, and what a job breaks goes with its machine.',
    whenNot: 'Code or networks must not leave your own machines, or builds need a cache on disk.',
    pro: 'Nothing to set up, and a machine for every job.',
    con: 'Nothing stays from job to job, and the provider chooses the machine.',
    needs: ['a provider whose machines have docker'],
    demands: { privileged: false, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'root on a machine of its own',
      takeover: 'a machine that ends with the job',
      isolation: 'a machine for each job',
      cache: "registry, or the provider's",
      speed: 'no start, cold',
      platforms: 'yes, with emulators or on machines of each kind',
      runs: 'yes',
    },
    accepts: [],
    facts: [
      {
        text: "Every job of a workflow on GitHub's machines gets a machine of its own, with docker on it on Ubuntu.",
        source:
          'https://docs.github.com/en/actions/how-tos/manage-runners/github-hosted-runners/use-github-hosted-runners; github.com/actions/runner-images, images/ubuntu/Ubuntu2404-Readme.md',
        date: '2026-08-21',
      },
      {
        text: "The builder that comes with the machine's docker exports no cache, so setup-buildx-action makes one that does.",
        source: 'https://docs.docker.com/build/cache/backends/gha/',
        date: '2026-08-21',
      },
      {
        text: "GitLab.com's hosted runners are machines of a job's own too, but jobs run in containers there, so they need a dind service.",
        source: 'https://docs.gitlab.com/ci/runners/hosted_runners/linux/',
        date: '2026-08-22',
      },
    ],
    topology: [
      'subgraph machine ["machine of the provider, for one job"]',
      '  job["job: docker CLI"] --> socket(["/var/run/docker.sock"])',
      '  socket --> daemon["dockerd"]',
      'end',
      'daemon -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker':
        "GitLab.com's hosted runners start a container for each job, in which docker needs a dind service: that is dind-tls.",
      'gitlab-kubernetes': 'A pod is no machine of its own; its docker would have to be a dind service.',
      'github-hosted': () => ({
        pipeline: workflow({
          about:
            "Builds the Dockerfile at the root with the docker of the machine, and pushes to the repository's registry.",
          runsOn: HOSTED,
          steps: buildxSteps(builder(), GITHUB_CACHE),
        }),
      }),
      'github-self-hosted':
        'The machine is your own and stays after the job, so its docker is the one of the host: that is dood.',
      'github-arc': 'A pod is no machine of its own; its docker would have to be a dind beside the runner.',
      'jenkins-docker':
        'Agents are machines that somebody looks after, and their docker is the one of the host: that is dood.',
      'jenkins-kubernetes':
        'A pod is no machine of its own; its docker would have to be a dind beside the steps.',
      compose:
        'Compose runs on a machine that somebody looks after, and its docker is the one of the host: that is dood.',
    },
  }),
};
