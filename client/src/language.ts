/** Gives runner configurations their language, which no file name can tell. */
import { languages, type TextDocument } from 'vscode';
import { hasTomlName, isRunner } from './recognise.js';

/** Changes plain text into `gitlab-runner-toml` if its name and content are a runner's; `toml` is left alone. */
export async function setRunnerLanguage(document: TextDocument): Promise<void> {
  if (document.languageId !== 'plaintext' || !hasTomlName(document) || !isRunner(document)) return;
  await languages.setTextDocumentLanguage(document, 'gitlab-runner-toml');
}
