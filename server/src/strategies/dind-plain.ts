/** Docker-in-Docker without TLS: a daemon of the job's own on a port that asks for nothing. */
import { prose } from '../model/prose.js';
import type { Strategy, StrategyFacts } from './define.js';
import { dindOnDocker, dindOnKubernetes, PRIVILEGED_SERVICES, portTls, privilegedDinds } from './dind.js';

export const dindPlain: Strategy = {
  id: 'dind-plain',
  title: 'Docker-in-Docker without TLS',
  recognises: trace => portTls(trace) === 'none',
  ...prose<StrategyFacts>({
    state: 'deprecated',
    what: 'A service container runs a docker daemon for this job alone, which answers on port 2375 to whoever asks.',
    when: 'Service and job cannot share a folder for certificates or for a socket.',
    whenNot:
      'Nearly always: with a shared folder, TLS or a unix socket do the same without an open port. Docker means to refuse such daemons one day.',
    pro: 'Nothing is shared between service and job.',
    con: 'Whoever reaches the port is root, and Docker has announced its end.',
    needs: ['a runner that runs the dind service privileged; the job itself needs no privilege'],
    demands: { privileged: true, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'privileged service',
      takeover: 'the machine, and from neighbours on its network too',
      isolation: 'a daemon for each job, its port open to the network',
      cache: 'registry',
      speed: 'about a second to start; 16 more without --tls=false',
      platforms: 'yes, with emulators on the host',
      runs: 'yes',
    },
    accepts: ['plain-tcp-deprecated'],
    facts: [
      {
        text: 'Daemons on TCP without TLS are deprecated; dockerd warns that it will refuse to start that way, and up to 29.7 still starts.',
        source: 'github.com/docker/cli docs/deprecated.md; github.com/moby/moby daemon/command/daemon.go',
        date: '2026-08-20',
      },
      {
        text: 'Without --tls=false dockerd waits for 16 seconds before it listens on 2375: measured 17.4 s against 2.5 s.',
        source: "runs of the official image's entrypoint and daemon",
        date: '2026-11-21',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  job["job: docker CLI"] -- "plain TCP, port 2375" --> dind["service: dockerd, privileged"]',
      '  other["other containers"] -. "same port" .-> dind',
      'end',
      'dind -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () =>
        dindOnDocker({
          ...PLAIN,
          runner: [...privilegedDinds('dind'), 'volumes = ["/cache"]'],
        }),
      'gitlab-kubernetes': () => dindOnKubernetes({ ...PLAIN, port: 2375, runner: PRIVILEGED_SERVICES }),
      'github-hosted': 'The machine has docker already; a privileged daemon beside it only costs time.',
      'github-self-hosted':
        'Volumes of a job reach its services too, so certificates cost nothing more: dind-tls.',
      'github-arc':
        'Containers of a pod share volumes, so a socket does it without an open port: dind-socket.',
      'jenkins-docker':
        'The machine shares a volume between both containers, so certificates cost nothing more: dind-tls.',
      'jenkins-kubernetes':
        'Containers of a pod share volumes, so certificates or a socket cost nothing more: dind-tls or dind-socket.',
      compose:
        'Containers of Compose share volumes, so certificates or a socket cost nothing more: dind-tls or dind-socket.',
    },
  }),
};

const PLAIN = {
  about:
    "Builds the Dockerfile at the root with a docker daemon of its own, without TLS, and pushes to the project's registry.",
  variables: { DOCKER_HOST: 'tcp://docker:2375', DOCKER_TLS_CERTDIR: '' },
  command: '["--tls=false"]',
};
