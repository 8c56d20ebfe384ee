/** What a file says about a value: nothing, something that cannot be read, or one or more values. */
import type { Block, Node, Span } from '../syntax/tree.js';

/** A stretch of a file, counted from the start of its block, so that text above it may change freely. */
export interface Place extends Span {
  /** Path of the file, relative to the project, with `/`. */
  readonly path: string;
  readonly block: Block;
}

/** How a value came to the site that uses it. */
export type Way =
  | 'own'
  | 'anchor'
  | 'extends'
  | 'default'
  | 'global'
  | 'include'
  | 'runner'
  | 'image'
  | 'hosted';

/** Where a value was written, and how it came from there. */
export interface Origin {
  readonly place: Place;
  readonly way: Way;
  /** The name of the job or template it came from, where that says something. */
  readonly from?: string;
  /** The entry that holds the value, key and all: what a fix that removes the value takes away. */
  readonly entry?: Place;
}

export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * A value that may not be there (`absent`) or cannot be told from the files in view (`unknown`).
 * Absent and empty are different things: `DOCKER_TLS_CERTDIR: ""` turns TLS off, leaving it out turns it on.
 */
export type Known<T> =
  | { readonly state: 'absent' }
  | {
      readonly state: 'unknown';
      readonly why: string;
      readonly origin?: Origin;
      /** What is written, where something that we cannot see may still replace it. */
      readonly likely?: T;
    }
  | { readonly state: 'known'; readonly value: T; readonly origin: Origin };

export const ABSENT: Known<never> = { state: 'absent' };

export function unknown(why: string, origin?: Origin): Known<never> {
  return origin ? { state: 'unknown', why, origin } : { state: 'unknown', why };
}

export function known<T>(value: T, origin: Origin): Known<T> {
  return { state: 'known', value, origin };
}

/** The value when it is known, `undefined` when it is absent or unknown. */
export function settled<T>(item: Known<T>): T | undefined {
  return item.state === 'known' ? item.value : undefined;
}

/** What is written, also where something out of view may replace it: enough for what is bad as it stands. */
export function written<T>(item: Known<T>): T | undefined {
  if (item.state === 'known') return item.value;
  return item.state === 'unknown' ? item.likely : undefined;
}

/** The place of a node in the file `path`. */
export function placeOf(path: string, node: Node | (Span & { readonly key: Node })): Place {
  const block = 'block' in node ? node.block : node.key.block;
  return { path, block, start: node.start, end: node.end };
}

/** A text that identifies a place within one version of the files. */
export function placeKey(place: Place): string {
  return `${place.path}#${place.block.id}:${place.start}-${place.end}`;
}
