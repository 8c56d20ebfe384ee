/** The command that explains a job log: takes it from the selection, the clipboard or a file, and shows what comes of it. */
import { basename } from 'node:path';
import { env, ProgressLocation, type QuickPickItem, type TextEditor, window, workspace } from 'vscode';
import type { ExplainLogParams } from '../../server/src/lsp/messages.js';
import type { Preview } from './preview.js';
import type { Server } from './server.js';

/** Longer logs are sent from here before their end on: a job fails in its last lines. UTF-16 units. */
const MAX_LENGTH = 16_000_000;
const MAX_BYTES = 256 * 1024 * 1024;
/** Languages and names that logs are shown under. */
const LOG_LANGUAGES = ['log', 'plaintext'];

interface Choice extends QuickPickItem {
  /** `undefined` when the user thought better of it. */
  read(): Promise<ExplainLogParams | undefined>;
}

export async function explainJobLog(server: Server, preview: Preview): Promise<void> {
  const choice = await window.showQuickPick(choices(window.activeTextEditor), {
    placeHolder: 'Where is the job log?',
  });
  const params = await choice?.read();
  if (!params) return;
  if (params.text.trim() === '') {
    void window.showInformationMessage('There is no text to explain.');
    return;
  }
  const title = 'Looking up the job log';
  const { markdown } = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
    server.explainLog(cut(params)),
  );
  await preview.show('Job log', markdown);
}

/** What makes most sense comes first, and is thereby chosen by Enter: what the user has before them. */
function choices(editor: TextEditor | undefined): readonly Choice[] {
  const clipboard: Choice = {
    label: '$(clippy) Clipboard',
    read: async () => ({ text: await env.clipboard.readText() }),
  };
  const file: Choice = { label: '$(file) File…', read: readFile };
  if (!editor) return [clipboard, file];
  const { document, selection } = editor;
  const source = document.uri.toString();
  const name = basename(document.uri.path);
  if (!selection.isEmpty) {
    const { line } = selection.start;
    const read = async () => ({ text: document.getText(selection), line, source });
    return [{ label: '$(selection) Selection', description: name, read }, clipboard, file];
  }
  const whole: Choice = {
    label: '$(output) Whole document',
    description: name,
    read: async () => ({ text: document.getText(), source }),
  };
  return LOG_LANGUAGES.includes(document.languageId) ? [whole, clipboard, file] : [clipboard, file, whole];
}

async function readFile(): Promise<ExplainLogParams | undefined> {
  const [file] = (await window.showOpenDialog({ openLabel: 'Explain', title: 'Job log' })) ?? [];
  if (!file) return undefined;
  const { size } = await workspace.fs.stat(file);
  if (size > MAX_BYTES)
    throw new Error(`${basename(file.path)} is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  const bytes = await workspace.fs.readFile(file);
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
  // Editors count a line that was drawn again as a new one.
  return { text: text.replace(/\r(?!\n)/g, '\n'), source: file.toString() };
}

function cut(params: ExplainLogParams): ExplainLogParams {
  const { text, line = 0 } = params;
  if (text.length <= MAX_LENGTH) return params;
  const start = text.indexOf('\n', text.length - MAX_LENGTH) + 1 || text.length - MAX_LENGTH;
  let skipped = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) skipped += 1;
  return { ...params, text: text.slice(start), line: line + skipped };
}

/** Says what went wrong instead of letting the command fail with a bare error. */
export function explainJobLogCommand(server: Server, preview: Preview): () => Promise<void> {
  return async () => {
    try {
      await explainJobLog(server, preview);
    } catch (error) {
      void window.showErrorMessage(
        `The job log cannot be explained: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
}
