/** The documents that are open in the editor, by normalised URI. */
import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Address, addressOf } from './uris.js';

export interface OpenDocument {
  /** The URI as the client spells it. */
  readonly uri: string;
  readonly address: Address;
  readonly text: TextDocument;
}

/** Follows the editor's notifications; a document is the same object from its opening to its closing. */
export class OpenDocuments {
  readonly #open = new Map<string, OpenDocument>();

  get(uri: string): OpenDocument | undefined {
    return this.#open.get(addressOf(uri).key);
  }

  all(): Iterable<OpenDocument> {
    return this.#open.values();
  }

  open({ textDocument: { uri, languageId, version, text } }: DidOpenTextDocumentParams): OpenDocument {
    const address = addressOf(uri);
    const document = { uri, address, text: TextDocument.create(uri, languageId, version, text) };
    this.#open.set(address.key, document);
    return document;
  }

  /** Applies changes to an open document; `undefined` for one that is not. */
  change({ textDocument, contentChanges }: DidChangeTextDocumentParams): OpenDocument | undefined {
    const document = this.get(textDocument.uri);
    if (document) TextDocument.update(document.text, contentChanges, textDocument.version);
    return document;
  }

  close({ textDocument }: DidCloseTextDocumentParams): OpenDocument | undefined {
    const document = this.get(textDocument.uri);
    if (document) this.#open.delete(document.address.key);
    return document;
  }
}
