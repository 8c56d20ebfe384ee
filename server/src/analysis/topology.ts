/** Takes out of a trace what a picture or a line shows of it: who talks to whom, over what, and where it breaks. */
import type { DialectId, Pairing, Service } from '../model/build-site.js';
import type { Finding } from '../model/finding.js';
import { settled } from '../model/known.js';
import { nounOf } from '../model/site-words.js';
import { HOLE, show } from '../model/text.js';
import { recogniseStrategy } from '../strategies/recognise.js';
import { sharesFolder } from '../trace/completion.js';
import { letsDockerdRun } from '../trace/privilege.js';
import type { ClientView, DaemonKind, Fault, Trace, Verdict } from '../trace/types.js';

/** What a daemon listens on: `2376`, `127.0.0.1:2375`, or the path of a socket. */
export interface Opening {
  readonly address: string;
  readonly tls: boolean;
}

/** Where privilege stands: `needed` where the runner is not seen, `other` for runtimes that do without. */
export type Privilege = 'granted' | 'denied' | 'needed' | 'other';

/** One use of a client or builder, in terms of no file format. Texts are as written, of any length. */
export interface Topology {
  readonly words: Words;
  readonly name: string;
  /** Which of several ways of the site this is. */
  readonly way: string | undefined;
  /** The client goes where a line of its script sends it. */
  readonly scripted: boolean;
  readonly image: string | undefined;
  readonly strategy: string | undefined;
  readonly verdict: Verdict;
  /** Missing where no runner is in view. */
  readonly runner:
    | { readonly name: string; readonly executor: string | undefined; readonly how: Pairing }
    | undefined;
  /** Missing for builders that need no daemon. */
  readonly dial:
    | { readonly endpoint: string | undefined; readonly tls: 'verify' | 'unverified' | 'none' | 'unknown' }
    | undefined;
  readonly daemon: {
    readonly kind: DaemonKind;
    readonly image: string | undefined;
    readonly openings: readonly Opening[];
    /** Missing where it is no service of ours. */
    readonly privilege: Privilege | undefined;
  };
  /** The client's certificates, where daemon or client want some. */
  readonly certificates:
    | { readonly folder: string | undefined; readonly state: 'shared' | 'missing' | 'open' }
    | undefined;
  /** The other services, each with what it listens on where that is known. */
  readonly beside: readonly { readonly image: string; readonly openings: readonly Opening[] }[];
  /** The first of what certainly stops it, for a site that fails. */
  readonly fault:
    | {
        readonly id: string;
        readonly part: 'site' | 'link' | 'daemon' | 'certificates';
        readonly because: string;
      }
    | undefined;
  /** What goes wrong all the same; empty for a site that fails. */
  readonly errors: readonly { readonly rule: string; readonly message: string }[];
  readonly missing: readonly string[];
  /** All that is missing is the runner. */
  readonly wantsRunner: boolean;
}

/** What a format calls the machine that runs a site. */
export interface Words {
  readonly site: string;
  readonly machine: string;
  /** That machine is one of several. */
  readonly paired: boolean;
  /** People know it by its executor. */
  readonly executors: boolean;
}

const RUNNER = { machine: 'runner', paired: true, executors: false };
const MACHINES: Readonly<Partial<Record<DialectId, Omit<Words, 'site'>>>> = {
  'gitlab-ci': { ...RUNNER, executors: true },
  compose: { machine: 'host', paired: false, executors: false },
  kubernetes: { machine: 'node', paired: false, executors: false },
  jenkinsfile: { machine: 'agent', paired: true, executors: false },
};

/** @param errors what goes wrong in the site whatever becomes of its daemon */
export function topologyOf(trace: Trace, errors: readonly Pick<Finding, 'rule' | 'message'>[]): Topology {
  const { site, runner, client, daemon, verdict } = trace;
  const fatal = trace.faults.find(one => one.certain && one.fatal);
  const service = daemonService(trace);
  const image = settled(site.image);
  return {
    words: { site: nounOf(site), ...(MACHINES[site.dialect] ?? RUNNER) },
    name: site.name,
    way: site.way?.label || undefined,
    scripted: trace.from === 'script',
    image: image && show(image.ref.text),
    strategy: recogniseStrategy(trace)?.id,
    verdict,
    runner: runner && {
      name: runner.runner.name,
      executor: executorOf(trace),
      how: runner.how,
    },
    dial: client && dialOf(client, trace.likely),
    daemon: {
      kind: daemon.kind,
      image: readable(daemon.image),
      openings: openingsOf(daemon.listens, client?.endpoint ?? trace.likely?.endpoint),
      privilege: service && privilegeOf(trace, service),
    },
    certificates: certificatesOf(trace, service, fatal),
    beside: besideOf(trace, service),
    fault:
      verdict === 'fails' && fatal
        ? { id: fatal.id, part: partOf(fatal), because: fatal.because }
        : undefined,
    errors: verdict === 'fails' ? [] : errors.map(({ rule, message }) => ({ rule, message })),
    missing: trace.missing,
    wantsRunner: trace.wantsRunner ?? false,
  };
}

function executorOf({ runner }: Trace): string | undefined {
  const executor = runner && settled(runner.runner.executor);
  return executor === 'other' ? undefined : executor;
}

/** Where not every way agrees, what the client does on a runner that has what the site asks for. */
function dialOf(client: ClientView, likely: ClientView | undefined): Topology['dial'] {
  const tls = client.tls === 'unknown' ? likely?.tls : client.tls;
  return { endpoint: readable(client.endpoint ?? likely?.endpoint), tls: tls ?? 'unknown' };
}

/** A daemon that is reached, or not needed, is not all that a site needs. */
export function standingOf({ verdict, errors }: Topology): Verdict {
  return errors.length > 0 && verdict !== 'cannot-tell' ? 'fails' : verdict;
}

function readable(text: string | undefined): string | undefined {
  return text?.replaceAll(HOLE, '…');
}

function partOf({ part, beforeScript }: Fault): NonNullable<Topology['fault']>['part'] {
  return beforeScript ? 'site' : (part ?? 'link');
}

/** The service that is the daemon of the trace. */
function daemonService({ daemon, beside }: Trace): Service | undefined {
  if (daemon.kind !== 'dind' && daemon.kind !== 'dind-rootless') return undefined;
  return beside.map(({ service }) => service).find(({ ref }) => show(ref.text) === daemon.image);
}

function privilegeOf(trace: Trace, service: Service): Privilege | undefined {
  const runner = trace.runner?.runner;
  const runs = letsDockerdRun(runner, service);
  if (runs === false) return 'denied';
  if (recogniseStrategy(trace)?.id === 'sysbox') return 'other';
  if (runs) return 'granted';
  // Rootless dind gets by with relaxed security profiles as well.
  if (trace.daemon.kind === 'dind-rootless') return undefined;
  const runtime = (service.container ?? runner)?.runtime;
  return runtime && settled(runtime) !== undefined ? 'other' : 'needed';
}

/** A daemon on a port is reached through that; its socket is of interest to those that dial one. */
function openingsOf(listens: Trace['daemon']['listens'], dialled: string | undefined): readonly Opening[] {
  const sockets = dialled?.startsWith('unix:') ?? false;
  const shown = listens.filter(({ endpoint }) => endpoint.startsWith('unix:') === sockets);
  return (shown.length > 0 ? shown : listens).map(({ endpoint, tls }) => ({
    address: readable(endpoint.replace(/^(?:tcp:\/\/(?:0\.0\.0\.0:|\[::\]:|:)?|unix:\/\/)/, '')) ?? '',
    tls: tls !== 'none',
  }));
}

function certificatesOf(
  trace: Trace,
  service: Service | undefined,
  fatal: Fault | undefined,
): Topology['certificates'] {
  const { client, likely, runner, beside, verdict } = trace;
  if (fatal?.part === 'certificates')
    return { folder: client?.certPath ?? madeIn(beside, service), state: 'missing' };
  const folder = service && madeIn(beside, service);
  const endpoint = client?.endpoint ?? likely?.endpoint;
  if (folder === undefined || !client || endpoint?.startsWith('unix:')) return undefined;
  if (client.tls === 'none' && verdict === 'fails') return undefined;
  const shared = runner && sharesFolder(runner.runner, folder);
  return { folder: readable(folder), state: verdict === 'reaches' || shared ? 'shared' : 'open' };
}

function madeIn(beside: Trace['beside'], service: Service | undefined): string | undefined {
  const made = beside.find(one => one.service === service || !service)?.certDir;
  return made === undefined ? undefined : `${made}/client`;
}

function besideOf(trace: Trace, daemon: Service | undefined): Topology['beside'] {
  const { site, beside } = trace;
  const started = site.self ? beside.map(({ service }) => service) : startedServices(trace);
  const target = daemon ?? started.find(({ ref }) => show(ref.text) === trace.daemon.image);
  return started
    .filter(({ origin }) => origin !== target?.origin)
    .map(service => ({
      image: show(service.ref.text),
      openings: openingsOf(
        beside.find(one => one.service.origin === service.origin)?.listens ?? [],
        undefined,
      ),
    }));
}

function startedServices({ site, runner }: Trace): readonly Service[] {
  const added = runner ? (settled(runner.runner.services) ?? []) : [];
  return [...added, ...(settled(site.services) ?? [])];
}
