/** What a fix wants to change, in terms of no file format; each dialect writes it, or refuses with a reason. */
import type { TextEdit } from '../syntax/patch.js';
import type { Place } from './known.js';

export type Intent =
  /** Put a new value where one stands; quotes and style are the dialect's affair. */
  | { readonly kind: 'replace-value'; readonly at: Place; readonly value: string }
  /** Make a text of what stands there and is taken for something else, letter by letter. */
  | { readonly kind: 'quote-text'; readonly at: Place }
  /** Make what stands there the only item of a list. */
  | { readonly kind: 'make-list'; readonly at: Place }
  /** Give the site a variable, beside the one at `near` or in the site's own variables. */
  | {
      readonly kind: 'set-variable';
      readonly site: Place;
      readonly near: Place | undefined;
      readonly name: string;
      readonly value: string;
    }
  /** Put another variable where one stands, key and value. */
  | { readonly kind: 'replace-entry'; readonly entry: Place; readonly name: string; readonly value: string }
  /** Take a whole entry away, key and value; `orValue` is what it may hold where nothing else would be left. */
  | { readonly kind: 'remove-entry'; readonly entry: Place; readonly orValue?: string }
  /** Replace a part of a script, given as offsets into the text that the shell gets; `text` is shell text. */
  | {
      readonly kind: 'replace-words';
      readonly script: Place;
      readonly start: number;
      readonly end: number;
      readonly text: string;
    }
  /** Set a key of a service, named by where its image stands; a list holds words, and an empty one takes the key away. */
  | {
      readonly kind: 'set-service-key';
      readonly service: Place;
      readonly key: 'alias' | 'command' | 'entrypoint';
      readonly value: string | readonly string[];
    }
  /** Give a service a variable of its own. */
  | {
      readonly kind: 'set-service-variable';
      readonly service: Place;
      readonly name: string;
      readonly value: string;
    }
  /** Have the health of a service checked by a command, so that the site waits for it. */
  | { readonly kind: 'set-health-check'; readonly service: Place; readonly command: string }
  /** Open a port of a service on its host, under the same number. */
  | { readonly kind: 'publish-port'; readonly service: Place; readonly port: number }
  /** Put a key into a map, or give it another value. */
  | { readonly kind: 'set-key'; readonly at: Place; readonly key: string; readonly value: string }
  /** Put a step that uses an action in front of another one; `at` is the `run:` or `uses:` of that. */
  | { readonly kind: 'insert-step'; readonly at: Place; readonly uses: string }
  /** Let an image run without its own entrypoint; `image` is where its name stands. */
  | { readonly kind: 'clear-entrypoint'; readonly image: Place }
  /** Give the site an image of its own, and an empty entrypoint where it cannot run with that of the image. */
  | {
      readonly kind: 'set-image';
      readonly site: Place;
      readonly reference: string;
      readonly clearEntrypoint: boolean;
    }
  /** Give the site a list of its own in place of what it has or inherits. */
  | {
      readonly kind: 'set-list';
      readonly site: Place;
      readonly key: 'services' | 'before_script' | 'after_script';
      /** Texts, or services with variables of their own. */
      readonly values: readonly (string | NamedService)[];
    }
  /**
   * Put another container between the site and what it has mounted at `mount`, which goes: the site waits for the other
   * one, and shares a network with it alone. `variables` are those that the site gets for it.
   */
  | {
      readonly kind: 'put-between';
      readonly site: Place;
      readonly mount: Place;
      readonly variables: Readonly<Record<string, string>>;
      /** Its name is also that of the network. */
      readonly container: NamedService & { readonly image: string; readonly mounts: readonly string[] };
    }
  /** Put an item behind the last one of a list. */
  | { readonly kind: 'add-item'; readonly at: Place; readonly value: string }
  /** Take an item out of a list; `item` is a value that it is, or that is part of it. */
  | { readonly kind: 'remove-item'; readonly item: Place }
  /** Replace the whole text that the shell gets from one entry of a script. */
  | { readonly kind: 'replace-script'; readonly script: Place; readonly text: string }
  /** Add a volume to a runner (GitLab Runner: `volumes`). */
  | { readonly kind: 'add-mount'; readonly runner: Place; readonly volume: string }
  /** Set a key of the runner's container section. */
  | {
      readonly kind: 'set-runner-key';
      readonly runner: Place;
      readonly key: string;
      readonly value: string | boolean;
    }
  /** Put a value of another kind where one stands. */
  | { readonly kind: 'set-value'; readonly at: Place; readonly value: PlainValue }
  /** Give a key another name, in the same table. */
  | { readonly kind: 'rename-key'; readonly at: Place; readonly name: string }
  /**
   * Move an entry, given by its key and value, to another table, made if need be. `table` counts from the entry's
   * `[[runners]]` (`docker`, `cache.s3`, `''`).
   */
  | {
      readonly kind: 'move-entry';
      readonly entry: Place;
      readonly table: string;
      readonly name: string;
    };

export interface NamedService {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

export type PlainValue = string | number | boolean | readonly string[];

type PlaceField = 'at' | 'item' | 'script' | 'entry' | 'near' | 'site' | 'service' | 'image' | 'runner';

/** A place in the text that the intent is about. Every intent has a field for one. */
export function placeOfIntent(intent: Intent): Place {
  const fields: Partial<Record<PlaceField, Place | undefined>> = intent;
  const { at, item, script, entry, near, site, service, image, runner } = fields;
  const place = at ?? item ?? script ?? entry ?? near ?? site ?? service ?? image ?? runner;
  if (place === undefined) throw new Error(`the intent ${intent.kind} is about no place`);
  return place;
}

export interface FileEdit {
  readonly path: string;
  readonly edits: readonly TextEdit[];
}

/** What a dialect answers to an intent: edits with offsets from the start of the file, or why it cannot. */
export type Written = { readonly edits: readonly FileEdit[] } | { readonly refused: string };
