/** Tells the client that what it shows beside the text may be out of date, when the author pauses. */
import type { Connection } from 'vscode-languageserver';
import type { ClientFeatures } from './features.js';
import { RESULTS_CHANGED } from './messages.js';

const AFTER_MS = 200;

/** Belongs to a connection. Says nothing to clients that never asked. */
export class Announcer {
  #timer: NodeJS.Timeout | undefined;
  #showsLenses = false;
  #showsViews = false;

  constructor(
    private readonly connection: Connection,
    private readonly client: () => ClientFeatures | undefined,
  ) {}

  /** Notes that the client shows something that it has to ask for again. */
  asked(what: 'lenses' | 'views'): void {
    if (what === 'lenses') this.#showsLenses = true;
    else this.#showsViews = true;
  }

  changed(): void {
    if (!this.#showsLenses && !this.#showsViews) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), AFTER_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    if (this.#showsViews) void this.connection.sendNotification(RESULTS_CHANGED);
    // A client that fails to ask again shows old lenses until the text changes.
    if (this.#showsLenses && this.client()?.codeLensRefresh)
      this.connection.sendRequest('workspace/codeLens/refresh').catch(() => {});
  }
}
