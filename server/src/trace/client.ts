/** Works out what docker's client goes by: its address, its TLS, its certificates, whoever said so. */
import type { Place } from '../model/known.js';
import type { ClientSettings, Context, Written } from './client-settings.js';
import { evaluateRest, exportedValue, type Lookup, type Variable } from './shell-state.js';

export interface Client {
  /** Without a value docker takes its default. */
  readonly host: Variable;
  readonly tls: 'verify' | 'unverified' | 'none';
  /** What turns TLS on, or decides how. */
  readonly tlsPlace: Place | undefined;
  /** The folder of its certificates; without a value `~/.docker`. */
  readonly certPath: Variable;
  /** The context that the script chooses, where DOCKER_HOST counts more. */
  readonly passedOver?: { readonly name: string; readonly place: Place };
}

interface Reading {
  readonly settings: ClientSettings;
  /** What the container's environment holds. */
  readonly found: Lookup;
  /** Gets in words what cannot be told. */
  readonly missing: string[];
}

/**
 * Source: docker/cli, cli/command/cli.go (resolveContextName, resolveDefaultDockerEndpoint) and cli/flags/options.go:
 * `--context`, else `--host`, else DOCKER_HOST, else DOCKER_CONTEXT, else what `docker context use` chose.
 */
export function clientOf(reading: Reading): Client {
  const { settings, missing } = reading;
  const { flags } = settings;
  if (flags.host && flags.context) missing.push('a daemon: docker refuses --host together with --context');
  if (flags.config) missing.push('the configuration that --config names');
  const name = contextName(reading);
  if (name === undefined) return { ...defaultClient(reading, false), ...passedOver(settings) };
  if (name === 'default') return defaultClient(reading, true);
  const context = settings.contexts.get(name) ?? settings.contexts.get(flags.context?.word.text ?? name);
  return contextClient(reading, name, context);
}

function contextName(reading: Reading): string | undefined {
  const { flags, current } = reading.settings;
  if (flags.context) return nameIn(reading, flags.context);
  if (flags.host || (environment(reading, 'DOCKER_HOST').value ?? '') !== '') return undefined;
  const chosen = environment(reading, 'DOCKER_CONTEXT');
  if (chosen.why !== undefined) lacks(reading, 'DOCKER_CONTEXT', chosen.why);
  if (chosen.value || !current) return chosen.value || undefined;
  if (!current.name) reading.missing.push(`which docker context is used (${current.why})`);
  return current.name && nameIn(reading, current.name);
}

function passedOver({ flags, current }: ClientSettings): Pick<Client, 'passedOver'> {
  const chosen = current?.name;
  return chosen && !flags.host && chosen.word.text !== 'default'
    ? { passedOver: { name: chosen.word.text, place: chosen.place } }
    : {};
}

/** What a script lost as a whole is said once. */
function lacks({ settings, missing }: Reading, name: string, why: string): void {
  missing.push(why === settings.variables.lost ? why : `${name} (${why})`);
}

function nameIn(reading: Reading, written: Written): string | undefined {
  const { value, why } = read(reading, written);
  if (why !== undefined) reading.missing.push(`the name of the docker context (${why})`);
  return value;
}

function read({ found }: Reading, { word, skipped, scope, place }: Written): Variable {
  return { ...evaluateRest(word, skipped, scope, found), place };
}

function environment({ settings, found }: Reading, name: string): Variable {
  const seen = exportedValue(settings.variables, name, found);
  if (!settings.sudo || (seen.value === undefined && seen.why === undefined)) return seen;
  return { value: undefined, place: seen.place, why: 'sudo may take it away' };
}

function defaultClient(reading: Reading, ignoresHost: boolean): Client {
  const { flags } = reading.settings;
  const host = flags.host
    ? read(reading, flags.host)
    : ignoresHost
      ? { value: undefined, place: undefined }
      : environment(reading, 'DOCKER_HOST');
  if (host.why !== undefined) lacks(reading, 'DOCKER_HOST', host.why);
  const { tls, tlsPlace } = tlsOf(reading);
  const certPath = tls === 'none' ? environment(reading, 'DOCKER_CERT_PATH') : certificates(reading);
  if (tls !== 'none' && certPath.why !== undefined) lacks(reading, 'DOCKER_CERT_PATH', certPath.why);
  return { host, tls, tlsPlace, certPath };
}

/** Naming `--tlsverify` at all turns TLS on, whatever it says. Source: SetDefaultOptions of docker/cli. */
function tlsOf(reading: Reading): Pick<Client, 'tls' | 'tlsPlace'> {
  const { flags } = reading.settings;
  const { tlsPlace } = flags;
  if (flags.tlsVerify !== undefined) return { tls: flags.tlsVerify ? 'verify' : 'unverified', tlsPlace };
  const verify = environment(reading, 'DOCKER_TLS_VERIFY');
  if (verify.why !== undefined) lacks(reading, 'DOCKER_TLS_VERIFY', verify.why);
  if (verify.value) return { tls: 'verify', tlsPlace: verify.place };
  if (flags.tls !== undefined) return { tls: flags.tls ? 'unverified' : 'none', tlsPlace };
  const any = environment(reading, 'DOCKER_TLS');
  if (any.why !== undefined) lacks(reading, 'DOCKER_TLS', any.why);
  return { tls: any.value ? 'unverified' : 'none', tlsPlace: any.value ? any.place : verify.place };
}

const FILES = ['ca.pem', 'cert.pem', 'key.pem'];

/** The folder that the three files lie in, where flags name them. */
function certificates(reading: Reading): Variable {
  const { files } = reading.settings.flags;
  const folder = environment(reading, 'DOCKER_CERT_PATH');
  return files.length === 0
    ? folder
    : commonFolder(
        files.map(file => file && read(reading, file)),
        folder,
      );
}

function commonFolder(files: readonly (Variable | undefined)[], folder: Variable): Variable {
  const place = files.find(file => file !== undefined)?.place;
  const folders = FILES.map((name, i) => {
    const file = files[i];
    if (!file) return folder.value;
    return file.value?.endsWith(`/${name}`) ? file.value.slice(0, -name.length - 1) : undefined;
  });
  const [first] = folders;
  if (first !== undefined && folders.every(one => one === first)) return { value: first, place };
  return { value: undefined, place, why: 'its files come from several folders' };
}

function contextClient(reading: Reading, name: string, context: Context | undefined): Client {
  const none: Variable = { value: undefined, place: undefined };
  if (context?.kind === 'copy') return clientOf({ ...reading, settings: context.of });
  if (context?.kind !== 'endpoint') {
    reading.missing.push(`the docker context ${name} (${context?.why ?? 'the script does not make it'})`);
    return { host: none, tls: 'none', tlsPlace: undefined, certPath: none };
  }
  const { value, why, place } = read(reading, context.written);
  if (value === undefined) reading.missing.push(`the docker context ${name} (${why})`);
  const pairs = new Map((value ?? '').split(',').map(pair => splitAt(pair)));
  const files = ['ca', 'cert', 'key'].map(key => pairs.get(key));
  const skips = /^(?:1|t|true)$/i.test(pairs.get('skip-tls-verify') ?? '');
  const hasFiles = files.some(file => file !== undefined);
  if (pairs.has('from')) reading.missing.push(`the docker context ${name}`);
  return {
    host: { value: pairs.get('host'), place },
    tls: skips ? 'unverified' : hasFiles ? 'verify' : 'none',
    tlsPlace: place,
    certPath: hasFiles
      ? commonFolder(
          files.map(file => (file === undefined ? undefined : { value: file, place })),
          none,
        )
      : none,
  };
}

function splitAt(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1)];
}
