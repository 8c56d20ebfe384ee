/** Turns what the core says, with offsets, into the types of the Language Server Protocol, with positions. */
import {
  type ChangeAnnotation,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Range as LspRange,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range, ReportedFinding } from '../analysis/index.js';
import type { Severity } from '../model/finding.js';
import type { FileEdit } from '../model/intent.js';
import type { ClientFeatures } from './features.js';

/** The files of one project as the editor knows them; paths are those of the project. */
export interface Places {
  uriOf(path: string): string;
  /** The text of a file with its lines; `undefined` when the project does not hold it. */
  document(path: string): TextDocument | undefined;
  /** Version of an open document, `null` for a file that is not open. */
  version(path: string): number | null;
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Rules whose finding means that the whole thing is out of use. */
const DEPRECATIONS: readonly string[] = ['kaniko-archived'];

const ANNOTATION = 'drydock';

export function toRange({ path, start, end }: Range, places: Places): LspRange {
  const document = places.document(path);
  const nowhere = { line: 0, character: 0 };
  return document
    ? { start: document.positionAt(start), end: document.positionAt(end) }
    : { start: nowhere, end: nowhere };
}

export function toDiagnostic(finding: ReportedFinding, places: Places, client: ClientFeatures): Diagnostic {
  const { rule, severity, message, related } = finding;
  const diagnostic: Diagnostic = {
    range: toRange(finding, places),
    severity: SEVERITIES[severity],
    source: 'drydock',
    code: rule,
    message,
  };
  if (client.codeDescription) diagnostic.codeDescription = { href: `${client.rulePageBase}${rule}` };
  if (client.deprecatedTag && DEPRECATIONS.includes(rule)) diagnostic.tags = [DiagnosticTag.Deprecated];
  if (client.relatedInformation && related.length > 0) {
    diagnostic.relatedInformation = related.map(place => ({
      location: { uri: places.uriOf(place.path), range: toRange(place, places) },
      message: place.message,
    }));
  }
  return diagnostic;
}

/**
 * One edit of the workspace. Where the client can, edits name the versions they are made for, and those of files
 * other than `home` say so. They ask for no confirmation: VS Code would show the second file unticked, and the
 * author who then presses "Apply" would get half a fix.
 * @param about said of all edits, in place of that
 */
export function toWorkspaceEdit(
  edits: readonly FileEdit[],
  home: string,
  places: Places,
  client: ClientFeatures,
  about?: ChangeAnnotation,
): WorkspaceEdit {
  if (!client.documentChanges) {
    return {
      changes: Object.fromEntries(edits.map(file => [places.uriOf(file.path), textEdits(file, places)])),
    };
  }
  const annotation = about ?? (otherPaths(edits, home).length > 0 ? otherFiles(edits, home) : undefined);
  const annotate = client.changeAnnotations && annotation !== undefined;
  const isAnnotated = (path: string): boolean => annotate && (about !== undefined || path !== home);
  const documentChanges = edits.map(
    (file): TextDocumentEdit => ({
      textDocument: { uri: places.uriOf(file.path), version: places.version(file.path) },
      edits: textEdits(file, places).map(edit =>
        isAnnotated(file.path) ? { ...edit, annotationId: ANNOTATION } : edit,
      ),
    }),
  );
  if (!annotate) return { documentChanges };
  return { documentChanges, changeAnnotations: { [ANNOTATION]: annotation } };
}

/** Paths of the files that an edit changes beside `home`. */
export function otherPaths(edits: readonly FileEdit[], home: string): readonly string[] {
  return edits.map(file => file.path).filter(path => path !== home);
}

function otherFiles(edits: readonly FileEdit[], home: string): ChangeAnnotation {
  return {
    label: `Also change ${otherPaths(edits, home).join(', ')}`,
    description: 'The fix needs both files to change.',
    needsConfirmation: false,
  };
}

/** The edits of one file with positions. */
export function textEdits({ path, edits }: FileEdit, places: Places): TextEdit[] {
  return edits.map(({ start, end, newText }) => ({ range: toRange({ path, start, end }, places), newText }));
}
