/** Tells whether a docker client and a daemon of other versions speak an API that both know. */
import type { DockerVersion } from '../catalog/docker-tags.js';
import { settled } from '../model/known.js';
import { show } from '../model/text.js';
import type { StartedDaemon } from './daemon.js';
import type { DockerImage } from './docker-image.js';
import { type Dial, fault } from './run.js';

/**
 * Engines 29.0 to 29.2 refuse clients older than 25.0 (API below 1.44), later ones those older than 19.03; the CLI
 * 29.1 and 29.2 refuse daemons older than 25.0, later ones those older than 19.03. Sources: moby releases 29.0.0 and
 * 29.3.0; MinAPIVersion in docker/cli's vendored client, by tag.
 */
export function apiSkew(client: DockerVersion, daemon: DockerVersion): 'too-old' | 'too-new' | undefined {
  const floors = (version: DockerVersion, from: number): number | undefined => {
    if (version.major !== 29 || version.minor === undefined || version.prerelease) return undefined;
    return version.minor >= 3 ? 1903 : version.minor >= from ? 2500 : undefined;
  };
  const asNumber = ({ major, minor }: DockerVersion): number | undefined =>
    major > 19 ? major * 100 : minor === undefined ? undefined : major * 100 + minor;
  const [clientAge, daemonAge] = [asNumber(client), asNumber(daemon)];
  const [byDaemon, byClient] = [floors(daemon, 0), floors(client, 1)];
  if (byDaemon !== undefined && clientAge !== undefined && clientAge < byDaemon) return 'too-old';
  if (byClient !== undefined && daemonAge !== undefined && daemonAge < byClient) return 'too-new';
  return undefined;
}

const SWITCHES = ['DOCKER_API_VERSION', 'DOCKER_MIN_API_VERSION'];

export function checkVersions(dial: Dial, { dind }: StartedDaemon): void {
  const { client } = dial.way.client;
  if (!client || dial.way.executor === 'shell') return;
  const [own, theirs] = [versionOf(client), versionOf(dind.image)];
  const skew = own && theirs && apiSkew(own, theirs);
  if (!skew) return;
  const { variables } = dial.use.settings;
  const pinned = SWITCHES.some(
    name => dind.service.variables.get(name).state !== 'absent' || variables.bindings.has(name),
  );
  if (pinned || variables.lost !== undefined) {
    dial.unsure.push('the version of the API that client and daemon use');
    return;
  }
  const image = settled(dial.scene.site.image);
  const daemon = show(dind.service.ref.text);
  const because =
    skew === 'too-old'
      ? `The client is of docker ${shown(own)}, which is too old for ${daemon}: it asks for a newer API.`
      : `The client is of docker ${shown(own)}, which no longer speaks the API of ${daemon}.`;
  const related = [{ message: 'The daemon.', place: dind.service.origin.place }];
  fault(dial, `client-daemon-skew-${skew}`, because, { place: image?.origin.place, related });
}

function versionOf({ version, versionKnown }: DockerImage): DockerVersion | undefined {
  return versionKnown ? version : undefined;
}

function shown({ major, minor, patch }: DockerVersion): string {
  const dots = [major, minor, patch].filter(part => part !== undefined);
  return dots.map((part, i) => (i === 1 && major < 20 ? String(part).padStart(2, '0') : part)).join('.');
}
