/** The ways in for a job log, in the editor: selection, document and clipboard; what is shown, and where its links lead. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyEdit, restore, waitFor, waitUntil } from './workspace.js';

const ERROR = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?';
const LOG = `Executing "step_script" stage of the job script\n$ docker build .\n${ERROR}\n`;
/** The heading that the document about it begins with. */
const EXPLAINED =
  /^# Job log\n\n## `Cannot connect to the Docker daemon at tcp:\/\/docker:2375`\n\nLine 3 of the log\.\n/;
const NOTHING_KNOWN = /No known error of a container build/;
const OTHERS = 'npm error code ELIFECYCLE\n';

describe('Drydock: Explain a Job Log…', () => {
  let kept = '';

  before(async () => {
    kept = await vscode.env.clipboard.readText();
  });

  afterEach(restore);

  after(async () => {
    await vscode.env.clipboard.writeText(kept);
  });

  it('leads from the selection to the line that is the cause', async () => {
    const editor = await show(`${OTHERS}${LOG}`);
    editor.selection = new vscode.Selection(3, 0, 3, ERROR.length);
    const text = await explainLog(/Line 4 of the log/);
    assert.match(text, /\n\n1\. \*\*Port 2375 of a dind daemon/);
    assert.match(text, /very likely · job `mismatch` · \[\.gitlab-ci\.yml:21\]\(\/\.gitlab-ci\.yml#L21,18\)/);
    assert.match(text, /\[tls-port-mismatch-2375\]\(\/\.\.\/.*\/docs\/rules\/tls-port-mismatch-2375\.md\)/);
  });

  it('takes a whole document where nothing is selected, and shows each answer anew', async () => {
    await show('mount: permission denied (are you root?)\n');
    await explainLog(/dind-without-privileged/);
    await show(OTHERS);
    await explainLog(NOTHING_KNOWN);
  });

  it('takes what was pasted into a new document, whatever its language was guessed to be', async () => {
    await vscode.env.clipboard.writeText(OTHERS);
    await show(LOG, 'yaml');
    await explainLog(EXPLAINED);
  });

  it('takes the clipboard where no editor is open, and shows each answer anew', async () => {
    await vscode.env.clipboard.writeText(LOG);
    await explainLog(EXPLAINED);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.env.clipboard.writeText(OTHERS);
    await explainLog(NOTHING_KNOWN);
  });

  it('shows nothing for an empty clipboard', async () => {
    await vscode.env.clipboard.writeText('');
    await run('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal(isShown(), false);
  });

  it('shows nothing after Esc', async () => {
    await show(LOG);
    await run('workbench.action.closeQuickOpen');
    assert.equal(isShown(), false);
  });
});

/** Shows a document that no file has. VS Code may hand out one of the same name again, with the text that it had. */
async function show(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  const editor = await vscode.window.showTextDocument(document);
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  await applyEdit(edit => edit.replace(document.uri, whole, content));
  await waitUntil('it is shown', () => vscode.window.activeTextEditor?.document.getText() === content);
  return editor;
}

/** Runs the command, takes what it offers first, and returns the document that is shown as preview. */
async function explainLog(expected: RegExp): Promise<string> {
  await run('workbench.action.acceptSelectedQuickOpenItem');
  await waitUntil('the preview is shown', isShown);
  const uri = vscode.Uri.from({ scheme: 'drydock-preview', path: '/Job log.md' });
  let text = '';
  await waitFor(`a document like ${expected}`, async () => {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
    return expected.test(text) || undefined;
  }).catch((error: Error) => assert.fail(`${error.message}\nIt says: ${text}`));
  return text;
}

/** Runs the command to its end, while what it asks is answered by another command. */
async function run(answer: string): Promise<void> {
  const done = vscode.commands.executeCommand('drydock.explainLog');
  const answering = setInterval(() => void vscode.commands.executeCommand(answer), 200);
  try {
    await done;
  } finally {
    clearInterval(answering);
  }
}

function isShown(): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  return tabs.some(({ label }) => label.includes('Job log'));
}
