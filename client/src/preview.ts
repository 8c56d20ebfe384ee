/** Read-only Markdown documents of ours, shown as preview, with links that VS Code's preview follows. */
import { posix } from 'node:path';
import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type TextDocumentContentProvider,
  Uri,
  workspace,
} from 'vscode';
import { pageAt } from './pages.js';

const SCHEME = 'drydock-preview';

/** Lives as long as the extension. */
export class Preview implements TextDocumentContentProvider, Disposable {
  readonly #context: ExtensionContext;
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  // Last: the event is taken up at once.
  readonly #registration = workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(context: ExtensionContext) {
    this.#context = context;
  }

  /** Shows a document, in place of an earlier one of the same name. */
  async show(name: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    this.#texts.set(uri.toString(), linkedForPreview(markdown, this.#context));
    this.#changed.fire(uri);
    await commands.executeCommand('markdown.showPreview', uri);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

/** Images have no address to follow. */
const LINK = /(?<!!)\[((?:[^\]\\`]|\\.)*)\]\(([a-z][\w+.-]*:[^\s()]+)\)/g;

/**
 * The preview of VS Code 1.100 and 1.139 renders no `file:` links and runs no commands, but follows paths that begin
 * with `/`, from the first folder of the workspace. A place that no such path leads to is told without a link.
 */
export function linkedForPreview(markdown: string, context: ExtensionContext): string {
  const [folder] = workspace.workspaceFolders ?? [];
  return markdown.replace(LINK, (link, label: string, target: string) => {
    const uri = pageAt(context.extensionUri, target) ?? Uri.parse(target);
    if (/^(?:https?|command)$/.test(uri.scheme)) return link;
    const reachable = folder && folder.uri.scheme === uri.scheme && folder.uri.authority === uri.authority;
    if (!reachable) return label;
    const path = posix.relative(folder.uri.path, uri.path).split('/').map(encodeURIComponent).join('/');
    return `[${label}](/${path}${uri.fragment === '' ? '' : `#${uri.fragment}`})`;
  });
}
