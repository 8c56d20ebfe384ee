/** Docker-in-Docker whose daemon runs as an ordinary user inside of its container. */
import { prose } from '../model/prose.js';
import { COMPOSE_TLS, composeDind } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import {
  certificates,
  dindOnDocker,
  dindOnKubernetes,
  PRIVILEGED_SERVICES,
  privilegedDinds,
  TLS_IN_PODS,
} from './dind.js';
import { dindInPod, dindOnAgent, PRIVILEGED } from './jenkins.js';

export const dindRootless: Strategy = {
  id: 'dind-rootless',
  title: 'Rootless Docker-in-Docker',
  recognises: ({ client, daemon }) => client !== undefined && daemon.kind === 'dind-rootless',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'As Docker-in-Docker with TLS, but the daemon in the service runs as user 1000 in a user namespace. The container around it still has to be privileged.',
    when: 'Jobs need docker itself, and a hole in the daemon or in a container that it starts shall not end up as root.',
    whenNot:
      'Builds need fast networks, limits on memory or CPU, or storage drivers that an ordinary user cannot have; and where privileged containers are forbidden it is forbidden too.',
    pro: 'What jobs start runs as an ordinary user.',
    con: 'The service is still privileged, networks are slower, limits may not hold.',
    needs: [
      'a runner that runs the rootless dind service privileged; the job itself needs no privilege',
      'a volume at /certs/client that service and job share',
      'user namespaces for ordinary users on the host',
    ],
    demands: { privileged: true, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'privileged service, its daemon as user 1000',
      takeover: 'the machine, by one step more',
      isolation: 'a daemon for each job, in a user namespace',
      cache: 'registry',
      speed: 'slower networks',
      platforms: 'in part, with emulators on the host',
      runs: 'yes, with limits',
    },
    accepts: ['compose-privileged-service'],
    facts: [
      {
        text: 'The tag ends in -dind-rootless; there is no -rootless alone.',
        source: 'github.com/docker-library/official-images, library/docker',
        date: '2026-08-10',
      },
      {
        text: 'Docker documents rootless dind with --privileged, since the profiles of an ordinary container forbid user namespaces and mounts; GitLab Runner cannot lift the last of them, systempaths.',
        source: 'https://hub.docker.com/_/docker; gitlab.com/gitlab-org/gitlab-runner/-/issues/36810',
        date: '2026-08-22',
      },
      {
        text: 'From 29.5 on its network goes through slirp4netns, before through vpnkit.',
        source: 'github.com/docker-library/docker, dockerd-entrypoint.sh',
        date: '2026-08-06',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: docker CLI"] -- "TLS, port 2376" --> dind',
      '  subgraph service ["service, privileged"]',
      '    dind["dockerd as user 1000"]',
      '  end',
      '  job <-. "/certs/client" .-> service',
      'end',
      'dind -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () =>
        dindOnDocker({
          about: ABOUT,
          variant: 'dind-rootless',
          variables: { DOCKER_TLS_CERTDIR: '/certs' },
          runner: [...privilegedDinds('dind-rootless'), 'volumes = ["/certs/client", "/cache"]'],
        }),
      'gitlab-kubernetes': () =>
        dindOnKubernetes({
          about: ABOUT,
          variant: 'dind-rootless',
          variables: TLS_IN_PODS,
          port: 2376,
          runner: [...PRIVILEGED_SERVICES, ...certificates()],
        }),
      'github-hosted':
        'The machine has docker already and ends with the job, so there is nothing that a rootless daemon would guard.',
      'github-self-hosted':
        'The runner puts the socket of the machine into every container job, so a rootless daemon beside it guards nothing.',
      'github-arc':
        "The user of the runner may not open the socket of another user's daemon; dind-socket gives it the group.",
      'jenkins-docker': () => dindOnAgent({ about: ABOUT, variant: 'dind-rootless', allow: '--privileged' }),
      'jenkins-kubernetes': () =>
        dindInPod({ about: ABOUT, variant: 'dind-rootless', allow: PRIVILEGED, share: 'certificates' }),
      compose: () => ({
        pipeline: composeDind({
          about: ABOUT,
          ...COMPOSE_TLS,
          variant: 'dind-rootless',
          allow: 'privileged: true',
        }),
      }),
    },
  }),
};

const ABOUT =
  "Builds the Dockerfile at the root with a rootless docker daemon of its own, and pushes to the project's registry.";
