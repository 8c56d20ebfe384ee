/** A container whose file says itself what it may, mounts and is called. */
import type { Mount } from './build-site.js';
import type { Known, Origin, Place, Sourced } from './known.js';

/** How a container is set up, where its file says so for each by itself: a service of Compose or of a workflow. */
export interface Container {
  /** What the file calls it. */
  readonly name: string;
  /** Where it is set up, for one in which several sites run; missing where that is the place of its only site. */
  readonly place?: Place;
  /** Host names under which the site finds it, `localhost` with a shared network; not those that GitLab would make. */
  readonly names: readonly string[];
  /** Names that it has in networks which the site is not in. */
  readonly namesElsewhere: readonly string[];
  /** Its own name for itself, which goes into the certificate of a dind. Absent: a random one. */
  readonly hostname: Known<string>;
  /** Why host names that are not in view may lead somewhere from inside of it, in words. */
  readonly openNames: string | undefined;
  /** Its commands do not come through the entrypoint of its image: it is a machine, or they are run in it later. */
  readonly entered?: 'machine' | 'later';
  readonly privileged: Known<boolean>;
  readonly runtime: Known<string>;
  /** The user that it runs as, where the file says so: `1000:1000`. */
  readonly user: Known<string>;
  /** Further groups of that user, where the file gives it some. */
  readonly groups?: readonly Sourced<string>[];
  readonly mounts: Known<readonly Mount[]>;
  /** Why a path of its host that it mounts may not be what it looks like, in words; a node of a cluster may be any. */
  readonly hostDoubt?: string;
  readonly securityOptions: Known<readonly Sourced<string>[]>;
  readonly capabilities: Known<readonly Sourced<string>[]>;
  /** Namespaces of the host that it shares. */
  readonly hostNamespaces: readonly Sourced<'pid' | 'network' | 'ipc' | 'user'>[];
  readonly ports: readonly PublishedPort[];
  /** Ports at which others than the containers beside it may ask: those that it declares, and those that are probed. */
  readonly servedPorts?: readonly number[];
  /** Whether the file gives it a health check; false where it switches off that of the image. */
  readonly probe: Known<boolean>;
  /** What it waits for before it starts, by the name of the other container. */
  readonly waits: ReadonlyMap<string, Sourced<Wait>>;
}

export type Wait = 'started' | 'healthy' | 'completed';

/** A port of a container that is opened on its host. */
export interface PublishedPort {
  /** Inside of the container; `undefined` where it cannot be told. */
  readonly target: number | undefined;
  /** Of the host; missing where the daemon picks one, or it cannot be told. */
  readonly published?: number;
  /** The address of the host that it listens on; absent for all. */
  readonly address: Known<string>;
  readonly origin: Origin;
}
