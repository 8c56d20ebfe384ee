/** `drydock check`: finds what is wrong, puts right what it is told to, and reports the rest. */
import { type RuleTexts, ruleInfos } from '../analysis/index.js';
import type { CheckOptions } from './arguments.js';
import { checkGithub } from './check-github.js';
import { checkGitlab } from './check-gitlab.js';
import { checkJson } from './check-json.js';
import { checkSarif } from './check-sarif.js';
import { checkText, counted } from './check-text.js';
import { unifiedDiff } from './diff.js';
import { type FileReport, fileReports, NOT_RECOGNISED, type Summary, summarise } from './findings.js';
import { type Fixed, fixAll } from './fix.js';
import { type CliIo, complain, exitCode, type Sink } from './io.js';
import { type Loaded, load } from './load.js';
import { createPaint, plain } from './paint.js';
import { withBom } from './read.js';
import { programVersion } from './version.js';
import { reason } from './walk.js';
import { replaceFile } from './write.js';

const DEFAULT_WIDTH = 140;
const NARROWEST = 60;

/** Returns the exit code. */
export async function check(options: CheckOptions, io: CliIo): Promise<number> {
  const loaded = await load(options, io);
  const fixed = options.fix === undefined ? undefined : fixAll(loaded.projects, options.fix);
  const files = fileReports(loaded.projects);
  const summary = summarise(files);
  const printsText = fixed !== undefined && !options.diff && options.paths.includes('-');
  if (options.diff && fixed) io.stdout.write(await unifiedDiff(fixed.changed));
  if (printsText) io.stdout.write(stdinText(loaded));
  const unwritten = fixed && !options.diff ? await writeAll(fixed) : [];
  report(options, files, summary, options.diff || printsText ? io.stderr : io.stdout, io);
  if (fixed && !options.diff && options.format === 'text') tellFixed(fixed, io);
  const unread = files.flatMap(file => file.unread ?? []);
  for (const problem of [...loaded.problems, ...unwritten, ...unread]) complain(io, problem);
  tellOddities(options, files, loaded, io);
  if (loaded.faults.size > 0) return exitCode.internal;
  if (loaded.problems.length + unwritten.length + unread.length > 0) return exitCode.usage;
  return fails(summary, options.failOn) ? exitCode.findings : exitCode.clean;
}

function fails({ error, warning, info }: Summary, failOn: CheckOptions['failOn']): boolean {
  switch (failOn) {
    case 'error':
      return error > 0;
    case 'warning':
      return error + warning > 0;
    case 'info':
      return error + warning + info > 0;
    case 'never':
      return false;
  }
}

function report(
  { format }: CheckOptions,
  files: readonly FileReport[],
  summary: Summary,
  to: Sink,
  io: CliIo,
): void {
  const texts = io.data('rule-texts') as RuleTexts | undefined;
  switch (format) {
    case 'json':
      to.write(checkJson(files, summary));
      return;
    case 'sarif':
      to.write(checkSarif(files, ruleInfos(texts), programVersion()));
      return;
    case 'gitlab':
      to.write(checkGitlab(files));
      return;
    case 'github':
      to.write(checkGithub(files));
      return;
    case 'text': {
      // Colours are judged by standard output alone.
      const paint = to === io.stdout ? createPaint(io) : plain;
      const width = Math.max(NARROWEST, Math.min(io.columns ?? DEFAULT_WIDTH, DEFAULT_WIDTH));
      to.write(checkText(files, summary, { paint, width }, texts));
    }
  }
}

/** The text of standard input as it is after the fixes. */
function stdinText({ projects }: Loaded): string | Uint8Array {
  for (const { files, project } of projects) {
    const file = [...files.values()].find(one => one.absolute === undefined);
    if (file) return file.bytes ?? withBom(project.text(file.path) ?? '', file.bom);
  }
  return '';
}

/** Returns one line for each file that could not be written. */
async function writeAll({ changed }: Fixed): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { file, shown, after } of changed) {
    if (file.absolute === undefined) continue;
    try {
      await replaceFile(file.absolute, withBom(after, file.bom));
    } catch (error) {
      problems.push(`${shown}: not written: ${reason(error)}`);
    }
  }
  return problems;
}

function tellFixed({ fixes, changed }: Fixed, io: CliIo): void {
  if (fixes === 0) return;
  complain(io, `made ${counted(fixes, 'fix', 'fixes')} in ${counted(changed.length, 'file')}`);
}

function tellOddities(options: CheckOptions, files: readonly FileReport[], loaded: Loaded, io: CliIo): void {
  for (const { path, skipped } of files) {
    if (skipped === NOT_RECOGNISED) complain(io, `${path}: not recognised; say what it is with --as`);
  }
  if (files.length === 0 && loaded.problems.length === 0)
    complain(io, `no file that Drydock knows in ${options.paths.join(', ')}`);
  for (const fault of loaded.faults) complain(io, `internal error: ${fault}`);
}
