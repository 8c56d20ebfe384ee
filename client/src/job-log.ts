/** The command that explains a job log: takes it from the selection, the clipboard or a file, and shows what comes of it. */
import { basename } from 'node:path';
import {
  env,
  ProgressLocation,
  type QuickPickItem,
  type TextDocument,
  type TextEditor,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { ExplainLogParams } from '../../server/src/lsp/messages.js';
import type { Preview } from './preview.js';
import type { Server } from './server.js';

/** Longer logs are sent from here before their end on: a job fails in its last lines. UTF-16 units. */
const MAX_LENGTH = 16_000_000;
const MAX_BYTES = 256 * 1024 * 1024;
/** Languages and names that logs are shown under. */
const LOG_LANGUAGES = ['log', 'plaintext'];

interface Choice extends QuickPickItem {
  /** How a message names it. */
  readonly name: string;
  /** `undefined` when the user thought better of it. */
  read(): Promise<Log | undefined>;
}

interface Log extends ExplainLogParams {
  /** The name of a file that does not look like text. */
  readonly binary?: string;
}

export async function explainJobLog(server: Server, preview: Preview): Promise<void> {
  const choice = await window.showQuickPick(choices(window.activeTextEditor), {
    placeHolder: 'Where is the job log?',
  });
  const log = await choice?.read();
  if (!choice || !log) return;
  const { binary, ...params } = log;
  if (params.text.trim() === '') {
    void window.showWarningMessage(`${choice.name} holds no text, so there is no job log to explain.`);
    return;
  }
  const title = 'Looking up the job log';
  const { matches, markdown } = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
    server.explainLog(cut(params)),
  );
  if (binary !== undefined && matches.length === 0) {
    void window.showWarningMessage(
      `${binary} is no text file. If it is an archive, unpack it and choose the log in it.`,
    );
    return;
  }
  await preview.show('Job log', markdown);
}

/** What makes most sense comes first, and is thereby chosen by Enter: what the user has before them. */
function choices(editor: TextEditor | undefined): readonly Choice[] {
  const clipboard: Choice = {
    label: '$(clippy) Clipboard',
    name: 'The clipboard',
    read: async () => ({ text: await env.clipboard.readText() }),
  };
  const file: Choice = { label: '$(file) File…', name: 'The file', read: readFile };
  if (!editor) return [clipboard, file];
  const { document, selection } = editor;
  const source = document.uri.toString();
  const name = basename(document.uri.path);
  if (!selection.isEmpty) {
    const { line } = selection.start;
    const read = async () => ({ text: document.getText(selection), line, source });
    const selected = { label: '$(selection) Selection', description: name, name: 'The selection', read };
    return [selected, clipboard, file];
  }
  const whole: Choice = {
    label: '$(output) Whole document',
    description: name,
    name,
    read: async () => ({ text: document.getText(), source }),
  };
  return mayBeLog(document) ? [whole, clipboard, file] : [clipboard, file, whole];
}

/** What is pasted into a new document gets any language: VS Code guesses one, YAML for instance. */
function mayBeLog(document: TextDocument): boolean {
  return LOG_LANGUAGES.includes(document.languageId) || document.isUntitled;
}

async function readFile(): Promise<Log | undefined> {
  const [file] = (await window.showOpenDialog({ openLabel: 'Explain', title: 'Job log' })) ?? [];
  if (!file) return undefined;
  const name = basename(file.path);
  const { size } = await workspace.fs.stat(file);
  if (size > MAX_BYTES) throw new Error(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  const bytes = await workspace.fs.readFile(file);
  // A log may begin with what looks binary, as one that was cut off while it was written to.
  const decoded = await textOf(bytes, file);
  const text = decoded ?? new TextDecoder().decode(bytes);
  const source = file.toString();
  // Editors count a line that was drawn again as a new one.
  const log = { text: text.replace(/\r(?!\n)/g, '\n'), source };
  return decoded === undefined ? { ...log, binary: name } : log;
}

/** A file as the editor would show it, in whatever encoding; `undefined` for one that it takes for binary. */
async function textOf(bytes: Uint8Array, uri: Uri): Promise<string | undefined> {
  try {
    return await workspace.decode(bytes, { uri });
  } catch {
    return undefined;
  }
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
