/** Answers for what the editor shows beside the text: lines above jobs, the document of all jobs, the effective job, the status. */
import type { CodeLens } from 'vscode-languageserver';
import type { JobLine, JobRow, Range, Showing } from '../analysis/index.js';
import type { AllJobsResult, EffectiveJobResult, FileStatusResult, Position } from './messages.js';
import type { Root } from './root.js';
import type { Located } from './workspace.js';

/** A code lens for each line that the core has for a job of an open document. */
export function lensesOf({ root, path }: Located): CodeLens[] {
  const document = root.document(path);
  if (!root.enabled || !root.settings.codeLens || !document) return [];
  const project = root.current();
  if (project.dialectOf(path) === undefined) return [];
  const { lensCommand } = root.client;
  return project.lines(path).flatMap(({ start, end, texts }) => {
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const args = [root.uriOf(path), range.start];
    const command = lensCommand === undefined ? { command: '' } : { command: lensCommand, arguments: args };
    return texts.map(title => ({ range, command: { title, ...command } }));
  });
}

export function allJobsOf(root: Root, showing: Showing): AllJobsResult | null {
  return root.enabled ? { markdown: root.current().overview(showing) } : null;
}

/** What turns a line of a job into text with a comment; the functions of the core, which is loaded elsewhere. */
export interface JobWriter {
  jobLines(row: JobRow): readonly JobLine[];
  jobComment(line: JobLine, where: (range: Range) => string): string | undefined;
}

export function effectiveJobOf(
  { root, path }: Located,
  position: Position,
  { jobLines, jobComment }: JobWriter,
): EffectiveJobResult | null {
  const document = root.document(path);
  const row = document && root.enabled ? root.current().jobAt(path, document.offsetAt(position)) : undefined;
  if (!row) return null;
  const lines: string[] = ['# As GitLab hands it to the runner.'];
  const links: EffectiveJobResult['links'][number][] = [];
  for (const line of jobLines(row)) {
    const comment = jobComment(line, range => placeOf(range, root));
    const text = comment === undefined ? line.text : `${line.text}  # ${comment}`;
    const range = line.from?.range;
    if (range && comment !== undefined) {
      const end = { line: lines.length, character: text.length };
      const start = { ...end, character: text.length - placeOf(range, root).length };
      links.push({ start, end, target: `${root.uriOf(range.path)}#L${lineOf(range, root) + 1}` });
    }
    lines.push(text);
  }
  return { job: row.job.name, text: `${lines.join('\n')}\n`, links };
}

function placeOf(range: Range, root: Root): string {
  return `${range.path}:${lineOf(range, root) + 1}`;
}

function lineOf({ path, start }: Range, root: Root): number {
  return root.document(path)?.positionAt(start).line ?? 0;
}

export function fileStatusOf({ root, path }: Located): FileStatusResult | null {
  if (!root.enabled) return null;
  const { dialect, label, explanation, choices } = root.current().status(path);
  return { ours: dialect !== undefined, label, explanation, choices };
}
