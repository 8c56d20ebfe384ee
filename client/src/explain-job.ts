/** Shows the hover of a job, picture and all, when the line above it is clicked. */
import { commands, Range, Uri, window } from 'vscode';
import type { Position } from '../../server/src/lsp/messages.js';

export const EXPLAIN_JOB = 'drydock.explainJob';

/** Does nothing for arguments that are not those of a code lens. */
export async function explainJob(uri: unknown, position: unknown): Promise<void> {
  if (typeof uri !== 'string' || typeof position !== 'object' || position === null) return;
  const { line, character } = position as Position;
  const selection = new Range(line, character, line, character);
  await window.showTextDocument(Uri.parse(uri), { selection });
  await commands.executeCommand('editor.action.showHover');
}
