/** A workspace without files of ours: no server may run for it, until one is there. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, waitFor, waitUntil } from './workspace.js';

interface Api {
  isRunning(): boolean;
}

async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('drydock.drydock');
  assert.ok(extension, 'drydock.drydock is installed');
  return extension.activate();
}

describe('Drydock among foreign files', () => {
  it('starts no server for files that are not ours', async () => {
    const { isRunning } = await api();
    await open('values.yml');
    await open('pyproject.toml');
    await open('main.tf');
    await new Promise(done => setTimeout(done, 1_500));
    assert.equal(isRunning(), false);
    assert.deepEqual(
      vscode.languages.getDiagnostics().flatMap(([, found]) => found.filter(one => one.source === 'drydock')),
      [],
    );
  });

  it('starts when a pipeline is opened', async () => {
    const { isRunning } = await api();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder.uri, '.gitlab-ci.yml');
    const text = 'build:\n  image: docker:latest\n  script: docker info\n';
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await waitUntil('the server runs', isRunning);
    const found = await waitFor('a diagnostic', () => vscode.languages.getDiagnostics(uri)[0]);
    assert.equal(found.source, 'drydock');
  });
});
