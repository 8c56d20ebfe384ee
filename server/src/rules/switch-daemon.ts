/** What lets a dind that is a container of its own make certificates and serve TLS. */
import type { Service } from '../model/build-site.js';
import type { Intent } from '../model/intent.js';
import { type Known, settled } from '../model/known.js';
import { isLiteral, type Text } from '../model/text.js';
import { type DockerImage, dockerImage } from '../trace/docker-image.js';
import { eraOf, imageCertDir } from '../trace/entrypoints.js';
import type { OwnSite } from './switch-mounts.js';

export const CERT_DIR = '/certs';

/** Where a daemon keeps its certificates, and what makes it so. */
export interface Serving {
  readonly certDir: string;
  /** It makes none today, and listens on 2375 without TLS. */
  readonly off: boolean;
  readonly intents: readonly Intent[];
}

/** What makes a daemon serve TLS on 2376; nothing where its command or its version stand against that. */
export function serving(daemon: OwnSite): Serving | undefined {
  const { self } = daemon;
  const image = dockerImage(self.ref);
  if (!image?.versionKnown || eraOf(image.version) === 'before-tls') return undefined;
  if (!isOwnScript(self.entrypoint) || self.command.state === 'unknown') return undefined;
  const command = settled(self.command) ?? [];
  const rest = command.filter(word => word !== '--tls=false');
  if (rest.some(word => /^(?:[^-]|--?[hH]|--tls)/.test(word))) return undefined;
  const made = certDirOf(daemon, image);
  const service = self.origin.place;
  return (
    made && {
      ...made,
      intents: [
        ...made.intents,
        ...ownClient(self),
        ...(rest.length < command.length
          ? [{ kind: 'set-service-key', service, key: 'command', value: rest } as const]
          : []),
      ],
    }
  );
}

/** The script of the image, be it left in place or named. */
function isOwnScript(entrypoint: Known<readonly string[]>): boolean {
  return (
    entrypoint.state === 'absent' ||
    /^(?:\/usr\/local\/bin\/)?dockerd-entrypoint\.sh$/.test(settled(entrypoint)?.join(' ') ?? '')
  );
}

function certDirOf({ self, path }: OwnSite, { version }: DockerImage): Serving | undefined {
  const name = 'DOCKER_TLS_CERTDIR';
  const set = self.variables.get(name);
  if (set.state === 'unknown') return undefined;
  if (set.state === 'absent') {
    const change = {
      kind: 'set-service-variable',
      service: self.origin.place,
      name,
      value: CERT_DIR,
    } as const;
    const off = imageCertDir(version) === '';
    return { certDir: CERT_DIR, off, intents: off ? [change] : [] };
  }
  const { place } = set.origin;
  if (!/^(?:""|''|)$/.test(set.value.text)) {
    const certDir = literalOf(set);
    return certDir === undefined ? undefined : { certDir, off: false, intents: [] };
  }
  if (place.path !== path) return undefined;
  const intent: Intent = { kind: 'replace-value', at: place, value: CERT_DIR };
  return { certDir: CERT_DIR, off: true, intents: [intent] };
}

/** What the daemon's own DOCKER_HOST says is for docker in its container, which finds the socket without it. */
function ownClient({ variables }: Service): readonly Intent[] {
  const host = variables.get('DOCKER_HOST');
  const { entry } = host.state === 'known' ? host.origin : {};
  const plain = /^tcp:.*:2375\/?$/.test(settled(host)?.text ?? '');
  return plain && entry ? [{ kind: 'remove-entry', entry }] : [];
}

/** A value without holes. */
export function literalOf(value: Known<Text>): string | undefined {
  return value.state === 'known' && isLiteral(value.value) ? value.value.text : undefined;
}
