/** What the entrypoint scripts of the official docker images do, era by era. */
import type { DockerVersion } from '../catalog/docker-tags.js';

/**
 * Spans of time in which the scripts behaved alike. Source: every blob of dockerd-entrypoint.sh and
 * docker-entrypoint.sh in the history of docker-library/docker up to 2026-08-06, each run and observed.
 */
export type Era =
  /** No TLS code at all: up to 18.09.7. */
  | 'before-tls'
  /** First TLS scripts: 18.09.8 and 18.09.9 (off by default), 19.03.0 (on by default). */
  | 'first-tls'
  /** Builds of 19.03.1 from 26 July to 2 August 2019: any DOCKER_HOST became the address to listen on. */
  | 'first-19.03.1'
  /** Only unix:// in DOCKER_HOST moves the socket; a failure to make certificates falls back to plain. */
  | 'tls-or-plain'
  /** A failure to make certificates ends the container: late builds of 20.10.23, 20.10.24, 23.0.1 and later. */
  | 'tls-or-exit';

/** The era of a version of the docker image; a version that is not stated is a current one. */
export function eraOf(version: DockerVersion | undefined): Era {
  if (!version) return 'tls-or-exit';
  const { major, minor = 99, patch = 99 } = version;
  if (major < 18 || (major === 18 && (minor < 9 || (minor === 9 && patch <= 7)))) return 'before-tls';
  if (major === 18 || (major === 19 && minor === 3 && patch === 0)) return 'first-tls';
  if (major < 20 || (major === 20 && patch < 23)) return 'tls-or-plain';
  return 'tls-or-exit';
}

/** What `ENV DOCKER_TLS_CERTDIR` of the image says: `/certs` since 19.03, empty in 18.09.8 and 18.09.9. */
export function imageCertDir(version: DockerVersion | undefined): string | undefined {
  if (eraOf(version) === 'before-tls') return undefined;
  return version?.major === 18 ? '' : '/certs';
}

/** The start of a daemon container, everything known. `env` already holds what the image itself sets. */
export interface DaemonStart {
  readonly era: Era;
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the container (GitLab: `command` of the service). */
  readonly args: readonly string[];
  /** User id that the container runs as; anything but 0 makes it rootless. */
  readonly uid: number;
}

export interface Listener {
  /** As dockerd gets it: `tcp://0.0.0.0:2376`, `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  readonly tls: 'verify' | 'no-client-auth' | 'none';
}

export type DaemonOutcome =
  | {
      readonly runs: 'dockerd';
      readonly listens: readonly Listener[];
      readonly certDir: string | undefined;
      /** It was started without the script, so with its own arguments alone. */
      readonly bare?: true;
      /** Certificates were asked for and could not be made. */
      readonly badName?: true;
    }
  /** The container runs something else, or exits. */
  | {
      readonly runs: 'other';
      readonly why: string;
      readonly badName?: true;
      /** It is for the user that it runs as. */
      readonly user?: true;
    };

/** Which sockets dockerd opens. Rows: `test/data/entrypoint-observed.json`, roles `dind-*`. */
export function startDaemon(start: DaemonStart): DaemonOutcome {
  const [first] = start.args;
  const refused = start.uid === 0 ? undefined : rootlessRefusal(start);
  if (refused !== undefined)
    return { runs: 'other', why: refused, ...(start.uid === 1000 ? {} : { user: true as const }) };
  if (first !== undefined && first !== 'dockerd' && !first.startsWith('-')) {
    return { runs: 'other', why: `its command starts with "${first}", which runs instead of dockerd` };
  }
  if (first === 'dockerd') return ownArguments(start.args.slice(1));
  const certDir = start.era === 'before-tls' ? '' : (start.env.DOCKER_TLS_CERTDIR ?? '');
  const sound = certDir === '' || hasTypes(start.env.DOCKER_TLS_SAN ?? '');
  if (!sound && start.era === 'tls-or-exit') return { runs: 'other', why: NO_TYPE, badName: true };
  const tls = certDir !== '' && sound;
  const hosts = [socketPath(start), `tcp://0.0.0.0:${tls ? 2376 : 2375}`, ...hostFlags(start.args)];
  return {
    runs: 'dockerd',
    listens: listeners(hosts, tls, start.args),
    certDir: tls ? certDir : undefined,
    ...(sound ? {} : { badName: true as const }),
  };
}

const NO_TYPE = 'DOCKER_TLS_SAN has a name without DNS: or IP: in front, so no certificate can be made';

/** The value goes into the configuration of openssl, which wants a type in front of every name. */
function hasTypes(names: string): boolean {
  return names
    .split(/[\s,]+/)
    .every(name => name === '' || /^(?:DNS|IP|email|URI|RID|dirName|otherName):/.test(name));
}

/** `dockerd` in front: the script adds no host and makes no certificates. */
function ownArguments(args: readonly string[]): DaemonOutcome {
  const hosts = hostFlags(args);
  const tls = args.some(arg => /^--tls(?:verify)?(?:=true)?$/.test(arg));
  return {
    runs: 'dockerd',
    listens: listeners(hosts.length > 0 ? hosts : ['unix:///var/run/docker.sock'], tls, args),
    certDir: undefined,
    bare: true,
  };
}

/** The image has subordinate ids for uid 1000 alone. */
function rootlessRefusal(start: DaemonStart): string | undefined {
  if (start.era === 'first-19.03.1') return 'its script refuses to run rootless';
  return start.uid === 1000 ? undefined : `/etc/subuid has no entry for user id ${start.uid}`;
}

function socketPath(start: DaemonStart): string {
  const host = start.env.DOCKER_HOST ?? '';
  if (start.era === 'first-19.03.1' && host !== '') return host;
  const moved = start.era === 'tls-or-plain' || start.era === 'tls-or-exit';
  if (moved && host.startsWith('unix://')) return host;
  if (start.uid === 0 || !moved) return 'unix:///var/run/docker.sock';
  return `unix://${start.env.XDG_RUNTIME_DIR ?? `/run/user/${start.uid}`}/docker.sock`;
}

/** Values of `--host`/`-H` in the arguments, in both spellings. */
function hostFlags(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, i) => {
    const joined = /^(?:--host|-H)=(.+)$/.exec(arg)?.[1] ?? /^-H(?!=)(.+)$/.exec(arg)?.[1];
    if (joined !== undefined) return [joined];
    const next = args[i + 1];
    return (arg === '--host' || arg === '-H') && next !== undefined ? [next] : [];
  });
}

function listeners(hosts: readonly string[], tls: boolean, args: readonly string[]): readonly Listener[] {
  // `--tlsverify` from the entrypoint turns TLS on whatever `--tls=false` says; `--tlsverify=false` comes later and wins.
  const verify = !args.some(arg => /^--tlsverify=(?:false|0|f|F|FALSE|False)$/.test(arg));
  const protection = tls ? (verify ? 'verify' : 'no-client-auth') : 'none';
  return [...new Set(hosts)].map(endpoint => ({
    endpoint,
    tls: endpoint.startsWith('unix:') || endpoint.startsWith('fd:') ? 'none' : protection,
  }));
}

/** The start of a client container, everything known. `env` already holds what the image itself sets. */
export interface ClientStart {
  readonly era: Era;
  readonly env: Readonly<Record<string, string>>;
  /** Paths of sockets in the container: `/var/run/docker.sock`, or the one under the user's runtime folder. */
  readonly sockets: readonly string[];
  /** Whether ca.pem, cert.pem and key.pem lie in `<DOCKER_TLS_CERTDIR>/client`. */
  readonly hasCertificates: boolean;
}

/** The variables that the docker CLI gets to see. */
export interface ClientEnvironment {
  readonly DOCKER_HOST?: string;
  readonly DOCKER_TLS_VERIFY?: string;
  readonly DOCKER_CERT_PATH?: string;
}

/** What docker-entrypoint.sh makes of the environment. Rows: `test/data/entrypoint-observed.json`, role `client`. */
export function startClient(start: ClientStart): ClientEnvironment {
  const given = pickVariables(start.env);
  if (start.era === 'before-tls') {
    return !given.DOCKER_HOST && start.env.DOCKER_PORT_2375_TCP
      ? { ...given, DOCKER_HOST: 'tcp://docker:2375' }
      : given;
  }
  const certDir = start.env.DOCKER_TLS_CERTDIR ?? '';
  const certificates = certDir !== '' && start.hasCertificates;
  if (start.era === 'first-tls')
    return firstScripts(given, start, certificates ? `${certDir}/client` : undefined);
  const verify = given.DOCKER_TLS_VERIFY ?? '';
  const untouched = verify === '' && (given.DOCKER_CERT_PATH ?? '') === '';
  const socket = start.sockets[0];
  const host =
    given.DOCKER_HOST ||
    (socket ? `unix://${socket}` : defaultHost(verify !== '' || (untouched && certificates)));
  if (!untouched || !certificates || host.startsWith('unix:')) return { ...given, DOCKER_HOST: host };
  return { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: `${certDir}/client` };
}

function defaultHost(tls: boolean): string {
  return `tcp://docker:${tls ? 2376 : 2375}`;
}

/** 18.09.8 to 19.03.0: certificates overwrite what was given; a socket leaves DOCKER_HOST alone. */
function firstScripts(
  given: ClientEnvironment,
  start: ClientStart,
  path: string | undefined,
): ClientEnvironment {
  const hasSocket = start.sockets.includes('/var/run/docker.sock');
  if (!given.DOCKER_HOST && hasSocket) return given;
  const verify = (given.DOCKER_TLS_VERIFY ?? '') !== '';
  const host = given.DOCKER_HOST || defaultHost(verify || path !== undefined);
  if (path === undefined) return { ...given, DOCKER_HOST: host };
  return { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: path };
}

function pickVariables(env: Readonly<Record<string, string>>): ClientEnvironment {
  const { DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = env;
  return {
    ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
    ...(DOCKER_TLS_VERIFY === undefined ? {} : { DOCKER_TLS_VERIFY }),
    ...(DOCKER_CERT_PATH === undefined ? {} : { DOCKER_CERT_PATH }),
  };
}
