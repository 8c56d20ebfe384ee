/** Makes what a plan changes: all files or none, the pipeline as a snippet whose tab stops are live. */
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  FilePermission,
  languages,
  Range,
  SnippetString,
  SnippetTextEdit,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { PlannedFile } from '../../server/src/lsp/messages.js';

const AS_NEW = 'Open as New Files';

type Named = PlannedFile & { readonly uri: string };

/** @param versions of the documents that the edits are for, by URI */
export async function writeFiles(
  files: readonly PlannedFile[],
  versions: ReadonlyMap<string, number>,
): Promise<void> {
  const named = files.filter((file): file is Named => file.uri !== undefined);
  const why =
    (await obstacle(named, versions)) ?? ((await applyTo(named)) ? undefined : 'The editor refused the edit');
  if (why !== undefined) {
    const chosen = await window.showWarningMessage(`${why}, so nothing was changed.`, AS_NEW);
    if (chosen === AS_NEW) await openAsNew(files);
    return;
  }
  await openAsNew(files.filter(({ uri }) => uri === undefined));
}

/** Why the files cannot be written, without a full stop; `undefined` where they can. */
async function obstacle(
  files: readonly Named[],
  versions: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  for (const { uri, path, isNew } of files) {
    const target = Uri.parse(uri);
    if (!(await isWritable(target))) return `${path} cannot be written`;
    const changed = `${path} has changed since it was shown`;
    if (isNew && (await isThere(target))) return changed;
    if (!isNew && (await workspace.openTextDocument(target)).version !== versions.get(target.toString()))
      return changed;
  }
  return undefined;
}

async function isThere(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** Whether a file, or the folder that it is to come into, may be written, as far as can be told before. */
async function isWritable(uri: Uri): Promise<boolean> {
  if (uri.scheme === 'untitled') return true;
  if (workspace.fs.isWritableFileSystem(uri.scheme) === false) return false;
  try {
    const { permissions = 0 } = await workspace.fs.stat(uri);
    if (permissions & FilePermission.Readonly) return false;
  } catch {
    // It is to be made; the folder decides.
  }
  return uri.scheme !== 'file' || mayWrite(uri.fsPath);
}

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing && dirname(path) !== path && mayWrite(dirname(path));
  }
}

/** Whether the editor took all of it. */
async function applyTo(files: readonly Named[]): Promise<boolean> {
  // It refuses an edit of nothing.
  if (files.length === 0) return true;
  const edit = new WorkspaceEdit();
  const [fresh, there] = [files.filter(({ isNew }) => isNew), files.filter(({ isNew }) => !isNew)];
  // First: where a file cannot be made, nothing is.
  for (const { uri, text } of fresh) edit.createFile(Uri.parse(uri), { contents: Buffer.from(text) });
  const clean: Uri[] = [];
  for (const file of there) {
    const { document, range } = await opened(file);
    if (file.snippet !== undefined) {
      // Tab stops are live in the editor that has the focus, and nowhere else.
      await window.showTextDocument(document, { preview: false });
      edit.set(document.uri, [new SnippetTextEdit(range, new SnippetString(file.snippet))]);
    } else {
      if (!document.isDirty) clean.push(document.uri);
      edit.replace(document.uri, range, file.edit.newText);
    }
  }
  if (!(await workspace.applyEdit(edit))) return false;
  for (const uri of clean) await (await workspace.openTextDocument(uri)).save();
  const pipeline = fresh.find(({ snippet }) => snippet !== undefined);
  if (pipeline) await makeLive(await workspace.openTextDocument(Uri.parse(pipeline.uri)), pipeline);
  return true;
}

/** The document of a file that is there, in the language of the file where it has none. */
async function opened({ uri, languageId, edit }: Named): Promise<{ document: TextDocument; range: Range }> {
  const found = await workspace.openTextDocument(Uri.parse(uri));
  const isPlain = found.isUntitled && found.languageId === 'plaintext';
  const document = isPlain ? await languages.setTextDocumentLanguage(found, languageId) : found;
  const { start, end } = edit.range;
  return { document, range: new Range(start.line, start.character, end.line, end.character) };
}

/** Puts the snippet over the same text, so that a file that has just been made has live tab stops as well. */
async function makeLive(document: TextDocument, { snippet = '' }: PlannedFile): Promise<void> {
  const editor = await window.showTextDocument(document, { preview: false });
  const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
  await editor.insertSnippet(new SnippetString(snippet), whole);
  if (!document.isUntitled) await document.save();
}

/** Documents that nobody has saved yet; the pipeline comes last and keeps the focus. */
async function openAsNew(files: readonly PlannedFile[]): Promise<void> {
  for (const file of [...files].reverse()) {
    const { languageId: language, snippet, text, isNew } = file;
    const document = await workspace.openTextDocument({
      language,
      content: isNew ? text : file.edit.newText,
    });
    if (snippet !== undefined) await makeLive(document, file);
    else await window.showTextDocument(document, { preview: false });
  }
}
