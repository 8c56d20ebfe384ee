/** One project at the edge: a folder with its files, those that are open, and when they are checked. */
import type { PublishDiagnosticsParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckedFile, Project, ProjectOptions } from '../analysis/index.js';
import type { DialectId } from '../model/build-site.js';
import type { OpenDocument } from './documents.js';
import type { ClientFeatures } from './features.js';
import type { Settings } from './messages.js';
import { Publications } from './publications.js';
import { defaultSettings } from './settings.js';
import type { Places } from './to-lsp.js';
import { type Address, addressOf, childUri } from './uris.js';

/** What a root needs of the rest of the server. */
export interface RootContext {
  readonly client: ClientFeatures;
  /** Data for hovers, read on first use. */
  readonly data?: NonNullable<ProjectOptions['data']>;
  createProject(options: ProjectOptions): Project;
  publish(params: PublishDiagnosticsParams): void;
  /** Results may be others than before. */
  changed(): void;
  log(message: string): void;
}

/** Where the last check took no longer, the next one belongs to the change itself. */
const CHEAP_MS = 5;
/** Where it took longer than that, changes wait for each other; in between, only for those that have arrived already. */
const DEAR_MS = 50;
const LONGEST_DELAY_MS = 150;
/** The library hands over one message in each turn, so after two turns without a change none is waiting. */
const QUIET_TURNS = 2;

/** The language that says by itself what a document is; nobody gives it to other files. */
const RUNNER_LANGUAGE = 'gitlab-runner-toml';

/** Files that editors tell of when they come; any other may be there by now. */
const WATCHED = /\.(?:yml|yaml|toml|tf|tofu)$/;

/** Lives from the opening of a folder, or of the first file outside of all folders, until it is disposed of. */
export class Root implements Places {
  readonly address: Address;
  readonly #context: RootContext;
  readonly #project: Project;
  readonly #publications: Publications;
  readonly #open = new Map<string, OpenDocument>();
  readonly #files = new Set<string>();
  readonly #closedTexts = new Map<string, TextDocument>();
  readonly #changed = new Set<string>();
  /** Included files that were looked for, whether they were there or not. */
  readonly #sought = new Set<string>();
  #settings = defaultSettings;
  #today = today();
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #turnsToWait = 0;
  #cost = 0;
  #ours: readonly CheckedFile[] = [];
  #disposed = false;

  /** @param loose whether it stands for files outside of all folders, so that only open ones are known */
  constructor(
    readonly uri: string,
    readonly loose: boolean,
    context: RootContext,
  ) {
    this.address = addressOf(uri);
    this.#context = context;
    this.#project = context.createProject(this.#options());
    this.#publications = new Publications(this, context.client, context.publish);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get client(): ClientFeatures {
    return this.#context.client;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  get enabled(): boolean {
    return this.#settings.enable;
  }

  get unused(): boolean {
    return this.loose && this.#open.size === 0;
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Paths of all files that the project holds, ours or not. */
  paths(): readonly string[] {
    return [...this.#files];
  }

  /** The project with every change put in, for questions about the text that the author sees now. */
  current(): Project {
    if (this.#changed.size > 0) this.run();
    return this.#project;
  }

  open(path: string, document: OpenDocument): void {
    this.#open.set(path, document);
    if (document.text.languageId === RUNNER_LANGUAGE) this.#project.setOptions(this.#options());
    this.change(path);
  }

  /** Notes a change of an open document. Its diagnostics follow at once, or soon where checking is dear. */
  change(path: string): void {
    this.#changed.add(path);
    if (this.#cost <= CHEAP_MS) this.run();
    else if (this.#cost <= DEAR_MS) this.#runWhenQuiet();
    else this.#timer ??= setTimeout(() => this.#runLater(), Math.min(this.#cost, LONGEST_DELAY_MS));
  }

  /** The document is no longer open; its file stays as it was until `setFile` says otherwise. */
  close(path: string): void {
    if (this.#changed.has(path)) this.run();
    const document = this.#open.get(path);
    this.#open.delete(path);
    if (document?.text.languageId === RUNNER_LANGUAGE) this.#project.setOptions(this.#options());
  }

  /** Gives the text on disk, `undefined` when there is none; of no effect for a document that is open. */
  setFile(path: string, text: string | undefined): void {
    if (!this.#open.has(path)) this.#setText(path, text);
  }

  wasSought(path: string): boolean {
    return this.#sought.has(path);
  }

  /** Notes that included files were looked for: those that are not here by now are missing. */
  noteSought(paths: readonly string[]): void {
    for (const path of paths) this.#sought.add(path);
    this.#project.setOptions(this.#options());
  }

  /** Such a file may come back in another way. */
  forgetSought(path: string): void {
    this.#sought.delete(path);
  }

  setSettings(settings: Settings): void {
    const { enable, profile, codeLens } = this.#settings;
    this.#settings = settings;
    if (settings.codeLens !== codeLens) this.#context.changed();
    if (settings.enable === enable && settings.profile === profile) return;
    this.#project.setOptions(this.#options());
    this.run();
  }

  /** Works out results without telling them, so that the next answer comes fast. */
  warm(): void {
    if (this.enabled) this.#ours = this.#project.check();
  }

  /** Checks now, and publishes for each document that changed and for all files whose diagnostics did. */
  run(): void {
    this.#stopWaiting();
    const changed = [...this.#changed];
    this.#changed.clear();
    // Whole milliseconds are enough, and the finer clock would have to be loaded first.
    const started = Date.now();
    for (const path of changed) this.#setText(path, this.#open.get(path)?.text.getText());
    if (changed.length > 0 && this.#foreign(changed)) return;
    this.#keepDate();
    this.#ours = this.enabled ? this.#project.check() : [];
    if (changed.length > 0) this.#cost = Date.now() - started;
    this.#publications.update(this.#ours, changed);
    this.#context.changed();
  }

  /** Takes back all diagnostics. The root must not be used afterwards. */
  dispose(): void {
    this.#stopWaiting();
    this.#disposed = true;
    this.#publications.update([], []);
  }

  uriOf(path: string): string {
    return this.#open.get(path)?.uri ?? childUri(this.uri, path);
  }

  version(path: string): number | null {
    return this.#open.get(path)?.text.version ?? null;
  }

  document(path: string): TextDocument | undefined {
    const open = this.#open.get(path);
    if (open) return open.text;
    const text = this.#project.text(path);
    if (text === undefined) return undefined;
    const known = this.#closedTexts.get(path);
    if (known?.getText() === text) return known;
    const document = TextDocument.create(this.uriOf(path), 'plaintext', 0, text);
    this.#closedTexts.set(path, document);
    return document;
  }

  #setText(path: string, text: string | undefined): void {
    this.#closedTexts.delete(path);
    if (text === undefined) this.#files.delete(path);
    else this.#files.add(path);
    this.#project.setFile(path, text);
  }

  /** Whether the changes cannot matter: none of the files is ours, and there is nothing of ours that could use them. */
  #foreign(changed: readonly string[]): boolean {
    if (!this.enabled) return this.#ours.length === 0;
    return this.#ours.length === 0 && changed.every(path => this.#project.dialectOf(path) === undefined);
  }

  /** Every change begins the wait anew; a check is far longer than a message, so they cannot go on for long. */
  #runWhenQuiet(): void {
    this.#turnsToWait = QUIET_TURNS;
    const turn = () => {
      this.#turnsToWait -= 1;
      if (this.#turnsToWait > 0) this.#turn = setImmediate(turn);
      else this.#runLater();
    };
    this.#turn ??= setImmediate(turn);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
  }

  #runLater(): void {
    try {
      this.run();
    } catch (error) {
      this.#context.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  /** Ignores expire at midnight, also while the editor stays open. */
  #keepDate(): void {
    if (this.#today === today()) return;
    this.#today = today();
    this.#project.setOptions(this.#options());
  }

  #options(): ProjectOptions {
    const { profile } = this.#settings;
    const associations = new Map<string, DialectId>();
    for (const [path, { text }] of this.#open) {
      if (text.languageId === RUNNER_LANGUAGE) associations.set(path, 'gitlab-runner');
    }
    const { log, data } = this.#context;
    return {
      associations,
      today: this.#today,
      log,
      absent: path => this.#sought.has(path) && !this.#files.has(path) && WATCHED.test(path),
      ...(data ? { data } : {}),
      ...(profile === 'default' ? {} : { profile }),
    };
  }
}

/** ISO date. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
