/** Checks that a client that verifies finds its certificates. */
import type { StartedDaemon } from './daemon.js';
import type { ClientEnvironment } from './entrypoints.js';
import { fault, type Run } from './run.js';

/** A client that verifies needs its certificates before it dials anything. */
export function checkCertificates(run: Run, env: ClientEnvironment, daemons: readonly StartedDaemon[]): void {
  const { scene, way } = run;
  if ((env.DOCKER_TLS_VERIFY ?? '') === '') return;
  if ((env.DOCKER_CERT_PATH ?? '') === '') {
    const because =
      'DOCKER_TLS_VERIFY is set and DOCKER_CERT_PATH is not, so docker looks for ca.pem in ~/.docker.';
    if (scene.ownCertificates) run.unsure.push('whether the script puts certificates into ~/.docker');
    else fault(run, 'tls-verify-without-cert-path', because, scene.verify.place);
    return;
  }
  const made = daemons.find(
    ({ outcome }) =>
      outcome.runs === 'dockerd' &&
      outcome.certDir !== undefined &&
      env.DOCKER_CERT_PATH?.replace(/\/+$/, '').replace(/\/{2,}/g, '/') === `${outcome.certDir}/client`,
  );
  if (!made) run.unsure.push(`whether certificates lie in ${env.DOCKER_CERT_PATH}`);
  else if (!way.certificatesShared) missingVolume(run, env.DOCKER_CERT_PATH ?? '');
}

/** The certificates stay in the service because no volume of the runner carries them to the job. */
export function missingVolume(run: Run, folder: string): void {
  const { runner } = run.scene;
  const id = run.way.executor === 'kubernetes' ? 'certs-volume-missing-k8s' : 'certs-volume-missing';
  const mounts = runner?.runner.mounts;
  const at = mounts?.state === 'known' ? mounts.origin.place : runner?.runner.place;
  run.faults.push({
    id,
    fatal: true,
    place: run.scene.host.place ?? run.scene.dinds[0]?.service.origin.place ?? run.scene.site.place,
    because: `The dind service makes its client certificates in ${folder}, and no volume of the runner brings them to the job.`,
    related: at ? [{ message: `These volumes of the runner do not cover ${folder}.`, place: at }] : [],
  });
}
