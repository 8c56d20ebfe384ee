/** Gathers what `check` reports, from all projects, in the order of the report. */
import type { CheckedFile, ReportedFinding, ReportedFix } from '../analysis/index.js';
import type { DialectId } from '../model/build-site.js';
import type { Safety, Severity } from '../model/finding.js';
import type { InputFile, LoadedProject } from './project-files.js';
import { link, type Sources, sourcesOf } from './sources.js';

export interface FileReport {
  /** From the current folder. */
  readonly path: string;
  /** `null` when a named file is nothing that we know. */
  readonly dialect: DialectId | null;
  readonly findings: readonly ReportedFinding[];
  readonly skipped?: string;
  /** One line on the place from which on the text is no YAML. */
  readonly unread?: string;
  readonly sources: Sources;
  /** Whether `--fix` may make a fix: all that it edits was named or found. */
  readonly covers: (fix: ReportedFix) => boolean;
}

export interface Summary {
  readonly files: number;
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

export const NOT_RECOGNISED = 'not recognised';

export function fileReports(projects: readonly LoadedProject[]): readonly FileReport[] {
  return projects.flatMap(reportsOf).sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function summarise(files: readonly FileReport[]): Summary {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of files.flatMap(file => file.findings)) counts[severity]++;
  return { files: files.length, ...counts };
}

/** The fix to make for a finding, of those as safe as asked for: the one that most want, else the first. */
export function chosenFix(
  finding: ReportedFinding,
  safety: Safety,
  covers: (fix: ReportedFix) => boolean,
): ReportedFix | undefined {
  const allowed = finding
    .fixes()
    .filter(fix => (safety === 'unsafe' || fix.safety === 'safe') && covers(fix));
  return allowed.find(fix => fix.preferred) ?? allowed[0];
}

/** Whether all that a fix edits is reported on, and can be read in full. */
export function coverage(files: ReadonlyMap<string, InputFile>): (fix: ReportedFix) => boolean {
  return fix =>
    fix.edits.every(({ path }) => {
      const file = files.get(path);
      return file?.reported === true && file.skipped === undefined;
    });
}

function reportsOf(loaded: LoadedProject): readonly FileReport[] {
  const sources = sourcesOf(loaded);
  const covers = coverage(loaded.files);
  const checked = new Map(loaded.project.check().map(file => [file.path, file]));
  return [...loaded.files.values()].flatMap(input => {
    const own = checked.get(input.path);
    const result = input.reported ? outcome(input, own) : undefined;
    if (result === undefined) return [];
    const unread = own?.broken && unreadLine(own.broken, input.path, sources);
    const path = loaded.shown(input.path);
    return [{ ...result, ...(unread === undefined ? {} : { unread }), path, sources, covers }];
  });
}

function unreadLine(broken: NonNullable<CheckedFile['broken']>, path: string, sources: Sources): string {
  const at = link(sources.locate({ path, start: broken.at, end: broken.at }));
  const [reason = ''] = broken.message.split('\n');
  return `${at}: this is no YAML, so what it touches is not checked: ${reason.replace(/:$/, '')}`;
}

/** `undefined` for a file that was come across and is none of ours. */
function outcome(
  input: InputFile,
  checked: CheckedFile | undefined,
): Pick<FileReport, 'dialect' | 'findings' | 'skipped'> | undefined {
  if (checked === undefined && !input.named) return undefined;
  const dialect = checked?.dialect ?? null;
  if (input.skipped !== undefined) return { dialect, findings: [], skipped: input.skipped };
  if (checked === undefined) return { dialect, findings: [], skipped: NOT_RECOGNISED };
  return { ...checked, findings: checked.findings.map(remembering) };
}

/** Fixes are worked out when asked for, and a report asks for them more than once. */
function remembering(finding: ReportedFinding): ReportedFinding {
  let known: readonly ReportedFix[] | undefined;
  const fixes = () => {
    known ??= finding.fixes();
    return known;
  };
  return { ...finding, fixes };
}
