/** All rules, in the order in which documents list them. */
import certsVolumeMissing from './certs-volume-missing.js';
import type { Rule } from './define.js';
import dindWithoutPrivileged from './dind-without-privileged.js';
import dockerSockMount from './docker-sock-mount.js';
import imageLatest from './image-latest.js';
import kanikoArchived from './kaniko-archived.js';
import loginPassword from './login-password-on-command-line.js';
import plainTcp from './plain-tcp-deprecated.js';
import socketMountAndDind from './socket-mount-and-dind.js';
import tlsPortMismatch from './tls-port-mismatch.js';
import tlsVerify from './tls-verify-without-cert-path.js';

export const rules: readonly Rule[] = [
  ...tlsPortMismatch,
  plainTcp,
  tlsVerify,
  certsVolumeMissing,
  dindWithoutPrivileged,
  socketMountAndDind,
  dockerSockMount,
  imageLatest,
  loginPassword,
  kanikoArchived,
];
