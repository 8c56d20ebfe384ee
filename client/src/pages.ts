/** The bundled pages of rules and strategies, and the links that lead to them from diagnostics and hovers. */
import { commands, type Diagnostic, type ExtensionContext, type Hover, MarkdownString, Uri } from 'vscode';
import { RULE_PAGE_BASE, STRATEGY_PAGE_BASE } from '../../server/src/lsp/messages.js';

export const OPEN_PAGE = 'drydock.openPage';

type Folder = 'rules' | 'strategies';

const FOLDERS: readonly (readonly [Folder, string])[] = [
  ['rules', RULE_PAGE_BASE],
  ['strategies', STRATEGY_PAGE_BASE],
];

const ID = /^[a-z0-9-]+$/;

/** Shows the page of a rule or strategy as Markdown preview; does nothing for arguments that no link of ours has. */
export async function openPage(
  { extensionUri }: ExtensionContext,
  folder: unknown,
  id: unknown,
): Promise<void> {
  const known = FOLDERS.find(([name]) => name === folder)?.[0];
  if (!known || typeof id !== 'string' || !ID.test(id)) return;
  await commands.executeCommand('markdown.showPreview', pageUri(extensionUri, known, id));
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
    diagnostic.code = { value: code.value, target: pageUri(extensionUri, 'rules', String(code.value)) };
  }
}

/** Makes the links of a hover to such pages run the command that shows them. */
export function linkHover(hover: Hover): void {
  for (const content of hover.contents) {
    if (!(content instanceof MarkdownString)) continue;
    for (const [folder, base] of FOLDERS)
      content.value = content.value.replace(new RegExp(`\\(${base}([a-z0-9-]+)\\)`, 'g'), (_, id: string) => {
        return `(command:${OPEN_PAGE}?${encodeURIComponent(JSON.stringify([folder, id]))})`;
      });
  }
}

/** Where the page lies that an address of ours names; `undefined` for other addresses. */
export function pageAt(extensionUri: Uri, address: string): Uri | undefined {
  const found = FOLDERS.find(([, base]) => address.startsWith(base));
  return found && pageUri(extensionUri, found[0], address.slice(found[1].length));
}

/** Where a page lies in the extension. */
function pageUri(extensionUri: Uri, folder: Folder, id: string): Uri {
  return Uri.joinPath(extensionUri, 'docs', folder, `${id}.md`);
}
