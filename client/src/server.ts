/** Starts and ends the language server, and says which documents it gets. */
import { join } from 'node:path';
import {
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  type WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import {
  type DocumentFilter,
  LanguageClient,
  type LanguageClientOptions,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import {
  CONVERT,
  type ConvertParams,
  type ConvertResult,
  EXPLAIN_LOG,
  type ExplainLogParams,
  type ExplainLogResult,
  type InitializationOptions,
  PLAN,
  type PlanParams,
  type PlanResult,
  RESULTS_CHANGED,
  RULE_PAGE_BASE,
  STRATEGY_PAGE_BASE,
  THEME_CHANGED,
  type ThemeChangedParams,
} from '../../server/src/lsp/messages.js';
import { BareCommands } from './bare-commands.js';
import { EXPLAIN_JOB } from './explain-job.js';
import { answerFilePort } from './file-port.js';
import { linkDiagnostics, linkHover, OPEN_PAGE } from './pages.js';
import { currentTheme } from './theme.js';

const LANGUAGES = [
  'yaml',
  'dockercompose',
  'github-actions-workflow',
  'toml',
  'gitlab-runner-toml',
  'groovy',
  'jenkinsfile',
  // They start no server, and one that runs says something about few of them.
  'shellscript',
  'dockerfile',
];
const PLAIN_TEXT_NAMES = '**/*.toml{,.j2,.tpl,.tftpl,.tmpl,.template}';
/** Their language has another name with each extension for it. */
const TERRAFORM_NAMES = '**/*.{tf,tofu}';

/** Lives as long as the extension; the process of the server starts when it is first wanted. */
export class Server {
  readonly #context: ExtensionContext;
  readonly #output: LogOutputChannel;
  #client: LanguageClient | undefined;
  #schemes: readonly string[] = [];
  /** Starts and stops run one after the other. */
  #work: Promise<void> = Promise.resolve();
  #wanted = false;
  readonly #bareCommands = new BareCommands();
  readonly #resultsChanged = new EventEmitter<void>();
  readonly #started = new EventEmitter<void>();
  /** What the server answered may be out of date. */
  readonly onResultsChanged = this.#resultsChanged.event;
  readonly onStarted = this.#started.event;

  constructor(context: ExtensionContext) {
    this.#context = context;
    this.#output = window.createOutputChannel('Drydock', { log: true });
  }

  /** Whether the server runs, or is about to. */
  get wanted(): boolean {
    return this.#wanted;
  }

  isRunning(): boolean {
    return this.#client?.state === State.Running;
  }

  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#enqueue(() => this.#start());
  }

  /**
   * What the errors in a job log come from; starts the server, if it does not run. Rejects where it cannot be started or
   * fails to answer.
   */
  explainLog(params: ExplainLogParams): Promise<ExplainLogResult> {
    return this.#ask(EXPLAIN_LOG, params);
  }

  /** What a job would be under another build strategy; rejects as `explainLog` does. */
  convert(params: ConvertParams): Promise<ConvertResult> {
    return this.#ask(CONVERT, params);
  }

  /** Which build strategy fits, and what its files change; rejects as `explainLog` does. */
  plan(params: PlanParams): Promise<PlanResult> {
    return this.#ask(PLAN, params);
  }

  async #ask<Result>(method: string, params: unknown): Promise<Result> {
    this.want();
    await this.#work;
    if (!this.#client) throw new Error('the language server does not run; see the output of Drydock');
    return await this.#client.sendRequest<Result>(method, params);
  }

  /** Asks a running server, or one that is about to run; `undefined` when there is no answer. */
  async request<T>(method: string, params: object): Promise<T | undefined> {
    await this.#work;
    try {
      return (await this.#client?.sendRequest<T | null>(method, params)) ?? undefined;
    } catch (error) {
      // The text changed meanwhile, or the server ended: the next news brings the next question.
      this.#output.debug(`${method}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** An edit of the protocol as one of the editor. */
  async asEdit(edit: object): Promise<WorkspaceEdit | undefined> {
    return this.#client?.protocol2CodeConverter.asWorkspaceEdit(edit);
  }

  themeChanged(): void {
    const params: ThemeChangedParams = { theme: currentTheme() };
    if (this.isRunning()) void this.#client?.sendNotification(THEME_CHANGED, params);
  }

  /** Ends the server and starts it afresh; starts it, if it does not run. */
  restart(): Promise<void> {
    this.#wanted = true;
    return this.#enqueue(async () => {
      await this.#end();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    this.#wanted = false;
    return this.#enqueue(() => this.#end());
  }

  /** A folder of a new kind needs another selector, which only a new client has. */
  foldersChanged(): void {
    if (this.#wanted && schemes().some(scheme => !this.#schemes.includes(scheme))) void this.restart();
  }

  showOutput(): void {
    this.#output.show();
  }

  log(message: string): void {
    this.#output.info(message);
  }

  dispose(): void {
    this.#bareCommands.dispose();
    void this.stop().then(() => this.#output.dispose());
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#output.error(error instanceof Error ? error : String(error));
    });
    return this.#work;
  }

  async #start(): Promise<void> {
    this.#schemes = schemes();
    const module = join(this.#context.extensionPath, 'dist', 'server.js');
    const run = { module, transport: TransportKind.ipc };
    const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
    this.#client = new LanguageClient('drydock', 'Drydock', { run, debug }, this.#options());
    answerFilePort(this.#client);
    this.#client.onNotification(RESULTS_CHANGED, () => this.#resultsChanged.fire());
    await this.#client.start();
    this.#started.fire();
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }

  #options(): LanguageClientOptions {
    const initializationOptions: InitializationOptions = {
      filePort: true,
      conversionPreview: true,
      rulePageBase: RULE_PAGE_BASE,
      strategyPageBase: STRATEGY_PAGE_BASE,
      theme: currentTheme(),
      lensCommand: EXPLAIN_JOB,
    };
    return {
      documentSelector: this.#schemes.flatMap(selectorOf),
      initializationOptions,
      outputChannel: this.#output,
      markdown: { isTrusted: { enabledCommands: [OPEN_PAGE] } },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => {
          linkDiagnostics(this.#context, diagnostics);
          next(uri, diagnostics);
        },
        provideCodeActions: async (document, range, context, token, next) =>
          this.#bareCommands.of(await next(document, range, context, token)),
        provideHover: async (document, position, token, next) => {
          const hover = await next(document, position, token);
          if (hover) linkHover(hover);
          return hover;
        },
      },
    };
  }
}

/** Not every scheme: the old side of a diff has one too, and its faults are nobody's concern. */
function schemes(): readonly string[] {
  const folders = (workspace.workspaceFolders ?? []).map(folder => folder.uri.scheme);
  return [...new Set(['file', 'untitled', ...folders])];
}

function selectorOf(scheme: string): DocumentFilter[] {
  const byLanguage = LANGUAGES.map(language => ({ scheme, language }));
  return [
    ...byLanguage,
    { scheme, language: 'plaintext', pattern: PLAIN_TEXT_NAMES },
    { scheme, pattern: TERRAFORM_NAMES },
  ];
}
