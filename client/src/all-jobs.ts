/** Shows the document of all jobs as Markdown preview, and keeps it fresh. */
import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import { ALL_JOBS, type AllJobsParams, type AllJobsResult } from '../../server/src/lsp/messages.js';
import { linkedForPreview } from './preview.js';
import type { Server } from './server.js';

export const SCHEME = 'drydock-jobs';

const NAME = '/Which daemon each job reaches.md';
const NOTHING = '# Which daemon each job reaches\n\nThere is no file here that Drydock reads.\n';

/** Gives the text of documents whose query is the URI of a file in the project that they are about. */
class AllJobs implements TextDocumentContentProvider {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly server: Server,
    private readonly context: ExtensionContext,
  ) {}

  async provideTextDocumentContent({ query }: Uri): Promise<string> {
    const params: AllJobsParams = query === '' ? {} : { uri: query };
    const result = await this.server.request<AllJobsResult>(ALL_JOBS, params);
    return result ? linkedForPreview(result.markdown, this.context) : NOTHING;
  }

  refresh(): void {
    for (const { uri } of workspace.textDocuments) if (uri.scheme === SCHEME) this.#changed.fire(uri);
  }
}

export function registerAllJobs(server: Server, context: ExtensionContext): Disposable[] {
  const provider = new AllJobs(server, context);
  return [
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    server.onResultsChanged(() => provider.refresh()),
    window.onDidChangeActiveColorTheme(() => provider.refresh()),
    commands.registerCommand('drydock.showAllJobs', () => show(server)),
  ];
}

async function show(server: Server): Promise<void> {
  server.want();
  const source = window.activeTextEditor?.document.uri;
  const query = source && source.scheme !== SCHEME ? source.toString() : '';
  await commands.executeCommand('markdown.showPreview', Uri.from({ scheme: SCHEME, path: NAME, query }));
}
