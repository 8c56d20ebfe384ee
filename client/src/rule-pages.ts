/** The bundled page of each rule, and the links that lead to it from diagnostics and hovers. */
import { commands, type Diagnostic, type ExtensionContext, type Hover, MarkdownString, Uri } from 'vscode';
import { RULE_PAGE_BASE } from '../../server/src/lsp/messages.js';

export const OPEN_RULE_PAGE = 'drydock.openRulePage';

const RULE = /^[a-z0-9-]+$/;
const LINK = new RegExp(`\\(${RULE_PAGE_BASE}([a-z0-9-]+)\\)`, 'g');

/** Shows the page of a rule as Markdown preview; does nothing when `rule` is not the id of one. */
export async function openRulePage({ extensionUri }: ExtensionContext, rule: unknown): Promise<void> {
  if (typeof rule !== 'string' || !RULE.test(rule)) return;
  await commands.executeCommand('markdown.showPreview', rulePageUri(extensionUri, rule));
}

/**
 * Makes the links of diagnostics lead to the bundled pages. They are no command links: VS Code 1.139
 * runs none from a diagnostic, though 1.100 does. That the pages open as preview is said by `workbench.editorAssociations` in the manifest.
 */
export function linkDiagnostics(
  { extensionUri }: ExtensionContext,
  diagnostics: readonly Diagnostic[],
): void {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if (typeof code !== 'object' || !code.target.toString().startsWith(RULE_PAGE_BASE)) continue;
    diagnostic.code = { value: code.value, target: rulePageUri(extensionUri, String(code.value)) };
  }
}

/** Makes the links of a hover to rule pages run the command that shows them. */
export function linkHover(hover: Hover): void {
  for (const content of hover.contents) {
    if (!(content instanceof MarkdownString)) continue;
    content.value = content.value.replace(LINK, (_, rule: string) => {
      return `(command:${OPEN_RULE_PAGE}?${encodeURIComponent(JSON.stringify([rule]))})`;
    });
  }
}

/** Where the page of a rule lies in the extension. */
export function rulePageUri(extensionUri: Uri, rule: string): Uri {
  return Uri.joinPath(extensionUri, 'docs', 'rules', `${rule}.md`);
}
