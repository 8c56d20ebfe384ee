/** The language server: connects the notifications and requests of an editor with the projects of its workspace. */
import {
  type CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  LSPErrorCodes,
  type PublishDiagnosticsParams,
  ResponseError,
  type TextDocumentIdentifier,
  WatchKind,
} from 'vscode-languageserver';
import type { Project, ProjectOptions } from '../analysis/index.js';
import { Announcer } from './announcer.js';
import { OpenDocuments } from './documents.js';
import type { LogCore } from './explain-log.js';
import { type ClientFeatures, clientFeatures, foldersOf, serverCapabilities } from './features.js';
import { createFilePort } from './files.js';
import type { Settings } from './messages.js';
import type { PlanCore } from './plans.js';
import { answerRequests } from './requests.js';
import { chooser, elapsed, fetchSettings, settingsFrom } from './settings.js';
import { addressOf } from './uris.js';
import type { JobWriter } from './views.js';
import { type Located, Workspace } from './workspace.js';

/** Put in by the build. */
declare const DRYDOCK_VERSION: string | undefined;

const serverInfo = {
  name: 'drydock',
  version: typeof DRYDOCK_VERSION === 'string' ? DRYDOCK_VERSION : '0.0.0-dev',
};

/** What the server needs of the core. */
export interface Core extends JobWriter, LogCore, PlanCore {
  createProject(options: ProjectOptions): Project;
  candidatePath(path: string): boolean;
  /** Whether an included path is a pattern, and what it matches. */
  isPattern(path: string): boolean;
  includeMatcher(pattern: string): (path: string) => boolean;
}

/** Enough for the answer to `initialize` to be written, which takes several turns. */
const LOAD_AFTER_MS = 10;
/** How long first diagnostics wait for a client that is slow to tell its settings. */
const SETTINGS_PATIENCE_MS = 100;
/** Folders are searched only after the open documents have had their answer. */
const SEARCH_AFTER_MS = 100;

/**
 * Answers on a connection until it ends; listens to it.
 * @param loadCore called once, after `initialize` was answered, so that starting does not wait for it
 */
export function startServer(connection: Connection, loadCore: () => Promise<Core>): void {
  new Server(connection, loadCore).listen();
}

/** Lives as long as its connection. */
class Server {
  readonly #connection: Connection;
  readonly #loadCore: () => Promise<Core>;
  readonly #documents = new OpenDocuments();
  /** What came before there was a workspace. */
  #folders: string[] = [];
  #client: ClientFeatures | undefined;
  #core: Core | undefined;
  readonly #announcer: Announcer;
  #workspace: Workspace | undefined;
  #ready: () => void = () => {};
  readonly #whenReady = new Promise<void>(resolve => {
    this.#ready = resolve;
  });
  #searchTimer: NodeJS.Timeout | undefined;
  #searched: () => void = () => {};
  /** Once the folders were looked through for the first time. */
  readonly #whenSearched = new Promise<void>(resolve => {
    this.#searched = resolve;
  });

  constructor(connection: Connection, loadCore: () => Promise<Core>) {
    this.#connection = connection;
    this.#loadCore = loadCore;
    this.#announcer = new Announcer(connection, () => this.#client);
  }

  listen(): void {
    const connection = this.#connection;
    let core: Promise<Core> | undefined;
    connection.onInitialize(params => {
      this.#client = clientFeatures(params);
      this.#folders = foldersOf(params);
      setTimeout(() => {
        core ??= this.#loadCore();
      }, LOAD_AFTER_MS);
      return { capabilities: serverCapabilities, serverInfo };
    });
    connection.onInitialized(() => {
      core ??= this.#loadCore();
      if (this.#client?.folderChanges) this.#listenToFolders();
      void this.#guard('initialized', this.#begin(core)).finally(this.#ready);
    });
    this.#listenToDocuments();
    this.#listenToWorkspace();
    this.#answerRequests();
    connection.onShutdown(() => {
      clearTimeout(this.#searchTimer);
      this.#announcer.dispose();
    });
    connection.listen();
  }

  #listenToDocuments(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument(params => {
      const document = this.#documents.open(params);
      this.#try('didOpen', () => this.#workspace?.open(document));
    });
    connection.onDidChangeTextDocument(params => {
      const document = this.#documents.change(params);
      if (document) this.#try('didChange', () => this.#workspace?.change(document));
    });
    connection.onDidCloseTextDocument(params => {
      const document = this.#documents.close(params);
      if (document) void this.#guard('didClose', this.#workspace?.close(document));
    });
  }

  /** Only once the client is known: without support for it the library refuses. */
  #listenToFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const changed = this.#changeFolders(
        added.map(folder => folder.uri),
        removed.map(folder => folder.uri),
      );
      void this.#guard('didChangeWorkspaceFolders', changed);
    });
  }

  #listenToWorkspace(): void {
    const connection = this.#connection;
    connection.onDidChangeWatchedFiles(({ changes }) => {
      void this.#guard('didChangeWatchedFiles', this.#workspace?.filesChanged(changes));
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      const given = settingsFrom((settings as { drydock?: unknown } | null)?.drydock);
      const applied = this.#client?.configuration ? this.#fetchSettings() : this.#applySettings(() => given);
      void this.#guard('didChangeConfiguration', applied);
    });
  }

  #answerRequests(): void {
    answerRequests({
      connection: this.#connection,
      announcer: this.#announcer,
      answer: (...request) => this.#answer(...request),
      workspace: async () => {
        await this.#whenReady;
        return this.#workspace;
      },
      core: () => this.#core,
      searched: this.#whenSearched,
      setTheme: theme => {
        if (this.#client && theme) this.#client.theme = theme;
      },
    });
  }

  async #begin(core: Promise<Core>): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const scopes = [...this.#folders, undefined];
    const settings = client.configuration ? fetchSettings(this.#connection, scopes) : undefined;
    this.#core = await core;
    const { createProject, candidatePath, isPattern, includeMatcher, data } = this.#core;
    const early = await Promise.race([settings, elapsed(SETTINGS_PATIENCE_MS)]);
    const connection = this.#connection;
    const context = {
      client,
      createProject,
      ...(data ? { data } : {}),
      candidatePath,
      isPattern,
      includeMatcher,
      files: createFilePort(connection, client.filePort),
      documents: this.#documents,
      publish: (params: PublishDiagnosticsParams) => void connection.sendDiagnostics(params),
      changed: () => this.#announcer.changed(),
      log: (message: string) => connection.console.error(message),
    };
    const workspace = new Workspace(context, this.#folders);
    if (early) workspace.applySettings(chooser(scopes, early));
    this.#workspace = workspace;
    for (const document of this.#documents.all()) this.#try('didOpen', () => workspace.open(document));
    this.#ready();
    this.#register(client);
    this.#searchSoon();
    if (settings && !early) workspace.applySettings(chooser(scopes, await settings));
  }

  async #changeFolders(added: readonly string[], removed: readonly string[]): Promise<void> {
    const gone = new Set(removed.map(uri => addressOf(uri).key));
    this.#folders = [...this.#folders.filter(uri => !gone.has(addressOf(uri).key)), ...added];
    if (!this.#workspace) return;
    this.#workspace.changeFolders(added, removed);
    if (this.#client?.configuration) await this.#fetchSettings();
    this.#searchSoon();
  }

  async #fetchSettings(): Promise<void> {
    const scopes = [...this.#folders, undefined];
    const settings = await fetchSettings(this.#connection, scopes);
    await this.#applySettings(chooser(scopes, settings));
  }

  async #applySettings(settingsOf: (folder: string | undefined) => Settings): Promise<void> {
    await this.#whenReady;
    this.#workspace?.applySettings(settingsOf);
  }

  #searchSoon(): void {
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => {
      void this.#guard('search', this.#workspace?.discover()).then(this.#searched);
    }, SEARCH_AFTER_MS);
  }

  #register(client: ClientFeatures): void {
    const { client: registrar } = this.#connection;
    const watchers = [
      { globPattern: '**/*.{yml,yaml,toml,tf,tofu}' },
      { globPattern: '**/*.{yml,yaml,toml}.{j2,tpl,tftpl,tmpl,gotmpl,template,erb}' },
      // A deleted folder is reported without its files.
      { globPattern: '**', kind: WatchKind.Delete },
    ];
    if (client.watchFiles) {
      const done = registrar.register(DidChangeWatchedFilesNotification.type, { watchers });
      void this.#guard('register', done);
    }
    if (client.watchConfiguration) {
      const options = { section: 'drydock' };
      void this.#guard('register', registrar.register(DidChangeConfigurationNotification.type, options));
    }
  }

  /**
   * Answers a request about an open document.
   * @param nothing the answer where there is none
   * @throws ResponseError when the request was cancelled, the text changed while it waited, or the handler failed
   */
  async #answer<T>(
    name: string,
    { uri }: TextDocumentIdentifier,
    token: CancellationToken,
    handler: (located: Located) => T,
    nothing: T,
  ): Promise<T> {
    const document = this.#documents.get(uri);
    const version = document?.text.version;
    if (!this.#workspace) await this.#whenReady;
    if (token.isCancellationRequested) {
      throw new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
    }
    const located = this.#workspace?.locate(uri);
    if (!located) return nothing;
    if (document && document.text.version !== version) {
      throw new ResponseError(LSPErrorCodes.ContentModified, `${name}: the document has changed since`);
    }
    try {
      return handler(located);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.#log(name, error);
      throw new ResponseError(ErrorCodes.InternalError, `${name} failed; see the log of Drydock`);
    }
  }

  #try(name: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#log(name, error);
    }
  }

  async #guard(name: string, work: Promise<unknown> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#log(name, error);
    }
  }

  #log(name: string, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#connection.console.error(`${name}: ${detail}`);
  }
}
