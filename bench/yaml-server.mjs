/** The floor for editing: a server that parses the whole document with `yaml` and publishes syntax errors only. */

import { createConnection, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineCounter, parseAllDocuments } from 'yaml';

const connection = createConnection(process.stdin, process.stdout);
const documents = new TextDocuments(TextDocument);

connection.onInitialize(() => ({ capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental } }));
documents.onDidChangeContent(({ document }) => {
  const parsed = parseAllDocuments(document.getText(), { lineCounter: new LineCounter() });
  const diagnostics = [...parsed].flatMap(part =>
    part.errors.map(({ pos, message }) => ({
      range: { start: document.positionAt(pos[0]), end: document.positionAt(pos[1]) },
      message,
    })),
  );
  void connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
});
documents.listen(connection);
connection.listen();
