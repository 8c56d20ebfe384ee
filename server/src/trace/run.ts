/** What is gathered while one completion is played through. */
import type { Service } from '../model/build-site.js';
import type { Place } from '../model/known.js';
import type { Client } from './client.js';
import type { Completion } from './completion.js';
import type { Roll } from './names.js';
import type { Scene } from './scene.js';
import type { Use } from './script-environment.js';
import type { Lookup } from './shell-state.js';
import type { Fault, Step } from './types.js';

/** A fault before it is known whether every way has it. `doubtful`: never certain. `of`: the daemon that has it. */
export type FoundFault = Omit<Fault, 'certain'> & { readonly doubtful?: true; readonly of?: Service };

/** What only the configuration of a runner answers. */
export const SOCKET_UNSEEN = 'whether a docker socket is mounted into the job';

/** The state of one run while it is played. */
export interface Run {
  readonly scene: Scene;
  readonly way: Completion;
  readonly use: Use;
  readonly roll: Roll;
  readonly faults: FoundFault[];
  readonly unsure: string[];
  readonly because: Step[];
}

/** A run whose client is worked out. */
export interface Dial extends Run {
  readonly client: Client;
  /** What the shell of the script found in its environment. */
  readonly found: Lookup;
  /** The service that the client came to, once that is known. */
  reached?: Service;
}

/** Notes a fault that stops the client; it stands on what says where to dial, else on the service, unless told otherwise. */
export function fault(
  dial: Dial,
  id: string,
  because: string,
  more: {
    readonly place?: Place | undefined;
    readonly related?: readonly Step[];
    readonly part?: NonNullable<Fault['part']>;
  } = {},
): void {
  const { place = dialPlace(dial), related = [], ...part } = more;
  dial.faults.push({ id, fatal: true, place, because, related, ...part });
}

/** Where it is written what docker dials. */
export function dialPlace({ client, scene }: Dial): Place {
  return client.host.place ?? scene.dinds[0]?.service.origin.place ?? scene.site.place;
}

/** The host is the container itself. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
}

/** Somebody said what docker dials: the job or its script, not the image. */
export function isChosen({ client, scene }: Dial): boolean {
  const { place } = client.host;
  return place !== undefined && (place !== scene.host.place || (scene.host.value ?? '') !== '');
}
