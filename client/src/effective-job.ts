/** Shows the effective job at the cursor beside its source, and follows the cursor from job to job. */
import {
  commands,
  type Disposable,
  DocumentLink,
  EventEmitter,
  languages,
  type Position,
  Range,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import {
  EFFECTIVE_JOB,
  type EffectiveJobParams,
  type EffectiveJobResult,
} from '../../server/src/lsp/messages.js';
import type { Server } from './server.js';

const SCHEME = 'drydock-job';
const DOCUMENT = Uri.from({ scheme: SCHEME, path: '/Effective job.yml' });
const NOTHING = '# Put the cursor into a job of a GitLab pipeline.\n';
/** The cursor rests. */
const AFTER_MS = 150;

/** The one document; it keeps the last job while the cursor is in none. */
class EffectiveJob implements TextDocumentContentProvider {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  #shown: EffectiveJobResult | undefined;
  #source: EffectiveJobParams | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly server: Server) {}

  provideTextDocumentContent(): string {
    return this.#shown?.text ?? NOTHING;
  }

  links(): DocumentLink[] {
    return (this.#shown?.links ?? []).map(({ start, end, target }) => {
      const range = new Range(start.line, start.character, end.line, end.character);
      return new DocumentLink(range, Uri.parse(target));
    });
  }

  async follow({ document, selection }: TextEditor): Promise<void> {
    if (document.uri.scheme === SCHEME) return;
    await this.#ask({ uri: document.uri.toString(), position: plain(selection.active) });
  }

  followSoon(editor: TextEditor): void {
    clearTimeout(this.#timer);
    if (isShown()) this.#timer = setTimeout(() => void this.follow(editor), AFTER_MS);
  }

  async refresh(): Promise<void> {
    if (this.#source && isShown()) await this.#ask(this.#source);
  }

  async #ask(source: EffectiveJobParams): Promise<void> {
    const job = await this.server.request<EffectiveJobResult>(EFFECTIVE_JOB, source);
    if (!job) return;
    this.#source = source;
    const isNew = job.text !== this.#shown?.text;
    this.#shown = job;
    if (isNew) this.#changed.fire(DOCUMENT);
  }
}

export function registerEffectiveJob(server: Server): Disposable[] {
  const provider = new EffectiveJob(server);
  return [
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    languages.registerDocumentLinkProvider(
      { scheme: SCHEME },
      { provideDocumentLinks: () => provider.links() },
    ),
    server.onResultsChanged(() => void provider.refresh()),
    window.onDidChangeTextEditorSelection(({ textEditor }) => provider.followSoon(textEditor)),
    window.onDidChangeActiveTextEditor(editor => editor && provider.followSoon(editor)),
    commands.registerCommand('drydock.showEffectiveJob', () => show(server, provider)),
  ];
}

async function show(server: Server, provider: EffectiveJob): Promise<void> {
  server.want();
  const editor = window.activeTextEditor;
  if (editor) await provider.follow(editor);
  const document = await workspace.openTextDocument(DOCUMENT);
  await window.showTextDocument(document, {
    viewColumn: ViewColumn.Beside,
    preserveFocus: true,
    preview: false,
  });
}

function isShown(): boolean {
  return window.visibleTextEditors.some(({ document }) => document.uri.scheme === SCHEME);
}

function plain({ line, character }: Position): EffectiveJobParams['position'] {
  return { line, character };
}
