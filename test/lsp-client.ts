/** A language client for tests: talks with the server in this process, and keeps what it publishes and logs. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClientCapabilities,
  createConnection,
  type Diagnostic,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createProtocolConnection, type ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { type Core, startServer } from '../server/src/lsp/server.js';

export const allCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      versionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
  },
};

export interface StartOptions {
  readonly core: Core | Promise<Core>;
  readonly folders?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: object;
  /** Answers of `workspace/configuration` by scope, `''` for none. */
  readonly settings?: Record<string, unknown>;
  /** Answers to requests of the server that are not of the protocol. */
  readonly answers?: Record<string, (params: never) => unknown>;
}

/** One server and the conversation with it. */
export class TestClient {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  readonly registered: string[] = [];
  readonly settings: Record<string, unknown>;
  #capabilities: unknown;

  private constructor(
    readonly connection: ProtocolConnection,
    settings: Record<string, unknown>,
  ) {
    this.settings = settings;
  }

  static async start(options: StartOptions): Promise<TestClient> {
    const up = new PassThrough();
    const down = new PassThrough();
    // With readers instead of streams the library does not end the process together with the connection.
    const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    startServer(server, async () => options.core);
    const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    const client = new TestClient(connection, options.settings ?? {});
    client.#listen(options.answers ?? {});
    const folders = options.folders ?? [];
    const answer = await connection.sendRequest<{ capabilities: unknown }>('initialize', {
      processId: null,
      rootUri: folders[0] ?? null,
      workspaceFolders: folders.map(uri => ({ uri, name: uri })),
      capabilities: options.capabilities ?? allCapabilities,
      initializationOptions: options.initializationOptions,
    });
    client.#capabilities = answer.capabilities;
    await connection.sendNotification('initialized', {});
    return client;
  }

  get capabilities(): unknown {
    return this.#capabilities;
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    this.connection.dispose();
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  notify(method: string, params: object): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  open(uri: string, text: string, languageId = 'yaml', version = 1): Promise<void> {
    return this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  close(uri: string): Promise<void> {
    return this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** Inserts text at a position, line and character from 0. */
  insert(uri: string, version: number, line: number, character: number, text: string): Promise<void> {
    const range = { start: { line, character }, end: { line, character } };
    return this.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  replaceAll(uri: string, version: number, text: string): Promise<void> {
    return this.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  /** Everything published for a URI so far. */
  publishedFor(uri: string): readonly PublishDiagnosticsParams[] {
    return this.published.filter(each => each.uri === uri);
  }

  /** The newest diagnostics for a URI; `undefined` when there were none ever. */
  diagnostics(uri: string): readonly Diagnostic[] | undefined {
    return this.publishedFor(uri).at(-1)?.diagnostics;
  }

  /** Waits until `ask` gives something; fails with `what` after five seconds. */
  async until<T>(what: string, ask: () => T | undefined | false): Promise<T> {
    const end = Date.now() + 5_000;
    for (;;) {
      const answer = ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > end)
        assert.fail(`waited in vain for ${what}; published: ${JSON.stringify(this.published)}`);
      await sleep(2);
    }
  }

  version(uri: string, version: number): Promise<PublishDiagnosticsParams> {
    return this.until(`version ${version} of ${uri}`, () =>
      this.publishedFor(uri).find(each => each.version === version),
    );
  }

  rules(uri: string, ...rules: readonly string[]): Promise<true> {
    const found = () => (this.diagnostics(uri) ?? []).map(each => String(each.code));
    return this.until(`rules [${rules}] in ${uri}`, () => found().join() === rules.join());
  }

  /** Comes back when the server has worked off all that was sent before. */
  async settled(): Promise<void> {
    await this.request('textDocument/hover', {
      textDocument: { uri: 'file:///nowhere' },
      position: { line: 0, character: 0 },
    });
  }

  #listen(answers: Record<string, (params: never) => unknown>): void {
    const { connection } = this;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    connection.onRequest('client/registerCapability', (params: { registrations: { method: string }[] }) => {
      this.registered.push(...params.registrations.map(each => each.method));
      return null;
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.settings[scopeUri ?? ''] ?? null),
    );
    for (const [method, answer] of Object.entries(answers)) {
      connection.onRequest(method, (params: unknown) => answer(params as never));
    }
    connection.listen();
  }
}
