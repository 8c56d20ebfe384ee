/** A proxy between jobs and the socket of the host that lets through a part of the API. */
import { prose } from '../model/prose.js';
import type { Strategy, StrategyFacts } from './define.js';

export const socketProxy: Strategy = {
  id: 'socket-proxy',
  title: "Proxy in front of the host's socket",
  recognises: ({ client, daemon }) => client !== undefined && daemon.kind === 'socket-proxy',
  ...prose<StrategyFacts>({
    state: 'maintained',
    what: 'A container of its own holds the socket of the host and passes on only the kinds of requests that it is told to.',
    when: 'Tools look at containers of the host and change nothing: dashboards, reverse proxies, log collectors.',
    whenNot:
      "Jobs build or start containers: a proxy that lets them do so looks at paths, not at what is asked for, and a container with the host's root folder is one request away.",
    pro: 'Who only looks can do no more than look.',
    con: 'What a build needs is nearly the whole API, so the proxy protects little then.',
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
    },
  }),
};
