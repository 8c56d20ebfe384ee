/** Docker-in-Docker in containers of the Sysbox runtime, which need no privilege. */

import { prose } from '../model/prose.js';
import { dindBesideRunner } from './arc.js';
import { COMPOSE_TLS, composeDind } from './compose.js';
import type { Strategy, StrategyFacts } from './define.js';
import { certificates, dindOnDocker, dindOnKubernetes, isOnSysbox, TLS_IN_PODS } from './dind.js';
import { builder, buildxSteps, GITHUB_CACHE, SCALE_SET, workflow } from './github.js';
import { dindInPod, dindOnAgent } from './jenkins.js';

export const sysbox: Strategy = {
  id: 'sysbox',
  title: 'Docker-in-Docker on Sysbox',
  recognises: trace => trace.client !== undefined && trace.daemon.kind === 'dind' && isOnSysbox(trace),
  ...prose<StrategyFacts>({
    state: 'best-effort',
    what: 'Containers of the runner run on the Sysbox runtime, each in a user namespace of its own. A docker daemon runs in a service there without any privilege.',
    when: 'Jobs need docker itself, privileged containers are not allowed, and the machines or nodes are yours to install a runtime on.',
    whenNot:
      'Machines are managed by others, or a runtime without guaranteed support is out of the question.',
    pro: 'All of docker works, and nothing is privileged.',
    con: 'A runtime has to be installed on every machine, with best-effort support.',
    needs: [
      'Sysbox on the machines of the runner; on Kubernetes CRI-O, and a RuntimeClass sysbox-runc',
      'a volume at /certs/client that service and job share',
    ],
    demands: { privileged: false, hostDaemon: false, runsContainers: true, multiPlatform: true },
    traits: {
      privilege: 'none; a runtime on the host',
      takeover: 'its own user namespace, short of a hole in the kernel',
      isolation: 'a daemon for each job, in a user namespace',
      cache: 'registry',
      speed: 'near native',
      platforms: 'yes, from Sysbox 0.6.7 on Linux 6.7',
      runs: 'yes',
    },
    accepts: [],
    facts: [
      {
        text: 'Version 0.7.0 is the newest seen; support is by best effort.',
        source: 'github.com/nestybox/sysbox, README and CHANGELOG',
        date: '2026-03-03',
      },
      {
        text: 'Sysbox refuses privileged containers: runtime and privileged exclude each other.',
        source: 'github.com/nestybox/sysbox, docs/user-guide/limitations.md',
        date: '2026-03-03',
      },
      {
        text: 'On CRI-O a pod needs the annotation io.kubernetes.cri-o.userns-mode besides its runtime class.',
        source: 'github.com/nestybox/sysbox, docs/user-guide/deploy.md',
        date: '2026-03-03',
      },
    ],
    topology: [
      'subgraph machine ["machine of the runner"]',
      '  subgraph namespace ["user namespaces of Sysbox"]',
      '    job["job: docker CLI"] -- "TLS, port 2376" --> dind["service: dockerd, unprivileged"]',
      '    job <-. "/certs/client" .-> dind',
      '  end',
      'end',
      'dind -- push --> registry[(registry)]',
    ],
    cells: {
      'gitlab-docker': () =>
        dindOnDocker({
          about: ABOUT,
          variables: { DOCKER_TLS_CERTDIR: '/certs' },
          runner: ['privileged = false', 'runtime = "sysbox-runc"', 'volumes = ["/certs/client", "/cache"]'],
        }),
      'gitlab-kubernetes': () =>
        dindOnKubernetes({
          about: ABOUT,
          variables: TLS_IN_PODS,
          port: 2376,
          runner: [
            'runtime_class_name = "sysbox-runc"',
            '[runners.kubernetes.pod_annotations]',
            '  "io.kubernetes.cri-o.userns-mode" = "auto:size=65536"',
            ...certificates(),
          ],
        }),
      'github-hosted':
        'The runtime would have to be installed in every job, on a machine that has docker and ends with the job.',
      'github-self-hosted':
        'The runner puts the socket of the machine into every container job, so a daemon on Sysbox beside it guards nothing.',
      'github-arc': () => ({
        pipeline: workflow({ about: ABOUT, runsOn: SCALE_SET, steps: buildxSteps(builder(), GITHUB_CACHE) }),
        runner: dindBesideRunner({
          allow: [],
          keys: ['runtimeClassName: sysbox-runc'],
          metadata: ['annotations:', '  io.kubernetes.cri-o.userns-mode: "auto:size=65536"'],
        }),
      }),
      'jenkins-docker': () => dindOnAgent({ about: ABOUT, allow: '--runtime=sysbox-runc' }),
      'jenkins-kubernetes': () =>
        dindInPod({
          about: ABOUT,
          allow: [],
          share: 'certificates',
          metadata: ['annotations:', '  io.kubernetes.cri-o.userns-mode: "auto:size=65536"'],
          keys: ['runtimeClassName: sysbox-runc'],
        }),
      compose: () => ({
        pipeline: composeDind({ about: ABOUT, ...COMPOSE_TLS, allow: 'runtime: sysbox-runc' }),
      }),
    },
  }),
};

const ABOUT =
  "Builds the Dockerfile at the root with a docker daemon of its own on Sysbox, and pushes to the project's registry.";
