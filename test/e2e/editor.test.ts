/** What an author sees in VS Code: squiggles, hover, quick fixes across files, and silence in files of others. */
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import * as vscode from 'vscode';
import {
  actions,
  applyEdit,
  diagnostics,
  hoverText,
  open,
  restore,
  uriOf,
  waitFor,
  waitUntil,
} from './workspace.js';

const pipeline = '.gitlab-ci.yml';
const runnerFile = 'runner/config.toml';
const mismatch = 'tls-port-mismatch-2375';

describe('Drydock in the editor', () => {
  afterEach(restore);

  it('is the packaged copy, installed in the extensions folder', async () => {
    const folder = process.env.DRYDOCK_E2E_EXTENSIONS;
    assert.ok(folder, 'DRYDOCK_E2E_EXTENSIONS is set by the runner');
    const extension = vscode.extensions.getExtension('drydock.drydock');
    assert.ok(extension, 'drydock.drydock is installed');
    const inside = relative(realpathSync(folder), realpathSync(extension.extensionPath));
    assert.match(inside, /^drydock\.drydock-[^/\\]+$/);
    await open(pipeline);
    await waitUntil('drydock.drydock is active', () => extension.isActive);
  });

  it('reports each fault of the pipeline, with its rule and a link', async () => {
    await open(pipeline);
    const rules = ['plain-tcp-deprecated', mismatch, 'login-password-on-command-line'];
    for (const rule of rules) {
      const found = await waitFor(`a diagnostic ${rule}`, () => diagnostics(pipeline, rule)[0]);
      assert.equal(found.source, 'drydock');
      assert.ok(typeof found.code === 'object' && found.code.target, `${rule} has a link`);
    }
    const [fault] = diagnostics(pipeline, mismatch);
    assert.ok(fault);
    assert.equal((await open(pipeline)).getText(fault.range), 'tcp://docker:2375');
    assert.equal(fault.severity, vscode.DiagnosticSeverity.Error);
  });

  it('explains DOCKER_HOST on hover', async () => {
    const document = await open(pipeline);
    const key = document.positionAt(document.getText().indexOf('DOCKER_HOST') + 2);
    const text = await waitFor('a hover', async () => (await hoverText(document.uri, key)) || undefined);
    assert.match(text, /DOCKER_HOST/);
  });

  it('mends pipeline and runner configuration by one quick fix', async () => {
    const document = await open(pipeline);
    const fault = await waitFor('the diagnostic', () => diagnostics(pipeline, mismatch)[0]);
    const fix = await waitFor('a preferred quick fix', async () => {
      const offered = await actions(document.uri, fault.range, vscode.CodeActionKind.QuickFix);
      return offered.find(action => action.isPreferred && touches(action, pipeline, runnerFile));
    });
    assert.ok(fix.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await waitUntil('no such diagnostic is left in either file', () => {
      return [pipeline, runnerFile].every(path => diagnostics(path, mismatch).length === 0);
    });
    assert.match((await open(runnerFile)).getText(), /"\/certs\/client"/);
  });

  it('offers to fix all that is safe', async () => {
    const document = await open(pipeline);
    const fault = await waitFor(
      'the diagnostic',
      () => diagnostics(pipeline, 'login-password-on-command-line')[0],
    );
    const kind = vscode.CodeActionKind.SourceFixAll.append('drydock');
    const all = await waitFor('source.fixAll.drydock', async () => {
      return (await actions(document.uri, fault.range, kind)).find(
        action => action.kind?.value === kind.value,
      );
    });
    assert.ok(all.edit);
    const touched = all.edit.entries().map(([uri]) => uri.toString());
    assert.deepEqual(touched, [document.uri.toString()]);
    assert.ok(await vscode.workspace.applyEdit(all.edit));
    await waitUntil(
      'the diagnostic is gone',
      () => diagnostics(pipeline, 'login-password-on-command-line').length === 0,
    );
  });

  it('takes a diagnostic away when its fault is mended by hand, without saving', async () => {
    const document = await open(pipeline);
    const fault = await waitFor('the diagnostic', () => diagnostics(pipeline, mismatch)[0]);
    const end = document.lineAt(fault.range.end.line).range.end;
    await applyEdit(edit => edit.insert(document.uri, end, '\n    DOCKER_TLS_CERTDIR: ""'));
    await waitUntil('the diagnostic is gone', () => diagnostics(pipeline, mismatch).length === 0);
    assert.ok(document.isDirty);
  });

  it('says nothing about a YAML file that is no pipeline', async () => {
    const document = await open('other.yml');
    assert.equal(document.languageId, 'yaml');
    await open(pipeline);
    const before = await waitFor(
      'the diagnostic',
      () => diagnostics(pipeline, mismatch)[0]?.range.start.line,
    );
    // An answer about the foreign file would come in the same turns as one about a change made after it.
    await applyEdit(edit => edit.insert(document.uri, new vscode.Position(0, 0), '# changed\n'));
    await applyEdit(edit => edit.insert(uriOf(pipeline), new vscode.Position(0, 0), '# changed\n'));
    await waitUntil(
      'the diagnostic moved',
      () => diagnostics(pipeline, mismatch)[0]?.range.start.line === before + 1,
    );
    assert.deepEqual(diagnostics('other.yml'), []);
  });

  it('puts a line above each job that builds, unless it is told not to', async () => {
    const document = await open(pipeline);
    const titles = async () => {
      const command = 'vscode.executeCodeLensProvider';
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(command, document.uri, 10);
      return lenses.map(lens => lens.command?.title ?? '');
    };
    const [plain, broken] = await waitFor('lenses', async () => {
      const found = await titles();
      return found.length === 3 ? found : undefined;
    });
    assert.equal(plain, '✓ dind · plain 2375 · needs privileged');
    assert.match(broken ?? '', /^✗ dind · plain 2375 · fails: /);
    const settings = vscode.workspace.getConfiguration('drydock', document.uri);
    try {
      await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
      await waitFor('no lens', async () => ((await titles()).length === 0 ? true : undefined));
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('shows all jobs in a document that stays fresh', async () => {
    const document = await open(pipeline);
    await vscode.commands.executeCommand('drydock.showAllJobs');
    const shown = await waitFor('the document', () => virtual('drydock-jobs'));
    assert.match(shown.getText(), /^# Which daemon each job reaches/);
    assert.match(shown.getText(), /\[mismatch\]\(\/\.gitlab-ci\.yml#L15\)/);
    assert.match(shown.getText(), /```mermaid\nflowchart LR/);
    await applyEdit(edit => edit.insert(document.uri, new vscode.Position(0, 0), '# changed\n'));
    await waitUntil('the place moved', () => /\[mismatch\]\(\/\.gitlab-ci\.yml#L16\)/.test(shown.getText()));
  });

  it('shows the effective job, and follows the cursor', async () => {
    await open(pipeline);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const select = (line: number) => {
      editor.selection = new vscode.Selection(line, 0, line, 0);
    };
    select(16);
    await vscode.commands.executeCommand('drydock.showEffectiveJob');
    const shown = await waitFor('the document', () => virtual('drydock-job'));
    await waitUntil('the job', () => /^mismatch: {2}# \.gitlab-ci\.yml:15$/m.test(shown.getText()));
    assert.match(shown.getText(), /^ {4}DOCKER_HOST: "tcp:\/\/docker:2375" {2}# \.gitlab-ci\.yml:21$/m);
    select(4);
    await waitUntil('the other job', () => /^plain:/m.test(shown.getText()));
    select(0);
    await applyEdit(edit =>
      edit.replace(uriOf(pipeline), new vscode.Range(9, 17, 9, 34), 'tcp://docker:2376'),
    );
    await waitUntil('the new value', () => /DOCKER_HOST: "tcp:\/\/docker:2376"/.test(shown.getText()));
  });

  it('recognises a runner configuration by its content', async () => {
    await open(runnerFile);
    await waitUntil('the language is gitlab-runner-toml', () => {
      const document = vscode.workspace.textDocuments.find(each => each.uri.path === uriOf(runnerFile).path);
      return document?.languageId === 'gitlab-runner-toml';
    });
  });
});

function touches(action: vscode.CodeAction, ...paths: string[]): boolean {
  const touched = action.edit?.entries().map(([uri]) => uri.path) ?? [];
  const wanted = paths.map(path => uriOf(path).path);
  return touched.length === wanted.length && wanted.every(path => touched.includes(path));
}

function virtual(scheme: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === scheme);
}
