/** What the client can do, in the words of the server, and what the server offers. */
import {
  CodeActionKind,
  DiagnosticTag,
  type InitializeParams,
  MarkupKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { type InitializationOptions, RULE_PAGE_BASE, type Theme } from './messages.js';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.drydock`;

export interface ClientFeatures {
  readonly configuration: boolean;
  readonly folderChanges: boolean;
  /** Settings and files are reported when they change only if the server may register for it. */
  readonly watchConfiguration: boolean;
  readonly watchFiles: boolean;
  readonly codeActions: boolean;
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
  readonly markdown: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly deprecatedTag: boolean;
  readonly filePort: boolean;
  readonly conversionPreview: boolean;
  /** Edits of code actions may come when one is chosen. */
  readonly resolvesEdits: boolean;
  readonly codeLensRefresh: boolean;
  /** New files are made by edits. */
  readonly createFiles: boolean;
  readonly lensCommand: string | undefined;
  /** The client tells when it is another one. */
  theme: Theme | undefined;
  readonly rulePageBase: string;
  readonly strategyPageBase: string | undefined;
}

export function clientFeatures({ capabilities, initializationOptions }: InitializeParams): ClientFeatures {
  const { workspace, textDocument } = capabilities;
  const diagnostics = textDocument?.publishDiagnostics;
  const options: InitializationOptions = initializationOptions ?? {};
  return {
    configuration: workspace?.configuration === true,
    folderChanges: workspace?.workspaceFolders === true,
    watchConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    codeActions: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    markdown: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    relatedInformation: diagnostics?.relatedInformation === true,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    deprecatedTag: diagnostics?.tagSupport?.valueSet.includes(DiagnosticTag.Deprecated) === true,
    filePort: options.filePort === true,
    conversionPreview: options.conversionPreview === true,
    resolvesEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    createFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    lensCommand: typeof options.lensCommand === 'string' ? options.lensCommand : undefined,
    theme: themeOf(options.theme),
    strategyPageBase: typeof options.strategyPageBase === 'string' ? options.strategyPageBase : undefined,
    rulePageBase: typeof options.rulePageBase === 'string' ? options.rulePageBase : RULE_PAGE_BASE,
  };
}

const THEMES: readonly Theme[] = ['light', 'dark', 'high-contrast', 'high-contrast-light'];

/** Whatever a client says becomes a theme or nothing. */
export function themeOf(value: unknown): Theme | undefined {
  return THEMES.find(theme => theme === value);
}

/** Folders of the workspace, also from clients that know only of one. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  if (workspaceFolders) return workspaceFolders.map(folder => folder.uri);
  return rootUri ? [rootUri] : [];
}

export const serverCapabilities: ServerCapabilities = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  codeLensProvider: {},
  codeActionProvider: {
    codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL],
    resolveProvider: true,
  },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
