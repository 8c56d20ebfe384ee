/** A proxy between jobs and the socket of the host that lets through a part of the API. */
import { pinFor } from '../catalog/builder-images.js';
import { prose } from '../model/prose.js';
import { composeClient } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';

export const socketProxy: Strategy = {
  id: 'socket-proxy',
  title: "Proxy in front of the host's socket",
  recognises: ({ client, daemon }) => client !== undefined && daemon.kind === 'socket-proxy',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'A container of its own holds the socket of the host and passes on only the kinds of requests that it is told to.',
    when: "Tools look at containers of the host and change nothing: dashboards, reverse proxies, log collectors. Or one trusted team builds with the host's cache, and its jobs shall start no containers.",
    whenNot:
      "Jobs start containers: a proxy that lets them do so looks at paths, not at what is asked for, and a container with the host's root folder is one request away.",
    pro: 'Whoever builds can start no containers.',
    con: 'What a build needs also lets its author replace the images of the host.',
    needs: ['a docker daemon on the host', 'a network that the proxy and its clients alone are in'],
    demands: { privileged: false, hostDaemon: true, runsContainers: false, multiPlatform: false },
    traits: {
      privilege: 'none; the proxy holds the socket of the host',
      takeover: 'the machine, once creating containers is let through',
      isolation: 'none',
      cache: "the host's, shared by all jobs",
      speed: 'no start, warm cache',
      platforms: "as the host's daemon",
      runs: 'not without giving the host away',
    },
    accepts: [],
    facts: [
      {
        text: 'By default only events, ping and version are let through; POST=1 with CONTAINERS=1 is root on the host, since bodies are not looked at.',
        source: 'github.com/Tecnativa/docker-socket-proxy, haproxy.cfg',
        date: '2025-09-05',
      },
      {
        text: 'A build with BuildKit needs BUILD, SESSION, GRPC and POST, a push IMAGES and AUTH as well.',
        source: 'github.com/Tecnativa/docker-socket-proxy, haproxy.cfg',
        date: '2025-09-05',
      },
    ],
    topology: [
      'subgraph machine ["machine"]',
      '  client["client"] -- "plain HTTP, port 2375" --> proxy["proxy: a part of the API"]',
      '  proxy --> socket(["/var/run/docker.sock"])',
      '  socket --> daemon["dockerd of the host, root"]',
      'end',
    ],
    cells: {
      'gitlab-docker':
        'Volumes of a runner go into all containers of a job, so a proxy that runs as its service would bring the socket itself along.',
      'gitlab-kubernetes': 'Nodes of today run containerd and have no docker socket to guard.',
      'github-hosted': 'The machine and its daemon belong to one job, so there is nobody to guard them from.',
      'github-self-hosted': 'Steps run on the machine, where its own socket is at hand past any proxy.',
      'github-arc': 'Nodes of today run containerd and have no docker socket to guard.',
      'jenkins-docker':
        'Whoever writes a Jenkinsfile can use the docker of the machine itself, past any proxy.',
      'jenkins-kubernetes': 'Nodes of today run containerd and have no docker socket to guard.',
      compose: () => ({
        pipeline: composeClient({
          about:
            "Builds the Dockerfile at the root with the docker daemon of the host, through a proxy that lets builds pass and no containers, and pushes to the project's registry.",
          environment: { DOCKER_HOST: 'tcp://proxy:2375' },
          keys: ['depends_on: [proxy]'],
          beside: [
            'proxy:',
            `  image: ${PROXY}:${pinFor(PROXY, undefined)}`,
            '  environment:',
            ...['AUTH', 'BUILD', 'GRPC', 'IMAGES', 'INFO', 'POST', 'SESSION'].map(name => `    ${name}: 1`),
            '  volumes:',
            '    - /var/run/docker.sock:/var/run/docker.sock',
          ],
        }),
      }),
    },
  }),
};

const PROXY = 'tecnativa/docker-socket-proxy';
