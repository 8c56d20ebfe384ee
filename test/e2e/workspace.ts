/** Short words for the tests: opening files of the workspace, asking VS Code about them, and waiting for answers. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const patience = 15_000;
const pause = 50;

/** Calls `ask` until it gives something; fails with `what` after 15 seconds. */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) assert.fail(`Waited ${patience / 1000} s in vain for: ${what}`);
    await new Promise(done => setTimeout(done, pause));
  }
}

/** Calls `ask` until it gives true; fails with `what` after 15 seconds. */
export async function waitUntil(what: string, ask: () => boolean): Promise<void> {
  await waitFor(what, () => (ask() ? true : undefined));
}

/** The address of a file, given by its path relative to the workspace's folder. */
export function uriOf(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Shows a file of the workspace in an editor and returns its document. */
export async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(path));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** The diagnostics of Drydock for a file, of one rule if it is given. */
export function diagnostics(path: string, rule?: string): vscode.Diagnostic[] {
  const all = vscode.languages.getDiagnostics(uriOf(path));
  return all.filter(each => each.source === 'drydock' && (rule === undefined || ruleOf(each) === rule));
}

/** All hovers at a position as one Markdown text, `''` if there are none. */
export async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  const parts = hovers.flatMap(hover => hover.contents);
  return parts.map(part => (typeof part === 'string' ? part : part.value)).join('\n');
}

/** The code actions of a kind at a range, with their edits resolved. */
export async function actions(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  const command = 'vscode.executeCodeActionProvider';
  return vscode.commands.executeCommand<vscode.CodeAction[]>(command, uri, range, kind.value, 20);
}

/** Edits documents as typing does: nothing is saved. */
export async function applyEdit(make: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  make(edit);
  assert.ok(await vscode.workspace.applyEdit(edit), 'the edit was applied');
}

/** Brings every changed document back to what is on disk and closes all editors. */
export async function restore(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(each => each.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}
