/** What a trace says: which daemon a site reaches, over what, why, or what it will die of. */
import type { BuildSite, PairedRunner, Service } from '../model/build-site.js';
import type { Place } from '../model/known.js';
import type { Listener } from './entrypoints.js';
import type { Builder } from './tools.js';

export type Verdict = 'reaches' | 'fails' | 'no-daemon-needed' | 'cannot-tell';

export type DaemonKind =
  | 'dind'
  | 'dind-rootless'
  | 'host-socket'
  | 'socket-proxy'
  | 'hosted'
  | 'remote'
  | 'none'
  | 'unknown';

/** Something that goes wrong. `id` is an id of the failure catalogue. */
export interface Fault {
  readonly id: string;
  /** It strikes whatever the unknown parts turn out to be. */
  readonly certain: boolean;
  /** It is what stops this client; a fault of a daemon that the client does not use is not. */
  readonly fatal: boolean;
  readonly place: Place;
  /** It does not depend on any variable, only on which services run. */
  readonly plainly?: boolean;
  /** What it strikes; missing where that is the way from the client to the daemon. */
  readonly part?: 'daemon' | 'certificates';
  /** It is that of a container beside this one, which is looked at by itself. */
  readonly neighbours?: true;
  /** It fails the job before its script begins, whatever docker dials. */
  readonly beforeScript?: true;
  /** The daemon exits of it at start, whatever the others do. */
  readonly endsDaemon?: true;
  /** The one executor on which it strikes; on the others another fault does. */
  readonly on?: 'docker' | 'kubernetes' | 'shell';
  readonly because: string;
  readonly related: readonly Step[];
}

/** One fact of the chain, with the place it was read from. */
export interface Step {
  readonly message: string;
  readonly place?: Place;
}

export interface ClientView {
  /** What the CLI will dial; missing when it cannot be told. */
  readonly endpoint?: string;
  readonly tls: 'verify' | 'unverified' | 'none' | 'unknown';
  readonly certPath?: string;
  /** The script takes DOCKER_HOST away, so docker dials its default. */
  readonly hostGone?: true;
}

export interface DaemonView {
  readonly kind: DaemonKind;
  readonly image?: string;
  readonly listens: readonly Listener[];
}

/** A daemon that runs beside a job. */
export interface BesideDaemon {
  readonly service: Service;
  readonly listens: readonly Listener[];
  /** The folder of its certificates; missing when it makes none. */
  readonly certDir: string | undefined;
}

/** The daemon that a client comes to, where both are containers that live on their own. */
export interface ReachedDaemon extends BesideDaemon {
  /** Where the client sees the certificates that the daemon makes for its clients; missing where it does not. */
  readonly clientFolder: string | undefined;
}

export interface Trace {
  readonly site: BuildSite;
  readonly runner: PairedRunner | undefined;
  /** Whether the variables of the job decide where docker goes, or its script has a say in it. */
  readonly from: 'job' | 'script';
  /** The first docker command that the row is about; missing where there is none. */
  readonly command?: Place;
  /** What the row is about; missing where it is docker's client, or nothing in particular. */
  readonly tool?: Exclude<Builder, 'docker'>;
  /** What holds in every way; missing when the site uses no docker client. */
  readonly client?: ClientView;
  /** The same on a runner that supports what the job asks for; missing when nothing can be said. */
  readonly likely?: ClientView;
  readonly daemon: DaemonView;
  /** The daemons that run beside the client, whether it uses them or not. */
  readonly beside: readonly BesideDaemon[];
  /** Missing for jobs, whose daemons are beside them, and where it cannot be told. */
  readonly reached?: ReachedDaemon;
  /** False when something is missing without which nothing can be said. */
  readonly decided: boolean;
  /** The daemon's image, when all rests on its being a copy of the official one. */
  readonly ifCopy?: string | undefined;
  readonly verdict: Verdict;
  /** The site is a daemon itself, and the row says what becomes of that. */
  readonly serves?: true;
  /** In the order in which they would strike. */
  readonly faults: readonly Fault[];
  readonly assumptions: readonly string[];
  readonly because: readonly Step[];
  /** What is not known and decides; empty unless the verdict is `cannot-tell`. */
  readonly missing: readonly string[];
  /** All that is missing is how a runner is set up, and none is in view. */
  readonly wantsRunner?: true;
}
