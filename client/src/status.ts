/** The item of the status bar: what the file is taken for and which runner it is paired with; a click lets the author choose. */
import {
  commands,
  type Disposable,
  MarkdownString,
  type QuickPickItem,
  QuickPickItemKind,
  StatusBarAlignment,
  type StatusBarItem,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  CHOOSE,
  type ChooseParams,
  type ChooseResult,
  FILE_STATUS,
  type FileStatusParams,
  type FileStatusResult,
} from '../../server/src/lsp/messages.js';
import type { Server } from './server.js';

const COMMAND = 'drydock.chooseFileAndRunner';
/** Left of the language. */
const PRIORITY = 101;

export function registerStatus(server: Server): Disposable[] {
  const item = window.createStatusBarItem('drydock.status', StatusBarAlignment.Right, PRIORITY);
  item.name = 'Drydock';
  item.command = COMMAND;
  const update = () => void show(server, item);
  return [
    item,
    server.onResultsChanged(update),
    server.onStarted(update),
    window.onDidChangeActiveTextEditor(update),
    commands.registerCommand(COMMAND, () => choose(server)),
  ];
}

/** What is asked of the server; nothing is where it does not run. */
async function statusOf(server: Server): Promise<(FileStatusResult & FileStatusParams) | undefined> {
  const uri = window.activeTextEditor?.document.uri.toString();
  if (uri === undefined || !server.wanted) return undefined;
  const status = await server.request<FileStatusResult>(FILE_STATUS, { uri });
  return status && { ...status, uri };
}

async function show(server: Server, item: StatusBarItem): Promise<void> {
  const status = await statusOf(server);
  // By now another editor may be the active one, which has asked on its own.
  if (status && status.uri !== window.activeTextEditor?.document.uri.toString()) return;
  if (!status?.ours) {
    item.hide();
    return;
  }
  item.text = `$(server-environment) ${status.label}`;
  item.tooltip = new MarkdownString(status.explanation);
  item.show();
}

interface Item extends QuickPickItem {
  readonly run?: () => Promise<void>;
}

async function choose(server: Server): Promise<void> {
  server.want();
  const status = await statusOf(server);
  if (!status) {
    await window.showInformationMessage('Drydock has nothing to say about this file.');
    return;
  }
  const { uri } = status;
  const items: Item[] = [
    ...plainLines(status.explanation).map(text => ({ label: `$(info) ${text}` })),
    separator('Write into .drydock.yml'),
    ...status.choices.map(({ id, label, detail }) => ({
      label,
      detail,
      run: () => write(server, { uri, choice: id }),
    })),
    separator('Show'),
    {
      label: 'Which Daemon Each Job Reaches',
      run: async () => void (await commands.executeCommand('drydock.showAllJobs')),
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: `Drydock: ${status.label}`,
    matchOnDetail: true,
  });
  await picked?.run?.();
}

function separator(label: string): Item {
  return { label, kind: QuickPickItemKind.Separator };
}

/** Paragraphs of simple Markdown without its marks. */
function plainLines(markdown: string): readonly string[] {
  return markdown.split('\n\n').map(line => line.replace(/\*\*|`/g, '').replace(/\.$/, ''));
}

async function write(server: Server, params: ChooseParams): Promise<void> {
  const chosen = await server.request<ChooseResult>(CHOOSE, params);
  if (!chosen) return;
  if ('refused' in chosen) {
    await window.showWarningMessage(chosen.refused);
    return;
  }
  const config = Uri.parse(chosen.config);
  const before = workspace.textDocuments.find(({ uri }) => uri.toString() === config.toString());
  const wasDirty = before?.isDirty === true;
  const edit = await server.asEdit(chosen.edit);
  if (!edit || !(await workspace.applyEdit(edit))) return;
  const document = await workspace.openTextDocument(config);
  // What else the author has written there is not ours to save.
  if (!wasDirty) await document.save();
  await window.showTextDocument(document, { preview: true });
}
