/** Checks that a client that speaks TLS finds its certificates. */
import type { BuildSite, Service } from '../model/build-site.js';
import { type Place, settled, written } from '../model/known.js';
import type { StartedDaemon } from './daemon.js';
import { type Dial, fault } from './run.js';
import { keepsFolder } from './shared-folders.js';
import { covers, pathTo } from './sharing.js';

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
  if (scene.site.self || scene.runner?.runner.job) {
    checkOwnVolumes(dial, folder, daemons, target);
    return;
  }
  if (!made) {
    const wrong = wrongFolder(dial, folder, target);
    if (wrong === undefined) dial.unsure.push(`whether certificates lie in ${client.certPath.value}`);
    else if (scene.ownCertificates) dial.unsure.push('where the script puts certificates');
    else {
      const because = `No certificates lie in ${folder}: the dind service puts those for its clients into ${wrong}.`;
      const place = client.certPath.place ?? client.tlsPlace;
      fault(dial, 'tls-cert-path-wrong', because, { place, part: 'certificates' });
    }
  } else if (!way.certificatesShared) missingVolume(dial, folder, dial.client.host.place);
}

/** The volumes of a container that is no job say what lies in the folder. */
function checkOwnVolumes(
  dial: Dial,
  folder: string,
  daemons: readonly StartedDaemon[],
  target: StartedDaemon | undefined,
): void {
  const makers = target ? [target] : daemons;
  const sources = makers.flatMap(({ dind, outcome }) =>
    outcome.runs === 'dockerd' && outcome.certDir
      ? [{ service: dind.service, path: `${outcome.certDir}/client` }]
      : [],
  );
  if (sources.some(({ service, path }) => keepsFolder(dial, service, path, folder))) return;
  const [source] = sources;
  const self = dial.scene.site.self?.container ?? dial.scene.runner?.runner.job;
  if (!target || !source?.service.container || !self || dial.scene.ownCertificates) {
    dial.unsure.push(`whether certificates lie in ${dial.client.certPath.value}`);
    return;
  }
  const right = pathTo(self, source.service.container, source.path);
  if (right === undefined) {
    missingVolume(dial, folder, dial.client.certPath.place ?? dial.client.host.place, source.service);
    return;
  }
  const because = `No certificates lie in ${folder}: the dind service puts those for its clients into ${right}.`;
  const place = dial.client.certPath.place ?? dial.client.tlsPlace;
  fault(dial, 'tls-cert-path-wrong', because, { place, part: 'certificates' });
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
  // Libraries of other programs speak no TLS without a folder.
  const others = scene.site.self && dial.use.commands.length === 0 && !way.client.client;
  const onMachine = way.executor === 'shell' || scene.site.self?.container.entered === 'machine';
  if (scene.ownCertificates || onMachine || others || hasHome(scene.site))
    dial.unsure.push('whether certificates lie in ~/.docker');
  else fault(dial, 'tls-verify-without-cert-path', because, { place: client.tlsPlace, part: 'certificates' });
}

/** A container that is given a home may find what lies in that. */
function hasHome({ self, env }: BuildSite): boolean {
  if (!self) return false;
  const mounts = written(self.container.mounts) ?? [];
  return (
    env.get('HOME').state !== 'absent' ||
    mounts.some(({ target }) => /^\/(?:root|home\/[^/]+)?\/?$|\/\.docker\/?$/.test(target))
  );
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

/** The certificates stay in the service because no volume carries them to the job. */
export function missingVolume(dial: Dial, folder: string, at: Place | undefined, service?: Service): void {
  const { runner, dinds, site } = dial.scene;
  const id = dial.way.executor === 'kubernetes' ? 'certs-volume-missing-k8s' : 'certs-volume-missing';
  const own = site.self?.container ?? runner?.runner.job;
  const mounts = own ? own.mounts : runner?.runner.mounts;
  const place = mounts?.state === 'known' ? mounts.origin.place : runner?.runner.place;
  const whose = own ? `The volumes of this ${site.self ? 'service' : 'job'}` : 'These volumes of the runner';
  const because = own
    ? `The dind service makes certificates for its clients, and no volume brings them to this ${site.self ? 'one' : 'job'}.`
    : `The dind service makes its client certificates in ${folder}, and no volume of the runner brings them to the job.`;
  dial.faults.push({
    id,
    fatal: true,
    part: 'certificates',
    place: at ?? (site.self ? site.place : (service ?? dinds[0]?.service)?.origin.place) ?? site.place,
    because,
    related: place ? [{ message: `${whose} do not cover ${folder}.`, place }] : [],
  });
}
