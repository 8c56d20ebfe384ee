/** Checks that a client that speaks TLS finds its certificates. */
import { type Place, settled } from '../model/known.js';
import type { StartedDaemon } from './daemon.js';
import { type Dial, fault } from './run.js';
import { covers } from './scene.js';

/** A client that speaks TLS reads its certificates before it dials anything. `target`: the daemon that it dials. */
export function checkCertificates(
  dial: Dial,
  daemons: readonly StartedDaemon[],
  target: StartedDaemon | undefined,
): void {
  const { client, scene, way } = dial;
  if (client.tls === 'none') return;
  if (client.certPath.why !== undefined) return;
  if ((client.certPath.value ?? '') === '') {
    noFolder(dial);
    return;
  }
  const folder = plainFolder(client.certPath.value ?? '');
  const made = daemons.find(
    ({ outcome }) => outcome.runs === 'dockerd' && outcome.certDir && folder === `${outcome.certDir}/client`,
  );
  if (!made) {
    const wrong = wrongFolder(dial, folder, target);
    if (wrong === undefined) dial.unsure.push(`whether certificates lie in ${client.certPath.value}`);
    else if (scene.ownCertificates) dial.unsure.push('where the script puts certificates');
    else {
      const because = `No certificates lie in ${folder}: the dind service puts those for its clients into ${wrong}.`;
      fault(dial, 'tls-cert-path-wrong', because, { place: client.certPath.place ?? client.tlsPlace });
    }
  } else if (!way.certificatesShared) missingVolume(dial, folder, dial.client.host.place);
}

function plainFolder(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/+$/, '');
}

function noFolder(dial: Dial): void {
  const { client, scene, way } = dial;
  const because =
    client.tls === 'verify'
      ? 'DOCKER_TLS_VERIFY is set and DOCKER_CERT_PATH is not, so docker looks for ca.pem in ~/.docker.'
      : 'docker is told to use TLS and DOCKER_CERT_PATH is not set, so it looks for ca.pem in ~/.docker.';
  if (scene.ownCertificates || way.executor === 'shell')
    dial.unsure.push('whether certificates lie in ~/.docker');
  else fault(dial, 'tls-verify-without-cert-path', because, { place: client.tlsPlace });
}

/**
 * Where the certificates lie if they are sure not to lie in `folder`: it is the folder above them, or at the root
 * because a variable in front of /client was empty, or nothing that this runner mounts lies over it.
 */
function wrongFolder(dial: Dial, folder: string, target: StartedDaemon | undefined): string | undefined {
  const { outcome } = target ?? {};
  if (outcome?.runs !== 'dockerd' || !outcome.certDir || dial.way.executor === 'shell') return undefined;
  const right = `${outcome.certDir}/client`;
  const { runner } = dial.scene;
  const mounts = runner ? runner.runner.mounts : undefined;
  const foreign = (settled(mounts ?? { state: 'absent' }) ?? []).some(
    mount => mount.source !== undefined && covers(mount, folder),
  );
  if (foreign || mounts?.state === 'unknown') return undefined;
  const typical = folder === outcome.certDir || folder === '/client';
  return typical || (runner && dial.way.client.client) ? right : undefined;
}

/** The certificates stay in the service because no volume of the runner carries them to the job. */
export function missingVolume(dial: Dial, folder: string, at: Place | undefined): void {
  const { runner, dinds, site } = dial.scene;
  const id = dial.way.executor === 'kubernetes' ? 'certs-volume-missing-k8s' : 'certs-volume-missing';
  const mounts = runner?.runner.mounts;
  const place = mounts?.state === 'known' ? mounts.origin.place : runner?.runner.place;
  dial.faults.push({
    id,
    fatal: true,
    place: at ?? dinds[0]?.service.origin.place ?? site.place,
    because: `The dind service makes its client certificates in ${folder}, and no volume of the runner brings them to the job.`,
    related: place ? [{ message: `These volumes of the runner do not cover ${folder}.`, place }] : [],
  });
}
