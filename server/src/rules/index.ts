/** All rules. */

import type { DialectId } from '../model/build-site.js';
import allowedServicesExcludesDind from './allowed-services-excludes-dind.js';
import aptInAlpine from './apt-in-alpine-image.js';
import bashInAlpine from './bash-in-alpine-image.js';
import buildArgSecret from './build-arg-secret.js';
import buildahOverlay from './buildah-144-context-overlay.js';
import buildahUnprivileged from './buildah-overlay-unprivileged.js';
import buildkitDockerfilePath from './buildkit-dockerfile-path.js';
import buildkitDocsTrap from './buildkit-native-docs-trap.js';
import buildkitOnRunners from './buildkit-on-runners.js';
import buildkitRootless from './buildkit-rootless-no-flag.js';
import buildxDockerDriver from './buildx-docker-driver.js';
import buildxNoOutput from './buildx-no-output.js';
import buildxTlsEnv from './buildx-tls-env-context.js';
import cacheFrom from './cache-from-without-inline.js';
import certificateNames from './certificate-names.js';
import certsVolumeMissing from './certs-volume-missing.js';
import certsVolumeMissingK8s from './certs-volume-missing-k8s.js';
import clientDaemonSkew from './client-daemon-skew.js';
import clientTls from './client-tls.js';
import { containerRules } from './container-rules.js';
import type { Rule } from './define.js';
import dindBindMount from './dind-bind-mount-outside-builds.js';
import dindDns from './dind-dns-per-build-network.js';
import dindFlags from './dind-flags.js';
import dindReadiness from './dind-readiness.js';
import dindStart from './dind-start.js';
import dindWithoutPrivileged from './dind-without-privileged.js';
import dockerComposeV1Image from './docker-compose-v1-image.js';
import dockerHostForm from './docker-host-form.js';
import dockerHostNowhere from './docker-host-nowhere.js';
import dockerSockChmod from './docker-sock-chmod-666.js';
import doodBindMount from './dood-bind-mount-path.js';
import doodShared from './dood-shared-daemon.js';
import entrypoints from './entrypoint-not-cleared.js';
import gitMissing from './git-missing-in-cli-image.js';
import { githubRules } from './github-rules.js';
import healthcheckPortWrong from './healthcheck-port-wrong.js';
import idleDind from './idle-dind.js';
import imageEolMajor from './image-eol-major.js';
import imageFrozen from './image-frozen-floating-tag.js';
import imageLatest from './image-latest.js';
import imageMajorOnly from './image-major-only.js';
import imageNotDigestPinned from './image-not-digest-pinned.js';
import imageTagMissing from './image-tag-does-not-exist.js';
import insecureRegistry from './insecure-registry-flag-29-10.js';
import invalidReference from './invalid-reference-format.js';
import iptablesLegacy from './iptables-legacy-host.js';
import jobImageIsDind from './job-image-is-dind.js';
import kanikoArchived from './kaniko-archived.js';
import kanikoChainguardImages from './kaniko-chainguard-images.js';
import kanikoFlags from './kaniko-flags.js';
import kanikoInOtherImage from './kaniko-in-other-image.js';
import kanikoNoShell from './kaniko-no-shell.js';
import linkEnvGone from './link-env-gone.js';
import ciBuildToken from './login-ci-build-token.js';
import loginPassword from './login-password-on-command-line.js';
import mirrorValue from './mirror-value-with-path.js';
import noDaemonAtAll from './no-daemon-at-all.js';
import noRunnerForTags from './no-runner-for-tags.js';
import oldSwitches from './old-switches.js';
import plainDindSlowStart from './plain-dind-slow-start.js';
import plainTcp from './plain-tcp-deprecated.js';
import podmanEngine from './podman-engine.js';
import privilegedPlaces from './privileged-places.js';
import proxyBlocksDockerHost from './proxy-blocks-docker-host.js';
import runnerNetwork from './runner-network.js';
import { runnerRules } from './runner-rules.js';
import serviceAliases from './service-aliases.js';
import serviceNames from './service-names.js';
import servicesEmptyWithDocker from './services-empty-with-docker.js';
import servicesOnRunner from './services-on-runner.js';
import socketMountAndDind from './socket-mount-and-dind.js';
import storageDriverLeftover from './storage-driver-leftover.js';
import storageDriverContainerd from './storage-driver-with-containerd-store.js';
import tlsNotStated from './tls-not-stated.js';
import tlsPortMismatch from './tls-port-mismatch.js';
import tlsVerifyFalsyString from './tls-verify-falsy-string.js';
import tlsVerify from './tls-verify-without-cert-path.js';
import waitTimeout from './wait-timeout-too-short.js';

/** The rules that look at sites, and maybe at runners too, in the order in which documents list them. */
export const siteRules: readonly Rule[] = [
  ...tlsPortMismatch,
  plainTcp,
  tlsVerify,
  tlsVerifyFalsyString,
  certsVolumeMissing,
  ...clientTls,
  ...certificateNames,
  ...dindFlags,
  ...dindStart,
  ...dockerHostForm,
  ...dockerHostNowhere,
  ...serviceNames,
  ...serviceAliases,
  ...servicesOnRunner,
  ...clientDaemonSkew,
  ...privilegedPlaces,
  certsVolumeMissingK8s,
  plainDindSlowStart,
  linkEnvGone,
  servicesEmptyWithDocker,
  noDaemonAtAll,
  noRunnerForTags,
  allowedServicesExcludesDind,
  dindReadiness,
  healthcheckPortWrong,
  proxyBlocksDockerHost,
  tlsNotStated,
  dindWithoutPrivileged,
  socketMountAndDind,
  buildahUnprivileged,
  ...buildkitOnRunners,
  ...podmanEngine,
  ...runnerNetwork,
  waitTimeout,
  dindDns,
  imageLatest,
  imageTagMissing,
  imageEolMajor,
  imageFrozen,
  imageMajorOnly,
  imageNotDigestPinned,
  jobImageIsDind,
  dockerComposeV1Image,
  kanikoChainguardImages,
  ...idleDind,
  mirrorValue,
  insecureRegistry,
  storageDriverLeftover,
  storageDriverContainerd,
  ...oldSwitches,
  iptablesLegacy,
  ciBuildToken,
  aptInAlpine,
  gitMissing,
  bashInAlpine,
  loginPassword,
  kanikoArchived,
  kanikoNoShell,
  ...entrypoints,
  ...kanikoFlags,
  kanikoInOtherImage,
  buildkitRootless,
  buildkitDocsTrap,
  buildkitDockerfilePath,
  buildahOverlay,
  buildxTlsEnv,
  ...buildxDockerDriver,
  buildxNoOutput,
  cacheFrom,
  invalidReference,
  buildArgSecret,
  dockerSockChmod,
  ...doodShared,
  doodBindMount,
  dindBindMount,
];

const ofContainers = (): readonly Rule[] => [...runnerRules(), ...containerRules()];

/** What is said of runners is said of containers too whose file says itself how each is set up. */
const BESIDE: Partial<Record<DialectId, () => readonly Rule[]>> = {
  'github-actions': () => [...githubRules(), ...runnerRules()],
  compose: ofContainers,
  kubernetes: ofContainers,
  jenkinsfile: ofContainers,
  shell: ofContainers,
  dockerfile: ofContainers,
};

/** The rules that look at sites of a dialect. */
export function siteRulesOf(dialect: DialectId): readonly Rule[] {
  const rules = [...siteRules, ...(BESIDE[dialect]?.() ?? [])];
  return rules.filter(rule => rule.site && rule.dialects.includes(dialect));
}

/** Every rule. */
export function allRules(): readonly Rule[] {
  return [...siteRules, ...githubRules(), ...runnerRules(), ...containerRules()];
}
