/** Makes fixes in the texts that are held in memory, over and over until none is left to make. */
import { applyEdits, type Project, type ReportedFix, type TextEdit } from '../analysis/index.js';
import type { Safety } from '../model/finding.js';
import { chosenFix, coverage } from './findings.js';
import type { InputFile, LoadedProject } from './project-files.js';

/** A file whose text is no longer the one that was read. */
export interface ChangedFile {
  readonly file: InputFile;
  /** From the current folder. */
  readonly shown: string;
  /** Without byte order mark, as is the text before. */
  readonly after: string;
}

export interface Fixed {
  /** How many fixes were made. */
  readonly fixes: number;
  /** Sorted by path. */
  readonly changed: readonly ChangedFile[];
}

/** One fix may lay bare another finding; rules that undo each other's work must still come to an end. */
const MAX_ROUNDS = 10;

/** Afterwards the projects hold the new texts. */
export function fixAll(projects: readonly LoadedProject[], safety: Safety): Fixed {
  let fixes = 0;
  for (const loaded of projects) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const made = fixOnce(loaded, safety);
      if (made === 0) break;
      fixes += made;
    }
  }
  const changed = projects.flatMap(changesIn).sort((a, b) => (a.shown < b.shown ? -1 : 1));
  return { fixes, changed };
}

/** Makes every fix that does not touch what another one edits; the rest waits for the next round. */
function fixOnce({ project, files }: LoadedProject, safety: Safety): number {
  const covers = coverage(files);
  const edits = new Map<string, TextEdit[]>();
  let made = 0;
  for (const { path, findings } of project.check()) {
    if (files.get(path)?.reported !== true) continue;
    for (const finding of findings) {
      const fix = chosenFix(finding, safety, covers);
      if (fix === undefined || !changesText(fix, project) || !fits(fix, edits)) continue;
      for (const edit of fix.edits) edits.set(edit.path, [...(edits.get(edit.path) ?? []), ...edit.edits]);
      made++;
    }
  }
  for (const [path, list] of edits) project.setFile(path, applyEdits(project.text(path) ?? '', list));
  return made;
}

function changesText(fix: ReportedFix, project: Project): boolean {
  return fix.edits.some(({ path, edits }) =>
    edits.some(({ start, end, newText }) => project.text(path)?.slice(start, end) !== newText),
  );
}

function fits(fix: ReportedFix, taken: ReadonlyMap<string, readonly TextEdit[]>): boolean {
  return fix.edits.every(({ path, edits }) =>
    (taken.get(path) ?? []).every(other =>
      edits.every(edit => edit.end < other.start || other.end < edit.start),
    ),
  );
}

function changesIn({ project, files, shown }: LoadedProject): readonly ChangedFile[] {
  return [...files.values()].flatMap(file => {
    const after = project.text(file.path);
    const changed = file.skipped === undefined && after !== undefined && after !== file.text;
    return changed ? [{ file, shown: shown(file.path), after }] : [];
  });
}
