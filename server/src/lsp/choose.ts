/** Turns what the author chose for a file into an edit of `.drydock.yml`, which may have to be made first. */
import { CreateFile, type WorkspaceEdit } from 'vscode-languageserver';
import type { ChooseResult } from './messages.js';
import { toWorkspaceEdit } from './to-lsp.js';
import type { Located } from './workspace.js';

/** The edit, or why there is none; it is not applied yet. */
export function chooseFor({ root, path }: Located, choice: string): ChooseResult | null {
  if (!root.enabled) return null;
  const written = root.current().choose(path, choice);
  if ('refused' in written) return written;
  const config = root.uriOf(written.path);
  const edit: WorkspaceEdit = toWorkspaceEdit([written], written.path, root, root.client);
  const isNew = root.document(written.path) === undefined;
  if (!isNew || !edit.documentChanges || !root.client.createFiles) return { config, edit };
  const create = CreateFile.create(config, { ignoreIfExists: true });
  return { config, edit: { ...edit, documentChanges: [create, ...edit.documentChanges] } };
}
