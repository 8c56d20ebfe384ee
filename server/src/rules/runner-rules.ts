/** The rules that look at runners alone; most projects have none, so they are loaded when one comes up. */

import concurrentZero from './concurrent-zero.js';
import type { Rule } from './define.js';
import dockerMachine from './docker-machine-executor.js';
import dockerSockMount from './docker-sock-mount.js';
import arcContainerMode from './gh-arc-container-mode.js';
import helmPrivilegedLegacy from './helm-privileged-legacy.js';
import hostNamespaces from './host-namespaces.js';
import k8sDockerSock from './k8s-docker-sock-hostpath.js';
import privilegedNotNeeded from './privileged-not-needed.js';
import privilegedRunner from './privileged-runner.js';
import registrationToken from './registration-token.js';
import runnerCertificates from './runner-certificates.js';
import runnerLimits from './runner-limits.js';
import runnerPullPolicy from './runner-pull-policy.js';
import runnerTlsVerify from './runner-tls-verify-misread.js';
import securityOptSystempaths from './security-opt-systempaths.js';
import socketMounts from './socket-mounts.js';
import sysboxPrivileged from './sysbox-with-privileged.js';
import tokenInConfig from './token-in-config-committed.js';
import tomlDeprecatedKey from './toml-deprecated.js';
import tomlExecutor from './toml-executor.js';
import tomlUnknownKey from './toml-keys.js';
import tomlWrongSection from './toml-section.js';
import tomlWrongType from './toml-types.js';
import tomlInvalidValue from './toml-values.js';
import urlCiSuffix from './url-ci-suffix.js';
import varLibDocker from './var-lib-docker-shared.js';

/** In the order in which documents list them. */
export function runnerRules(): readonly Rule[] {
  return RULES;
}

const RULES: readonly Rule[] = [
  dockerSockMount,
  hostNamespaces,
  ...privilegedRunner,
  privilegedNotNeeded,
  ...runnerCertificates,
  runnerLimits,
  runnerPullPolicy,
  runnerTlsVerify,
  ...socketMounts,
  k8sDockerSock,
  sysboxPrivileged,
  tokenInConfig,
  registrationToken,
  varLibDocker,
  tomlUnknownKey,
  tomlWrongSection,
  tomlWrongType,
  tomlInvalidValue,
  tomlDeprecatedKey,
  tomlExecutor,
  concurrentZero,
  urlCiSuffix,
  dockerMachine,
  securityOptSystempaths,
  helmPrivilegedLegacy,
  arcContainerMode,
];
