/** Turns what a fix wants into edits of files, through the dialects that know how to write them. */
import type { OutsideVariables } from '../dialects/dialect.js';
import type { Finding, FixView } from '../model/finding.js';
import { type FileEdit, type Intent, placeOfIntent } from '../model/intent.js';
import type { TextEdit } from '../syntax/patch.js';
import type { ReportedFix } from './api.js';
import { writeParts } from './embedded.js';
import { type FileState, unitOf } from './file-state.js';

/** The fixes of a finding that can be written; those that a dialect refuses are left out. */
export function fixesOf(
  finding: Finding,
  view: FixView,
  files: ReadonlyMap<string, FileState>,
  variables: OutsideVariables,
): readonly ReportedFix[] {
  return finding.fixes(view).flatMap(plan => {
    const edits = writeIntents(plan.intents, files, variables);
    return typeof edits !== 'string' && edits.some(file => file.edits.length > 0)
      ? [{ title: plan.title, safety: plan.safety, preferred: plan.preferred ?? false, edits }]
      : [];
  });
}

/** The edits that carry out all intents together, or why one of them cannot be written. */
export function writeIntents(
  intents: readonly Intent[],
  files: ReadonlyMap<string, FileState>,
  variables: OutsideVariables,
): readonly FileEdit[] | string {
  const byPath = new Map<string, Intent[]>();
  for (const intent of intents) {
    const { path } = placeOfIntent(intent);
    byPath.set(path, [...(byPath.get(path) ?? []), intent]);
  }
  const edits: FileEdit[] = [];
  for (const [path, own] of byPath) {
    const file = files.get(path);
    const unit = file && unitOf(file, variables);
    const written = unit && file.dialect && writeParts(file.dialect, unit, own);
    if (!written) return `${path} is not there any more`;
    if ('refused' in written) return written.refused;
    edits.push(...written.edits.filter(one => one.edits.length > 0));
  }
  return edits;
}

/** The safe edits of one document: every safe fix that touches it alone and fits beside those before it. */
export function combineSafe(path: string, fixes: Iterable<readonly ReportedFix[]>): FileEdit {
  const taken: TextEdit[] = [];
  for (const offered of fixes) {
    const fix = offered.find(one => one.safety === 'safe' && one.edits.every(edit => edit.path === path));
    const edits = fix?.edits.flatMap(edit => edit.edits) ?? [];
    if (edits.length > 0 && edits.every(edit => taken.every(other => apart(edit, other))))
      taken.push(...edits);
  }
  return { path, edits: taken.sort((a, b) => a.start - b.start) };
}

function apart(a: TextEdit, b: TextEdit): boolean {
  return a.end < b.start || b.end < a.start;
}
