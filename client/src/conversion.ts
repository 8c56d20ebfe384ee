/** The commands behind "Convert to …": show the whole result as a diff, and apply it when told so. */
import { commands, Range, TabInputTextDiff, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { ConvertedFile, ConvertParams, ConvertResult } from '../../server/src/lsp/messages.js';
import { ProposedTexts } from './proposed-texts.js';
import type { Server } from './server.js';

export const APPLY_CONVERSION = 'drydock.applyConversion';
const APPLY = 'Apply';
const SHOW = 'Show Line';

/** The new texts of files, and which of them wait for being applied. */
export class ConversionTexts extends ProposedTexts {
  readonly #accepts = new Map<string, () => void>();

  constructor() {
    super('drydock-conversion');
  }

  /** Resolves when the button above the diff is pressed. */
  accepted(uri: Uri): Promise<typeof APPLY> {
    return new Promise(done => this.#accepts.set(uri.toString(), () => done(APPLY)));
  }

  /** Does nothing for what is no preview that waits. */
  accept(uri: unknown): void {
    this.#accepts.get(String(uri))?.();
  }

  override forget(uri: Uri): void {
    super.forget(uri);
    this.#accepts.delete(uri.toString());
  }
}

/** Does nothing when `params` is not what code actions of ours carry. */
export function previewConversionCommand(
  server: Server,
  texts: ConversionTexts,
): (params: unknown) => Promise<void> {
  return async params => {
    if (!isParams(params)) return;
    try {
      const result = await server.convert(params);
      await ('refused' in result ? tellRefusal(params, result) : preview(params, result, texts));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(`Job "${params.job}" cannot be converted: ${reason}`);
    }
  };
}

function isParams(params: unknown): params is ConvertParams {
  const { uri, job, to } = (params ?? {}) as Partial<ConvertParams>;
  return [uri, job, to].every(value => typeof value === 'string');
}

type Refused = Extract<ConvertResult, { readonly refused: string }>;
type Converted = Exclude<ConvertResult, Refused>;

async function tellRefusal({ job }: ConvertParams, { refused, at }: Refused): Promise<void> {
  const line = at ? ` (line ${at.line + 1})` : '';
  const message = `Job "${job}" stays as it is${line}: ${refused}`;
  const chosen = await window.showWarningMessage(message, ...(at ? [SHOW] : []));
  if (chosen !== SHOW || !at) return;
  const selection = new Range(at.line, 0, at.line, 0);
  await window.showTextDocument(Uri.parse(at.uri), { selection });
}

async function preview(
  { job }: ConvertParams,
  { files, notes }: Converted,
  texts: ConversionTexts,
): Promise<void> {
  const pairs = files.map(({ uri, text }) => ({
    before: Uri.parse(uri),
    after: texts.add(Uri.parse(uri), text),
  }));
  const title = `${job} (converted)`;
  const [first, ...others] = pairs;
  if (!first) return;
  const pressed = texts.accepted(first.after);
  if (others.length === 0) await commands.executeCommand('vscode.diff', first.before, first.after, title);
  else
    await commands.executeCommand(
      'vscode.changes',
      title,
      pairs.map(({ before, after }) => [before, before, after]),
    );
  const question = [`Convert job "${job}"?`, ...notes].join(' ');
  // A message leaves the screen after a while, and whoever reads the diff needs longer.
  const chosen = await Promise.race([window.showInformationMessage(question, APPLY), pressed]);
  if (chosen === APPLY) await apply(job, files);
  // An editor of several files cannot be told from others, so it stays, and its texts with it.
  if (others.length > 0) return;
  await closeDiff(first.after);
  texts.forget(first.after);
}

/** All files or none: one that has changed since would get edits that do not fit. */
async function apply(job: string, files: readonly ConvertedFile[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const { uri, version, edits } of files) {
    const target = Uri.parse(uri);
    const document = await workspace.openTextDocument(target);
    if (version !== null && document.version !== version) {
      void window.showWarningMessage(`${target.path} has changed since the preview; nothing was applied.`);
      return;
    }
    for (const { range, newText } of edits) {
      const { start, end } = range;
      edit.replace(target, new Range(start.line, start.character, end.line, end.character), newText);
    }
  }
  if (!(await workspace.applyEdit(edit))) {
    void window.showWarningMessage(`Job "${job}" could not be converted: the editor refused the edit.`);
    return;
  }
  const [first] = files;
  if (first) await window.showTextDocument(Uri.parse(first.uri));
}

async function closeDiff(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all.flatMap(group => group.tabs);
  const ours = tabs.filter(
    ({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === uri.toString(),
  );
  await window.tabGroups.close(ours);
}
