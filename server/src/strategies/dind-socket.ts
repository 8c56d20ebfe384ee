/** Docker-in-Docker over a unix socket that lies in a folder which service and job share. */
import { prose } from '../model/prose.js';
import { dindBesideRunner } from './arc.js';
import { composeDind } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import {
  dindOnDocker,
  dindOnKubernetes,
  PRIVILEGED_SERVICES,
  privilegedDinds,
  usesDind,
  usesSocket,
} from './dind.js';
import { builder, buildxSteps, GITHUB_CACHE, SCALE_SET, workflow } from './github.js';
import { emptyDir } from './gitlab.js';
import { dindInPod, PRIVILEGED } from './jenkins.js';

export const dindSocket: Strategy = {
  id: 'dind-socket',
  title: 'Docker-in-Docker over a shared socket',
  recognises: trace => usesDind(trace) && usesSocket(trace),
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'A service container runs a docker daemon for this job alone and puts its socket into a folder that the job sees too.',
    when: 'Many dind jobs run at once on a runner, where a shared folder of certificates gets overwritten, or the client is no official image and would need its TLS set up by hand.',
    whenNot: 'The daemon shall be reached from another machine or pod: a socket does not leave the machine.',
    pro: 'No certificates, and no port to get wrong.',
    con: 'The service is privileged, so a job can become root on the machine.',
    needs: [
      'a runner that runs the dind service privileged; the job itself needs no privilege',
      'a volume at /runner/services/docker that service and job share',
    ],
    demands: { privileged: true, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'privileged service',
      takeover: 'the machine, through the privileged service',
      isolation: 'a daemon for each job',
      cache: 'registry',
      speed: 'as with TLS, without a handshake for each call',
      platforms: 'yes, with emulators on the host',
      runs: 'yes',
    },
    accepts: ['compose-privileged-service'],
    facts: [
      {
        text: 'GitLab recommends it where several TLS daemons at once would rewrite the same volume of certificates.',
        source: 'https://docs.gitlab.com/ci/docker/docker_in_docker/',
        date: '2026-08-22',
      },
      {
        text: 'Variables of the job reach the service too, so one DOCKER_HOST tells the daemon where to listen and the client where to ask.',
        source:
          'gitlab.com/gitlab-org/gitlab-runner, GetServiceVariables; docker-library/docker, dockerd-entrypoint.sh',
        date: '2026-08-22',
      },
      {
        text: 'The daemon opens a TCP port beside the socket all the same; DOCKER_TLS_CERTDIR keeps that one closed to those without a certificate.',
        source: 'github.com/docker-library/docker, dockerd-entrypoint.sh',
        date: '2026-08-06',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: docker CLI"] --> socket(["/runner/services/docker/docker.sock"])',
      '  socket --> dind["service: dockerd, privileged"]',
      'end',
      'dind -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () =>
        dindOnDocker({
          ...SOCKET,
          runner: [...privilegedDinds('dind'), 'volumes = ["/runner/services/docker", "/cache"]'],
        }),
      'gitlab-kubernetes': () =>
        dindOnKubernetes({
          ...SOCKET,
          port: 2376,
          runner: [...PRIVILEGED_SERVICES, ...emptyDir('docker-socket', '/runner/services/docker', 'Memory')],
        }),
      'github-hosted': 'The machine has docker already; a privileged daemon beside it only costs time.',
      'github-self-hosted': 'Certificates come by a volume just as well: dind-tls.',
      'github-arc': () => ({
        pipeline: workflow({
          about: SOCKET.about,
          runsOn: SCALE_SET,
          steps: buildxSteps(builder(), GITHUB_CACHE),
        }),
        runner: dindBesideRunner({ allow: ['securityContext:', '  privileged: true'] }),
      }),
      'jenkins-docker':
        'Steps run as the user of the agent, who may not open the socket of a daemon that is root: dind-tls.',
      'jenkins-kubernetes': () => dindInPod({ about: SOCKET.about, allow: PRIVILEGED, share: 'socket' }),
      compose: () => ({
        pipeline: composeDind({
          about: SOCKET.about,
          environment: { DOCKER_HOST: SHARED_SOCKET },
          volumes: ['docker-socket:/run/dind'],
          allow: 'privileged: true',
          variables: { DOCKER_HOST: SHARED_SOCKET, DOCKER_TLS_CERTDIR: '/certs' },
          shared: ['docker-socket', '/run/dind'],
        }),
      }),
    },
  }),
};

const SOCKET = {
  about:
    "Builds the Dockerfile at the root with a docker daemon of its own behind a shared socket, and pushes to the project's registry.",
  variables: {
    DOCKER_HOST: 'unix:///runner/services/docker/docker.sock',
    DOCKER_TLS_CERTDIR: '/certs',
  },
};

const SHARED_SOCKET = 'unix:///run/dind/docker.sock';
