/** The wizard from the command to the files, in a folder that has none of ours at first, and where files cannot be made. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { restore, uriOf, waitUntil } from './workspace.js';

const pipeline = '.gitlab-ci.yml';
const runner = 'runner/config.toml';
const config = '.drydock.yml';

describe('The wizard', () => {
  afterEach(restore);

  it('makes nothing where one of the files cannot be made', async () => {
    // In the place of the file, which then is neither there nor can be made.
    await vscode.workspace.fs.createDirectory(uriOf(pipeline));
    const run = takeFirst();
    await waitUntil('the preview', isPreviewed);
    await waitUntil('the end of the preview', () => !isPreviewed());
    run.stop();
    // The command ends with its message.
    const dismiss = setInterval(() => void vscode.commands.executeCommand('notifications.clearAll'), 300);
    await run.done;
    clearInterval(dismiss);
    assert.deepEqual(await texts(), []);
    await vscode.workspace.fs.delete(uriOf(pipeline));
  });

  it('makes the pipeline, the runner and its declaration, and leaves the cursor at what must be changed', async () => {
    await takeFirst().done;
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    assert.equal(editor.document.uri.toString(), uriOf(pipeline).toString());
    assert.equal(editor.document.isDirty, false);
    assert.equal(editor.document.getText(editor.selection), 'build-image');
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    assert.equal(editor.document.getText(editor.selection), 'container-build');
    const [made, run, declared] = await texts();
    assert.match(
      made ?? '',
      /^# Builds .*\nbuild-image:\n {2}image:\n {4}name: moby\/buildkit:v\S+-rootless\n/,
    );
    assert.equal(made, editor.document.getText());
    assert.match(run ?? '', /\[\[runners\]\]\n {2}name = "container-build"\n/);
    assert.match(declared ?? '', /\n {2}- name: container-build\n {4}config: runner\/config\.toml\n/);
  });

  it('fills an empty document that was never saved, and adds to the files that are there', async () => {
    const before = await texts();
    const empty = await vscode.workspace.openTextDocument({ language: 'plaintext', content: '' });
    await vscode.window.showTextDocument(empty);
    await takeFirst().done;
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor?.document.isUntitled);
    assert.equal(editor.document.languageId, 'yaml');
    assert.match(editor.document.getText(), /\nbuild-image-2:\n(?:.*\n)*? {2}tags: \[container-build-2\]\n$/);
    assert.equal(editor.document.getText(editor.selection), 'build-image-2');
    const [made, run, declared] = await texts();
    assert.equal(made, before[0]);
    assert.ok(
      run?.startsWith(before[1] ?? '-') && /\n\[\[runners\]\]\n {2}name = "container-build-2"\n/.test(run),
    );
    assert.ok(declared?.startsWith(before[2] ?? '-') && /\n {2}- name: container-build-2\n/.test(declared));
  });
});

/** Runs the wizard and takes what it offers first in every step, of several answers none, until told to stop. */
function takeFirst(): { readonly done: Promise<void>; readonly stop: () => void } {
  const accept = setInterval(() => {
    void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }, 300);
  const stop = (): void => clearInterval(accept);
  const done = Promise.resolve(vscode.commands.executeCommand<void>('drydock.chooseStrategy')).finally(stop);
  return { done, stop };
}

function isPreviewed(): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ label }) => label.includes('(preview)')),
  );
}

/** The files that the wizard makes, as they are on disk; those that are not there are left out. */
async function texts(): Promise<readonly string[]> {
  const found = await Promise.all(
    [pipeline, runner, config].map(async path => {
      try {
        return Buffer.from(await vscode.workspace.fs.readFile(uriOf(path))).toString();
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter(text => text !== undefined);
}
