/** Converting a job in the editor: the preview as a diff, applying it, and closing it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actions, applyEdit, open, restore, waitFor, waitUntil } from './workspace.js';

const pipeline = '.gitlab-ci.yml';
/** The line of job "plain", from 0. */
const job = 3;

describe('Convert to …', () => {
  afterEach(restore);

  it('shows the whole result as a diff, and applies it', async () => {
    const document = await open(pipeline);
    const { modified, done } = await preview(document);
    const after = (await vscode.workspace.openTextDocument(modified)).getText();
    assert.match(after, /^plain:\n {2}stage: build\n {2}image: quay\.io\/buildah\/stable/m);
    assert.doesNotMatch(document.getText(), /buildah/);
    await vscode.commands.executeCommand('drydock.applyConversion', modified);
    await done;
    assert.equal(document.getText(), after);
    assert.equal(previews().length, 0);
  });

  it('changes nothing when the message is closed', async () => {
    const document = await open(pipeline);
    const before = document.getText();
    const { modified, done } = await preview(document);
    // The message comes after the diff, and nothing tells when.
    const closing = setInterval(() => void vscode.commands.executeCommand('notifications.clearAll'), 200);
    await done;
    clearInterval(closing);
    await vscode.commands.executeCommand('drydock.applyConversion', modified);
    assert.equal(document.getText(), before);
    assert.equal(previews().length, 0);
  });

  it('applies nothing to a text that has changed since', async () => {
    const document = await open(pipeline);
    const { modified, done } = await preview(document);
    await applyEdit(edit => edit.insert(document.uri, new vscode.Position(0, 0), '# changed\n'));
    const before = document.getText();
    await vscode.commands.executeCommand('drydock.applyConversion', modified);
    await done;
    assert.equal(document.getText(), before);
  });
});

/** Chooses a conversion, and waits for its diff; `done` resolves when it is applied or closed. */
async function preview(
  document: vscode.TextDocument,
): Promise<{ modified: vscode.Uri; done: Thenable<unknown> }> {
  const range = new vscode.Range(job, 0, job, 0);
  const command = await waitFor('the action', async () => {
    const offered = await actions(document.uri, range, vscode.CodeActionKind.RefactorRewrite);
    return offered.find(({ title }) => title === 'Convert to Buildah')?.command;
  });
  // VS Code may lose arguments while its menu is open.
  assert.deepEqual(command.arguments ?? [], []);
  const done = vscode.commands.executeCommand(command.command);
  await waitUntil('the diff is shown', () => previews().length === 1);
  const [shown] = previews();
  assert.ok(shown);
  return { modified: shown.modified, done };
}

function previews(): vscode.TabInputTextDiff[] {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.flatMap(input =>
    input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'drydock-conversion' ? [input] : [],
  );
}
