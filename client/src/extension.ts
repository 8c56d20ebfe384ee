/** Entry of the VS Code extension: decides when the language server is needed, and adds the commands. */
import { commands, type ExtensionContext, type TextDocument, type Uri, window, workspace } from 'vscode';
import { PREVIEW_CONVERSION } from '../../server/src/lsp/messages.js';
import { registerAllJobs } from './all-jobs.js';
import { APPLY_CONVERSION, ConversionTexts, previewConversionCommand } from './conversion.js';
import { registerEffectiveJob } from './effective-job.js';
import { EXPLAIN_JOB, explainJob } from './explain-job.js';
import { explainJobLogCommand } from './job-log.js';
import { setRunnerLanguage } from './language.js';
import { OPEN_PAGE, openPage } from './pages.js';
import { Preview } from './preview.js';
import { isOurs, workspaceHoldsOurs } from './recognise.js';
import { Server } from './server.js';
import { registerStatus } from './status.js';
import { registerWizard } from './wizard.js';

/** What `activate` gives to other extensions, and to tests. */
export interface Api {
  /** Whether a language server runs; none does while no file of ours is in sight. */
  isRunning(): boolean;
}

let server: Server | undefined;

export function activate(context: ExtensionContext): Api {
  const running = new Server(context);
  server = running;
  const preview = new Preview(context);
  const conversions = new ConversionTexts();
  const consider = (document: TextDocument) => {
    void setRunnerLanguage(document);
    if (!running.wanted && enabled(document.uri) && isOurs(document)) running.want();
  };
  context.subscriptions.push(
    running,
    preview,
    conversions,
    commands.registerCommand(OPEN_PAGE, (folder: unknown, id: unknown) => openPage(context, folder, id)),
    commands.registerCommand('drydock.explainLog', explainJobLogCommand(running, preview)),
    commands.registerCommand(PREVIEW_CONVERSION, previewConversionCommand(running, conversions)),
    commands.registerCommand(APPLY_CONVERSION, (uri: unknown) => conversions.accept(uri)),
    commands.registerCommand('drydock.restartServer', () => running.restart()),
    commands.registerCommand('drydock.showOutput', () => running.showOutput()),
    commands.registerCommand(EXPLAIN_JOB, explainJob),
    // Before those that then ask for new pictures.
    window.onDidChangeActiveColorTheme(() => running.themeChanged()),
    ...registerAllJobs(running, context),
    ...registerEffectiveJob(running),
    ...registerStatus(running),
    ...registerWizard(running),
    workspace.onDidOpenTextDocument(consider),
    workspace.onDidSaveTextDocument(consider),
    workspace.onDidChangeWorkspaceFolders(() => {
      running.foldersChanged();
      void search(running);
    }),
    workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration('drydock.enable')) return;
      for (const document of workspace.textDocuments) consider(document);
      void search(running);
    }),
  );
  for (const document of workspace.textDocuments) consider(document);
  void search(running);
  return { isRunning: () => running.isRunning() };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Starts the server for a workspace that holds files of ours, also while none of them is open. */
async function search(running: Server): Promise<void> {
  if (running.wanted || !(workspace.workspaceFolders ?? []).some(folder => enabled(folder.uri))) return;
  try {
    if (await workspaceHoldsOurs()) running.want();
  } catch (error) {
    // A virtual workspace may not be searchable; the server then starts when a file of ours is opened.
    running.log(`The workspace could not be searched: ${error instanceof Error ? error.message : error}`);
  }
}

function enabled(scope: Uri): boolean {
  return workspace.getConfiguration('drydock', scope).get('enable', true);
}
