/** Reads a DOCKER_HOST value the way the docker CLI does. */

export type Endpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  /** ssh, npipe, fd: a daemon that we do not follow. */
  | { readonly kind: 'other'; readonly scheme: string }
  | { readonly kind: 'bad'; readonly why: string };

/**
 * `host` is a non-empty value. A port that is not written is 2375, with TLS 2376. Sources: docker/cli opts/hosts.go,
 * and the client rows of `test/data/entrypoint-observed.json`.
 */
export function parseEndpoint(host: string, tls: boolean): Endpoint {
  const value = host.trim();
  const scheme = /^([a-z]+):\/\//.exec(value)?.[1];
  if (scheme === 'unix') return { kind: 'unix', path: value.slice('unix://'.length) };
  if (scheme === 'ssh' || scheme === 'npipe' || scheme === 'fd') return { kind: 'other', scheme };
  if (scheme !== undefined && scheme !== 'tcp')
    return { kind: 'bad', why: `the docker CLI does not take ${scheme}://` };
  const address = scheme === 'tcp' ? value.slice('tcp://'.length) : value;
  const match = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/.exec(address);
  if (!match || match[1] === undefined) return { kind: 'bad', why: 'it is no address' };
  const port = match[2] === undefined ? (tls ? 2376 : 2375) : Number(match[2]);
  return { kind: 'tcp', host: match[1] === '' ? 'localhost' : match[1], port };
}

/** The endpoint as the CLI will dial it, for messages and reports. */
export function showEndpoint(endpoint: Endpoint, written: string): string {
  return endpoint.kind === 'tcp' ? `tcp://${endpoint.host}:${endpoint.port}` : written;
}
