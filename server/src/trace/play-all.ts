/** Plays the completions of a site through, and no two that cannot differ in what comes of them. */
import type { Completion } from './completion.js';
import type { ClientVariant } from './scene.js';

/** What comes of some ways alike. */
export interface Played<Result> {
  readonly ways: readonly Completion[];
  readonly result: Result;
}

/**
 * What comes of `ways`, in the order of the first of each. `play` goes by nothing but the completion that it is given,
 * so one that agrees with an earlier one in all that was looked at there comes to the same.
 */
export function playAll<Result>(
  ways: readonly Completion[],
  play: (way: Completion) => Result,
): readonly Played<Result>[] {
  const played: { readonly first: WatchedWay; readonly ways: Completion[]; readonly result: Result }[] = [];
  for (const way of ways) {
    const same = played.find(({ first }) => first.holdsFor(way));
    if (same) same.ways.push(way);
    else {
      const first = new WatchedWay(way);
      played.push({ first, ways: [way], result: play(first) });
    }
  }
  return played;
}

/** Reads of an object one part of itself. */
type Read<From> = (from: From) => unknown;

/** An object that keeps in mind what was looked at. Its members say what they are when they are read. */
abstract class Watched<From extends object> {
  protected readonly from: From;
  readonly #seen = new Set<Read<From>>();

  constructor(from: From) {
    this.from = from;
  }

  protected look<Part>(read: (from: From) => Part): Part {
    this.#seen.add(read);
    return read(this.from);
  }

  /** Whether another one is the same in all that was looked at. */
  protected agrees(other: From): boolean {
    for (const read of this.#seen) if (read(this.from) !== read(other)) return false;
    return true;
  }
}

class WatchedWay extends Watched<Completion> implements Completion {
  readonly client: WatchedClient;

  constructor(way: Completion) {
    super(way);
    this.client = new WatchedClient(way.client);
  }

  holdsFor(way: Completion): boolean {
    return this.agrees(way) && this.client.holdsFor(way.client);
  }

  get executor() {
    return this.look(executor);
  }
  get runsEntrypoint() {
    return this.look(runsEntrypoint);
  }
  get certificatesShared() {
    return this.look(certificatesShared);
  }
  get socket() {
    return this.look(socket);
  }
}

class WatchedClient extends Watched<ClientVariant> implements ClientVariant {
  holdsFor(client: ClientVariant): boolean {
    return this.agrees(client);
  }

  get client() {
    return this.look(image);
  }
  get entrypointKept() {
    return this.look(entrypointKept);
  }
  get verify() {
    return this.look(verify);
  }
  get certPath() {
    return this.look(certPath);
  }
  get certDir() {
    return this.look(certDir);
  }
}

const executor = (way: Completion) => way.executor;
const runsEntrypoint = (way: Completion) => way.runsEntrypoint;
const certificatesShared = (way: Completion) => way.certificatesShared;
const socket = (way: Completion) => way.socket;
const image = (client: ClientVariant) => client.client;
const entrypointKept = (client: ClientVariant) => client.entrypointKept;
const verify = (client: ClientVariant) => client.verify;
const certPath = (client: ClientVariant) => client.certPath;
const certDir = (client: ClientVariant) => client.certDir;
