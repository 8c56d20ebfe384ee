/** The rules about containers that live on their own; loaded with the first file that has some. */

import clientAndSocket from './compose-client-and-socket.js';
import dependsWithoutHealth from './compose-depends-without-health.js';
import quotedEmpty from './compose-quoted-empty-env.js';
import versionObsolete from './compose-version-obsolete.js';
import containerPrivilege from './container-privilege.js';
import type { Rule } from './define.js';
import jenkinsAgents from './jenkins-agents.js';
import jenkinsDockerArgs from './jenkins-docker-args.js';
import podDind from './jenkins-k8s-pod-dind.js';
import publishedPorts from './published-ports.js';
import rootlessDind from './rootless-dind.js';
import socketProxies from './socket-proxies.js';
import proxyBuild from './socket-proxy-build-missing-session.js';

/** In the order in which documents list them. */
export function containerRules(): readonly Rule[] {
  return RULES;
}

const RULES: readonly Rule[] = [
  ...socketProxies,
  proxyBuild,
  ...publishedPorts,
  ...containerPrivilege,
  ...rootlessDind,
  dependsWithoutHealth,
  clientAndSocket,
  quotedEmpty,
  versionObsolete,
  podDind,
  ...jenkinsDockerArgs,
  ...jenkinsAgents,
];
