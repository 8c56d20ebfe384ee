/** Code actions: the fixes of findings, a comment that ignores one, all safe fixes at once, and conversions of jobs. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Range as LspRange,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckedFile, ReportedFinding, ReportedFix } from '../analysis/index.js';
import type { FileEdit } from '../model/intent.js';
import { conversionActions } from './conversions.js';
import { FIX_ALL } from './features.js';
import { otherPaths, toDiagnostic, toWorkspaceEdit } from './to-lsp.js';
import type { Located } from './workspace.js';

/** The actions for a range of an open document; none where the file is not ours. */
export function codeActions({ root, path }: Located, { range, context }: CodeActionParams): CodeAction[] {
  if (!root.enabled || !root.client.codeActions) return [];
  const asked = (kind: string) =>
    context.only === undefined || context.only.some(only => isWithin(kind, only));
  const project = root.current();
  const document = root.document(path);
  const file = project.check().find(each => each.path === path);
  if (!document || !file) return [];
  const actions: CodeAction[] = [];
  if (asked(CodeActionKind.QuickFix)) {
    const here = file.findings.filter(finding => touches(finding, document, range));
    const diagnosticOf = (finding: ReportedFinding) => attached(finding, root, context.diagnostics);
    actions.push(...fixActions(here, { root, path }, diagnosticOf));
    actions.push(...ignoreActions(here, { root, path }, file, document, diagnosticOf));
  }
  if (asked(CodeActionKind.RefactorRewrite)) actions.push(...conversionActions({ root, path }, range));
  // To know all fixes of a file is dear, and editors ask for it on their own when they want it.
  if (context.only && asked(FIX_ALL)) {
    const all = project.fixAll(path);
    if (all.edits.length > 0) actions.push(fixAllAction(all, { root, path }));
  }
  return actions;
}

/** `source` holds `source.fixAll`, which holds `source.fixAll.drydock`. */
function isWithin(kind: string, asked: string): boolean {
  return asked === '' || kind === asked || kind.startsWith(`${asked}.`);
}

function touches(finding: ReportedFinding, document: TextDocument, range: LspRange): boolean {
  return finding.start <= document.offsetAt(range.end) && finding.end >= document.offsetAt(range.start);
}

/** The client's own diagnostic for a finding, so that it knows which one an action mends; else ours. */
function attached(finding: ReportedFinding, root: Located['root'], given: readonly Diagnostic[]): Diagnostic {
  const own = toDiagnostic(finding, root, root.client);
  const same = given.find(
    each => each.code === own.code && JSON.stringify(each.range) === JSON.stringify(own.range),
  );
  return same ?? own;
}

type DiagnosticOf = (finding: ReportedFinding) => Diagnostic;

/** One action a fix; two findings that offer the same share it. */
function fixActions(
  findings: readonly ReportedFinding[],
  place: Located,
  diagnosticOf: DiagnosticOf,
): CodeAction[] {
  const byContent = new Map<string, CodeAction>();
  for (const finding of findings) {
    for (const fix of finding.fixes()) {
      const content = JSON.stringify([fix.title, fix.edits]);
      const known = byContent.get(content);
      if (known) known.diagnostics?.push(diagnosticOf(finding));
      else byContent.set(content, fixAction(fix, place, diagnosticOf(finding)));
    }
  }
  return [...byContent.values()];
}

function fixAction(
  { title, preferred, edits }: ReportedFix,
  place: Located,
  diagnostic: Diagnostic,
): CodeAction {
  const others = otherPaths(edits, place.path);
  const own = edits.some(({ path }) => path === place.path);
  const action: CodeAction = {
    title: others.length === 0 ? title : `${title} (${own ? 'also changes' : 'in'} ${others.join(', ')})`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: toWorkspaceEdit(edits, place.path, place.root, place.root.client),
  };
  return preferred ? { ...action, isPreferred: true } : action;
}

function fixAllAction(edit: FileEdit, { root, path }: Located): CodeAction {
  return {
    title: 'Fix all that Drydock can fix safely',
    kind: FIX_ALL,
    edit: toWorkspaceEdit([edit], path, root, root.client),
  };
}

/** One action for each rule and line, in the order of the findings. */
function ignoreActions(
  findings: readonly ReportedFinding[],
  { root, path }: Located,
  file: CheckedFile,
  document: TextDocument,
  diagnosticOf: DiagnosticOf,
): CodeAction[] {
  const byRule = new Map<string, CodeAction>();
  for (const finding of findings) {
    const edit = ignoreEdit(finding, document, markAt(file, document, finding.start));
    // A comment does not make a wrong entry right.
    if (!edit || file.dialect === 'drydock-config') continue;
    const id = `${finding.rule} ${edit.start}`;
    if (byRule.has(id)) continue;
    byRule.set(id, {
      title: `Ignore ${finding.rule} here with a comment`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnosticOf(finding)],
      edit: toWorkspaceEdit([{ path, edits: [edit] }], path, root, root.client),
    });
  }
  return [...byRule.values()];
}

/** Groovy has slashes, but the scripts and pods in its long strings have not. */
function markAt({ dialect }: CheckedFile, document: TextDocument, offset: number): string {
  const before = document.getText().slice(0, offset);
  const inside = ["'''", '"""'].some(quotes => before.split(quotes).length % 2 === 0);
  return dialect === 'jenkinsfile' && !inside ? '//' : '#';
}

/** A comment on a line of its own above the finding, as far to the right as the line below. */
function ignoreEdit({ rule, start }: ReportedFinding, document: TextDocument, mark: string) {
  if (rule.startsWith('ignore-')) return undefined;
  const { line } = document.positionAt(start);
  const textOf = (number: number) =>
    document.getText({ start: { line: number, character: 0 }, end: { line: number + 1, character: 0 } });
  // A comment after a line that goes on would cut a shell command in two.
  if (line > 0 && /\\\s*$/.test(textOf(line - 1))) return undefined;
  const text = textOf(line);
  const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
  const end = text.endsWith('\r\n') ? '\r\n' : '\n';
  const offset = document.offsetAt({ line, character: 0 });
  const newText = `${indent}${mark} drydock-ignore: ${rule} -- explain why${end}`;
  return { start: offset, end: offset, newText };
}
