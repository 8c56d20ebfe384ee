/** Docker-in-Docker with TLS: a daemon of the job's own, reached over a port that asks for certificates. */
import { prose } from '../model/prose.js';
import { COMPOSE_TLS, composeDind } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import {
  certificates,
  dindOnDocker,
  dindOnKubernetes,
  PRIVILEGED_SERVICES,
  portTls,
  privilegedDinds,
  TLS_IN_PODS,
} from './dind.js';
import { buildxSteps, dindService, GITHUB_CACHE, SELF_HOSTED, workflow } from './github.js';
import { dindInPod, dindOnAgent, PRIVILEGED } from './jenkins.js';

export const dindTls: Strategy = {
  id: 'dind-tls',
  title: 'Docker-in-Docker with TLS',
  recognises: trace => (portTls(trace) ?? 'none') !== 'none',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'A service container runs a docker daemon for this job alone. It makes certificates when it starts, and the client in the job uses them on port 2376.',
    when: "Jobs need docker itself (docker run, Compose, Testcontainers), the runner may run privileged services, and those who may start jobs are trusted or every job gets a machine of its own. It is what GitLab.com's hosted runners are made for.",
    whenNot:
      'Anyone may run jobs on a machine that others use after them: a privileged service can take it over. For building and pushing alone it is more than needed.',
    pro: 'All of docker works, afresh for every job.',
    con: 'The service is privileged, so a job can become root on the machine.',
    needs: [
      'a runner that runs the dind service privileged; the job itself needs no privilege',
      'a volume at /certs/client that service and job share',
    ],
    demands: { privileged: true, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'privileged service',
      takeover: 'the machine, through the privileged service',
      isolation: 'a daemon for each job',
      cache: 'registry',
      speed: 'some seconds to make keys and start, then cold',
      platforms: 'yes, with emulators on the host',
      runs: 'yes',
    },
    accepts: ['compose-privileged-service', 'gh-privileged-service'],
    facts: [
      {
        text: "A dind with a non-empty DOCKER_TLS_CERTDIR listens on 2376 only; the client's entrypoint finds the certificates by itself.",
        source: 'github.com/docker-library/docker, dockerd-entrypoint.sh and docker-entrypoint.sh',
        date: '2026-08-06',
      },
      {
        text: "The Kubernetes executor does not run the image's entrypoint, so host, switch and path have to be set by hand there, and it waits for a service only where HEALTHCHECK_TCP_PORT is set on the service.",
        source: 'gitlab.com/gitlab-org/gitlab-runner, executors/kubernetes',
        date: '2026-08-22',
      },
      {
        text: "From Docker 29 on, a fresh dind keeps images in containerd's store, so the builder that comes with it exports caches and builds for several platforms.",
        source: 'https://docs.docker.com/engine/release-notes/29/',
        date: '2025-11-10',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: docker CLI"] -- "TLS, port 2376" --> dind["service: dockerd, privileged"]',
      '  job <-. "/certs/client" .-> dind',
      'end',
      'dind -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () =>
        dindOnDocker({
          about: ABOUT,
          variables: { DOCKER_TLS_CERTDIR: '/certs' },
          runner: [...privilegedDinds('dind'), 'volumes = ["/certs/client", "/cache"]'],
        }),
      'gitlab-kubernetes': () =>
        dindOnKubernetes({
          about: ABOUT,
          variables: TLS_IN_PODS,
          port: 2376,
          runner: [...PRIVILEGED_SERVICES, ...certificates()],
        }),
      'github-hosted':
        'The machine has docker already, and is made for one job; a privileged daemon beside it only costs time.',
      'github-self-hosted': () => ({
        pipeline: workflow({
          about: ABOUT,
          runsOn: SELF_HOSTED,
          around: dindService(),
          steps: buildxSteps([], GITHUB_CACHE),
        }),
        engine: 'docker',
        needs: ['an x64 machine: on others GitHub runs no actions in containers of Alpine'],
      }),
      'github-arc':
        'Containers of a pod share volumes, so a socket does it without certificates: dind-socket.',
      'jenkins-docker': () => dindOnAgent({ about: ABOUT, allow: '--privileged' }),
      'jenkins-kubernetes': () => dindInPod({ about: ABOUT, allow: PRIVILEGED, share: 'certificates' }),
      compose: () => ({ pipeline: composeDind({ about: ABOUT, ...COMPOSE_TLS, allow: 'privileged: true' }) }),
    },
  }),
};

const ABOUT =
  "Builds the Dockerfile at the root with a docker daemon of its own, and pushes to the project's registry.";
