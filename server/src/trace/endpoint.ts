/** Reads a DOCKER_HOST value the way the docker CLI does. */

export type Endpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  /** ssh, npipe, fd: a daemon that we do not follow. */
  | { readonly kind: 'other'; readonly scheme: string }
  | { readonly kind: 'bad'; readonly why: string };

const SOCKET = '/var/run/docker.sock';

/** What the CLI dials when nothing says where, with and without TLS. Source: docker/cli opts/hosts.go, ParseHost. */
export function defaultHost(tls: boolean): string {
  return tls ? 'tcp://localhost:2376' : `unix://${SOCKET}`;
}

/**
 * `host` is a non-empty value. A port that is not written is 2375, also with TLS. Sources: docker/cli opts/hosts.go
 * (parseDockerDaemonHost, ParseTCPAddr), and the client rows of `test/data/entrypoint-observed.json`.
 */
export function parseEndpoint(host: string): Endpoint {
  const value = host.trim();
  const scheme = /^([a-z]+):\/\//.exec(value)?.[1];
  if (scheme === 'unix') return socket(value.slice('unix://'.length));
  if (scheme === 'ssh' || scheme === 'npipe' || scheme === 'fd') return { kind: 'other', scheme };
  if (scheme !== undefined && scheme !== 'tcp')
    return { kind: 'bad', why: `the docker CLI does not take ${scheme}://` };
  if (scheme === undefined && value.includes('/') && !/^[\w.-]+:\d+\/?$/.test(value))
    return { kind: 'bad', why: 'without unix:// or tcp:// in front it is taken for the name of a host' };
  const address = scheme === 'tcp' ? value.slice('tcp://'.length) : value;
  const match = /^(\[[^\]]*\]|[^:/]*)(?::(\d*))?(\/.*)?$/.exec(address);
  if (!match || match[1] === undefined) return { kind: 'bad', why: 'it is no address' };
  return { kind: 'tcp', host: match[1] || 'localhost', port: Number(match[2] || 2375) };
}

function socket(path: string): Endpoint {
  if (path === '') return { kind: 'unix', path: SOCKET };
  if (path.startsWith('/')) return { kind: 'unix', path };
  return { kind: 'bad', why: `a third slash is missing in front of ${path}` };
}

/** The endpoint as the CLI will dial it, for messages and reports. */
export function showEndpoint(endpoint: Endpoint, written: string): string {
  if (endpoint.kind === 'unix') return `unix://${endpoint.path}`;
  return endpoint.kind === 'tcp' ? `tcp://${endpoint.host}:${endpoint.port}` : written;
}
