/** The texts that files would have, as documents for the right side of a diff. */
import { type Disposable, type TextDocumentContentProvider, Uri, workspace } from 'vscode';

/** Lives as long as the extension. */
export class ProposedTexts implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #scheme: string;
  readonly #registration: Disposable;
  #count = 0;

  constructor(scheme: string) {
    this.#scheme = scheme;
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** A document of that text, with the path of the file so that it is coloured alike. */
  add({ path }: Uri, text: string): Uri {
    this.#count += 1;
    const made = Uri.from({ scheme: this.#scheme, path, query: String(this.#count) });
    this.#texts.set(made.toString(), text);
    return made;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  forget(uri: Uri): void {
    this.#texts.delete(uri.toString());
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
